package kinds

import (
	"context"
	"fmt"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/kira"
	"kiraform/internal/wire"
	"kiraform/schema"
)

// versionPin has no Read: no route is known that says which version an account
// is pinned to (documented 1.6).
var versionPin = Kind{
	Schema: &pinSchema,
	Create: pin,
	Update: pin, // repeating it is harmless, going back is refused (documented 1.6)
}

var pinSchema = schema.Kind{
	Name: "kira_version_pin",
	Doc: `The API version that an account is pinned to. There is one, it moves forward only, and it cannot be read or ` +
		`taken back.`,
	Example:  fmt.Sprintf("target_version = %q", kira.Version),
	Replace:  schema.ReplaceFreely,
	Identity: &schema.Identity{}, Known: [][]string{{"target_version"}},
	Distinct: &schema.Distinct{ID: "second-version-pin", Summary: "Only one version",
		Doc:    "An account is pinned to one version (brief, \"One-time setup\").",
		Detail: "%s pins the account already, and it has one version only. Keep one of them."},
	Rules: []schema.Rule{{ID: "version-untested", Check: versionUntested,
		Doc: "An account is pinned for every client of it, forward only (documented 1.6), and stays at the version of the brief until another one is tested (brief, last part)."}},
	Attrs: []schema.Attr{
		{Name: "target_version", Called: []string{"version"}, Type: cty.String, Required: true, Class: schema.Unreadable, Clear: true, Forward: true, Format: schema.Date,
			Doc: `The version, such as "2026-04-14" (brief).`},

		{Name: "id", Type: cty.String, Computed: true, Doc: `Always "version_pin": Kira gives none.`},
		{Name: "current_version", Type: cty.String, Computed: true, Doc: "The version after the last request (documented 1.6)."},
		{Name: "previous_version", Type: cty.String, Computed: true, Doc: "The version before it (documented 1.6)."},
	},
}

func versionUntested(v cty.Value, _ schema.Env) []schema.Problem {
	version := known(v, "target_version")
	if !schema.Date.Accepts(version) || version == kira.Version {
		return nil
	}
	return risk(path("target_version"), "version-untested", "A version that kiraform does not speak",
		fmt.Sprintf("kiraform speaks %s, and a pin holds for every client of the account and cannot be taken back. Write %q, "+
			"unless you have tested %s and your Kira contact knows of it.", kira.Version, kira.Version, version))
}

func pin(ctx context.Context, c Call) (Object, error) {
	body := wire.Encode(&pinSchema, c.Want, nil)
	answer, err := c.answer(ctx, kira.Request{Method: "POST", Path: "/v1/versioning/upgrade", Body: body, Note: c.Note})
	if err != nil {
		return Object{}, err
	}
	return constant(&pinSchema, "version_pin", answer), nil
}
