// Package personal gathers the personal values that a run comes across, so that they
// can be left out of a text.
//
// An attribute is personal by its name (see [event.PersonalSort]). A marked value is a
// secret and is never gathered, but for one that is written in a file: see
// [People.Text].
package personal

import (
	"maps"
	"regexp"
	"slices"
	"sync"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/eval"
	"kiraform/internal/event"
	"kiraform/plan"
	"kiraform/state"
)

// People gathers personal values, each once, in the order in which they come. Its zero
// value is ready for use.
type People struct {
	All  []event.Personal
	seen map[string]bool
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

// Values adds the values of all instances of all blocks. Those of which nothing was
// planned are evaluated by themselves.
func (in *People) Values(p plan.Program, known *eval.Values) {
	if known == nil {
		known = eval.NewValues()
	}
	for _, block := range p.Blocks().Nodes() {
		instances, _ := p.Expand(block, known) // its mistakes are for a plan to say
		for _, a := range instances {
			if v, set := known.Get(a); set {
				in.walk("", v)
			}
			r, _ := p.Eval(a, known)
			in.walk("", r.Config)
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
func (in *People) State(st *state.State) {
	if st == nil {
		return
	}
	for _, a := range st.Addrs() {
		in.walk("", st.Resources[a].Seen.Shown())
		in.walk("", st.Resources[a].Sent.Shown())
	}
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
