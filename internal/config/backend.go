package config

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"sync"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/diag"
)

// Backends are the types of backend blocks.
var Backends = []string{"postgres"}

// Backend is the backend block: where the state is kept, if that is not a file
// beside the configuration.
type Backend struct {
	Type      string        // one of [Backends]
	Workspace string        // the name of the state there; that of the workspace default
	Lease     time.Duration // how long the lock outlives a run that died; 0 if it is not written
	DefRange  hcl.Range

	// Mistake is the first mistake in the block, with its line; "" for none. With one
	// nobody knows the state that is meant, and another must not be taken for it.
	Mistake string
}

var (
	backendSchema = &hcl.BodySchema{Attributes: []hcl.AttributeSchema{{Name: "workspace"}, {Name: "lease"}}}
	backendName   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,89}$`) })
)

// Bounds of a lease: a run has to be able to renew it in time, and whoever comes
// after a run that died waits for its end.
const leastLease, mostLease = 2 * time.Second, time.Hour

func (k *Kiraform) addBackend(b *hcl.Block) (diags hcl.Diagnostics) {
	defer func() { k.Backend.Mistake = cmp.Or(k.Backend.Mistake, firstMistake(diags)) }()
	if k.Backend != nil {
		return hcl.Diagnostics{second(b, k.Backend.DefRange)}
	}
	k.Backend = &Backend{Type: b.Labels[0], Workspace: "default", DefRange: b.DefRange}
	if !slices.Contains(Backends, b.Labels[0]) {
		return hcl.Diagnostics{diag.Error("unknown-backend", &b.LabelRanges[0], "Unknown backend",
			"The state can be kept in a Postgres, or in a file beside the configuration. Write backend \"postgres\", or take the block away.")}
	}
	c, diags := content(b.Body, backendSchema)
	if v, ok := optional(c.Attributes, "workspace", cty.String, &diags); ok {
		rng := c.Attributes["workspace"].Expr.Range()
		if k.Backend.Workspace = v.AsString(); !backendName().MatchString(k.Backend.Workspace) {
			diags = append(diags, diag.Error("invalid-backend", &rng, "Invalid name",
				"%q is no name for a state. Write letters, digits, dots, dashes and underscores.", v.AsString()))
		}
	}
	if v, ok := optional(c.Attributes, "lease", cty.String, &diags); ok {
		rng := c.Attributes["lease"].Expr.Range()
		d, err := time.ParseDuration(v.AsString())
		if err != nil || d < leastLease || d > mostLease {
			diags = append(diags, diag.Error("invalid-backend", &rng, "Invalid lease",
				"%q is not a time from %v to %v. Write one such as \"1m\".", v.AsString(), leastLease, mostLease))
		}
		k.Backend.Lease = d
	}
	return diags
}

// firstMistake says the first error of diags and where it is; "" if there is none.
func firstMistake(diags hcl.Diagnostics) string {
	for _, d := range diags {
		if d.Severity != hcl.DiagError {
			continue
		}
		at := ""
		if d.Subject != nil {
			at = fmt.Sprintf("%s, line %d: ", d.Subject.Filename, d.Subject.Start.Line)
		}
		return at + d.Summary + ". " + d.Detail
	}
	return ""
}
