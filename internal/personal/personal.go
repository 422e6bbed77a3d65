// Package personal gathers the personal values that a run comes across, so that they
// can be left out of a text.
//
// An attribute is personal by its name (see [event.PersonalSort]). A marked value is a
// secret and is never gathered, but for one that is written in a file: see
// [People.Text].
package personal

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"sync"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/eval"
	"kiraform/internal/event"
	"kiraform/plan"
	"kiraform/schema"
	"kiraform/state"
)

// People gathers personal values, each once, in the order in which they come. Its zero
// value is ready for use.
type People struct {
	// Kinds has the kinds of resources by their names: of one that is known only those
	// attributes are looked at that may have personal values.
	Kinds map[string]*schema.Kind

	All   []event.Personal
	seen  map[string]bool
	names map[*schema.Kind][]string // see attrs
}

// literals finds the texts that are written for attributes, also in files that
// cannot be read whole.
var literals = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`"?([a-z][a-z0-9_]*)"?[ \t]*[=:][ \t]*"((?:[^"\\\n$%]|\\.)*)"`)
})

// Text adds the texts that a file has for attributes. A secret may be among them.
func (in *People) Text(src []byte) {
	for _, m := range literals().FindAllSubmatch(src, -1) {
		in.add(string(m[1]), string(m[2]))
	}
}

// Written returns the written object of a resource if that was evaluated already.
type Written func(a addr.Resource) (config cty.Value, ok bool)

// Values adds the values of all instances of all blocks. Those of which nothing was
// planned are evaluated by themselves. It ends early if ctx does.
func (in *People) Values(ctx context.Context, p plan.Program, known *eval.Values, written Written) {
	if known == nil {
		known = eval.NewValues()
	}
	for _, block := range p.Blocks().Nodes() {
		instances, _ := p.Expand(block, known) // its mistakes are for a plan to say
		for _, a := range instances {
			if ctx.Err() != nil {
				return
			}
			if v := known.GetLater(a); v != nil {
				in.object(a, v.Value, v.Member)
			}
			config, evaluated := written(a)
			if !evaluated {
				r, _ := p.Eval(a, known)
				config = r.Config
			}
			in.object(a, func() cty.Value { return config }, func(name string) cty.Value { return schema.Member(config, name) })
		}
	}
	outputs, _ := p.Outputs(known)
	for _, name := range slices.Sorted(maps.Keys(outputs)) {
		if out := outputs[name]; !out.Sensitive {
			in.walk(name, out.Value)
		}
	}
}

// State adds the values that a state has, which may be nil.
func (in *People) State(ctx context.Context, st *state.State) {
	if st == nil {
		return
	}
	for _, a := range st.Addrs() {
		if ctx.Err() != nil {
			return
		}
		o := st.Resources[a]
		in.object(a, o.Seen.Shown, o.Seen.Member)
		in.object(a, o.Sent.Shown, o.Sent.Member)
	}
}

// object adds the values of the attributes of a resource, by themselves if it is of a
// kind that is known.
func (in *People) object(a addr.Resource, whole func() cty.Value, member func(name string) cty.Value) {
	k := in.Kinds[a.Schema()]
	if k == nil {
		in.walk("", whole())
		return
	}
	for _, name := range in.attrs(k) {
		in.walk(name, member(name))
	}
}

// attrs returns the attributes of a kind that may have personal values, sorted.
func (in *People) attrs(k *schema.Kind) []string {
	names, done := in.names[k]
	if done {
		return names
	}
	for i := range k.Attrs {
		a := &k.Attrs[i]
		text := a.Nested == nil && !a.List && a.Type.IsPrimitiveType()
		if event.PersonalPart(a.Name) && (!text || event.PersonalSort(a.Name) != "") {
			names = append(names, a.Name)
		}
	}
	slices.Sort(names)
	if in.names == nil {
		in.names = make(map[*schema.Kind][]string)
	}
	in.names[k] = names
	return names
}

// walk adds the personal values below an attribute called name. A marked value is a
// secret.
func (in *People) walk(name string, v cty.Value) {
	if v == cty.NilVal || v.IsMarked() || state.IsSealed(v) || v.IsNull() || !v.IsKnown() {
		return
	}
	switch t := v.Type(); {
	case t == cty.String:
		in.add(name, v.AsString())
	case t.IsObjectType() || t.IsMapType():
		for key, e := range v.Elements() {
			k := key.AsString()
			if event.PersonalWhole(name) {
				k = name
			}
			if event.PersonalPart(k) {
				in.walk(k, e)
			}
		}
	case v.CanIterateElements():
		for _, e := range v.Elements() {
			in.walk(name, e)
		}
	}
}

func (in *People) add(name, value string) {
	if sort := event.PersonalSort(name); sort != "" && value != "" && !in.seen[value] {
		if in.seen == nil {
			in.seen = make(map[string]bool)
		}
		in.seen[value] = true
		in.All = append(in.All, event.Personal{Sort: sort, Value: event.Foreign(value)})
	}
}
