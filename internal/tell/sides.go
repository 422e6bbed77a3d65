package tell

import (
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/event"
	"kiraform/plan"
	"kiraform/schema"
	"kiraform/state"
)

// Sides shows both sides of an attribute of kind k that differs: the value that is
// written, and the one that Kira shows. The key is the one that the state was
// sealed with.
func Sides(c *plan.Change, k *schema.Kind, key state.Key, path cty.Path) (written, live event.Leaf) {
	a, v := place(k, path, c.Config)
	seen := cty.NullVal(cty.DynamicPseudoType)
	if there, ok := plan.Counterpart(k, key, c.Prior.Salt, c.Config, c.Prior.Seen, path); ok {
		seen = c.Prior.Seen.At(there).Shown()
	}
	return leaf(a, v), leafBeside(a, seen, v)
}

// place follows a path into the written value.
func place(k *schema.Kind, path cty.Path, written cty.Value) (*schema.Attr, cty.Value) {
	at := &schema.Attr{Nested: k.Attrs}
	for _, step := range path {
		if name, named := schema.StepName(step); named {
			at, written = sub(at, name), schema.Member(written, name)
			continue
		}
		bare, marks := written.Unmark()
		at, written = element(at), bare.Index(step.(cty.IndexStep).Key).WithMarks(marks)
	}
	return at, written
}
