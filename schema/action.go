package schema

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/zclconf/go-cty/cty"
)

// Action is the schema of one kind of action: something that is done once, and
// that leaves no object to compare with the configuration.
type Action struct {
	Config Kind // of the arguments in its config block; its name is that of the action

	// Of names the attributes that tell one run of an action from another. Two
	// runs of which all of them are equal are one. The others never make an
	// action due again.
	Of []string

	Amounts []string // those of Of that are amounts of money, which are equal as numbers

	// KeyLife is for how long after it was made a request may go out again with
	// its key. 0 means never: Kira takes no key for it.
	KeyLife time.Duration

	Pays bool // it moves money
}

// Identity returns the attributes of config, which is known, that tell its run
// from others: equal identities are one run. Attributes that are not written
// are left out.
func (a *Action) Identity(config cty.Value) map[string]string {
	of := make(map[string]string)
	for _, name := range a.Of {
		v, _ := Member(config, name).UnmarkDeep()
		if v == cty.NilVal || v.IsNull() || !v.IsWhollyKnown() {
			continue
		}
		text := identityText(v)
		if slices.Contains(a.Amounts, name) {
			text = Amount(text)
		}
		if attr, ok := a.Config.Attr(name); ok && attr.Format == UUID {
			text = strings.ToLower(text)
		}
		of[name] = text
	}
	return of
}

// identityText writes a text as it is, and a map of texts by its sorted keys.
func identityText(v cty.Value) string {
	if v.Type() == cty.String {
		return v.AsString()
	}
	if !v.CanIterateElements() {
		return v.GoString()
	}
	members := v.AsValueMap()
	var parts []string
	for _, key := range slices.Sorted(maps.Keys(members)) {
		if !members[key].IsNull() {
			parts = append(parts, key+"="+identityText(members[key]))
		}
	}
	return strings.Join(parts, " ")
}

// Amount returns an amount of money in the form that all equal amounts have:
// "100", "0100.0" and "100.00" are "100.00". A text that is no decimal stays as
// it is.
func Amount(text string) string {
	whole, part, _ := strings.Cut(strings.TrimSpace(text), ".")
	if whole+part == "" || strings.Trim(whole+part, "0123456789") != "" {
		return text
	}
	whole = strings.TrimLeft(whole, "0")
	if whole == "" {
		whole = "0"
	}
	part = strings.TrimRight(part, "0")
	for len(part) < 2 {
		part += "0"
	}
	return whole + "." + part
}
