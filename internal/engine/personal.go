package engine

import (
	"maps"
	"regexp"
	"slices"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/eval"
	"kiraform/internal/event"
	"kiraform/state"
)

// people gathers personal values, each once, in the order in which they come.
type people struct {
	all  []event.Personal
	seen map[string]bool
}

// Personal returns the personal values that the project has come across so far: in
// the state, at Kira, in data sources, in the values that are planned and in the texts
// of the files. A secret that is written in a file may be among them, so that they are
// for leaving out of a text only, and never kept.
func (p *Project) Personal() []event.Personal {
	if p.module == nil {
		return nil
	}
	in := p.people()
	for _, name := range slices.Sorted(maps.Keys(p.module.Files)) {
		for _, m := range literals.FindAllSubmatch(p.module.Files[name].Bytes, -1) {
			in.add(string(m[1]), string(m[2]))
		}
	}
	return in.all
}

// personal returns the personal values that may be kept: no secret is among them.
func (p *Project) personal() []event.Personal { return p.people().all }

func (p *Project) people() *people {
	in := &people{seen: make(map[string]bool)}
	if p.program.Program != nil {
		in.values(p, p.known)
	}
	if s := p.session; s != nil {
		for _, st := range []*state.State{s.State, s.was} {
			in.state(st)
		}
	}
	return in
}

// literals finds the texts that are written for attributes, also in files that
// cannot be read whole.
var literals = regexp.MustCompile(`"?([a-z][a-z0-9_]*)"?[ \t]*[=:][ \t]*"((?:[^"\\\n$%]|\\.)*)"`)

// values adds the values of all instances of all blocks. Those of which nothing was
// planned are evaluated by themselves.
func (in *people) values(p *Project, known *eval.Values) {
	if known == nil {
		known = eval.NewValues()
	}
	for _, block := range p.program.Blocks().Nodes() {
		instances, _ := p.program.Expand(block, known) // its mistakes are for a plan to say
		for _, a := range instances {
			if v, set := known.Get(a); set {
				in.walk("", v)
			}
			in.walk("", evaluated(p, a, known))
		}
	}
	outputs, _ := p.program.Outputs(known)
	for _, name := range slices.Sorted(maps.Keys(outputs)) {
		if out := outputs[name]; !out.Sensitive {
			in.walk(name, out.Value)
		}
	}
}

func evaluated(p *Project, a addr.Resource, known *eval.Values) cty.Value {
	r, _ := p.program.Eval(a, known)
	return r.Config
}

func (in *people) state(st *state.State) {
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
func (in *people) walk(name string, v cty.Value) {
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

func (in *people) add(name, value string) {
	if sort := event.PersonalSort(name); sort != "" && value != "" && !in.seen[value] {
		in.seen[value] = true
		in.all = append(in.all, event.Personal{Sort: sort, Value: event.Foreign(value)})
	}
}
