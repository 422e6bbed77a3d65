package engine

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"kiraform/internal/addr"
	"kiraform/internal/event"
	"kiraform/internal/tell"
	"kiraform/plan"
	"kiraform/schema"
	"kiraform/state"
)

// SavedChange is one change of a saved plan: the change that it shows, and the
// facts that it rests on. Digests are keyed, and equal if their content is.
type SavedChange struct {
	Addr   string   `json:"address"`
	From   string   `json:"previous_address,omitempty"`
	Action string   `json:"action"`
	Final  string   `json:"final,omitempty"` // of a deferred change: the action it comes to once its gate opens
	ID     string   `json:"id,omitempty"`    // of the object that lives already
	Paths  []string `json:"paths,omitempty"` // of the attributes that change, or are no longer written
	Config string   `json:"config"`          // digest of the written object, and of its needs
	Sent   string   `json:"sent"`            // digest of the object that was sent last
	Live   string   `json:"live"`            // digest of the object as Kira shows it, without computed attributes

	Shown event.Planned `json:"shown"` // without the fields above
}

// event is how the change is shown.
func (c *SavedChange) event() event.Planned {
	e := c.Shown
	e.Addr, e.From, e.Action, e.ID = c.Addr, c.From, c.Action, c.ID
	return e
}

// SavedOutput is an output as it will be.
type SavedOutput struct {
	Name    string `json:"name"`
	Digest  string `json:"digest"`            // of its value or, if that is made of computed attributes, of how it is written
	Changes bool   `json:"changes,omitempty"` // its value is another one than before

	Before *event.Node `json:"before,omitempty"` // how it is shown, on both sides of the plan
	After  *event.Node `json:"after,omitempty"`
}

func (pl *Proposal) savedChanges() (out []SavedChange) {
	for i := range pl.Changes {
		if c := &pl.Changes[i]; c.Action != plan.NoOp || c.Moved != (addr.Resource{}) {
			out = append(out, pl.savedChange(c))
		}
	}
	return out
}

func (pl *Proposal) savedChange(c *plan.Change) SavedChange {
	s := SavedChange{
		Addr: c.Addr.String(), From: movedFrom(c), Action: string(c.Action), ID: c.Prior.ID,
		Config: pl.configDigest(c), Sent: pl.key.Digest(c.Prior.Sent.Shown()), Live: pl.key.Digest(pl.writable(c)),
		Shown: pl.planned(c),
	}
	s.Shown.Addr, s.Shown.From, s.Shown.Action, s.Shown.ID = "", "", "", ""
	if final := pl.final(c); final != c.Action {
		s.Final = string(final)
	}
	for _, r := range c.Because {
		s.Paths = append(s.Paths, plan.PathString(r.Path))
	}
	for _, path := range c.Dropped {
		s.Paths = append(s.Paths, plan.PathString(path))
	}
	return s
}

// configDigest covers the configuration: the values, sealed, or how they are
// written where they are not known; and the changes that have to be made first.
func (pl *Proposal) configDigest(c *plan.Change) string {
	k, ok := pl.project.schemas[c.Addr.Schema()]
	if !ok || c.Config.IsNull() {
		return pl.key.Digest(cty.EmptyTupleVal)
	}
	all := make(tell.Leaves)
	w, sealed := tell.LeafWriter{Key: pl.key, Addr: c.Addr.String()}, pl.sealed(k, c).Shown()
	w.Add(all, nil, sealed)
	pl.sources(w, all, c, slices.Sorted(maps.Keys(sealed.AsValueMap())))
	for _, n := range c.Needs {
		all["needs "+n.String()] = ""
	}
	return pl.digestOf(all)
}

// sealed is the written object, as it enters digests: [tell.LeafWriter] adds the
// address to each fingerprint.
func (pl *Proposal) sealed(k *schema.Kind, c *plan.Change) state.Sealed {
	return pl.key.Seal(k, "", c.Config)
}

// writable returns the attributes of the live object that can be written.
// Attributes that Kira itself sets may change at any time.
func (pl *Proposal) writable(c *plan.Change) cty.Value {
	k, ok := pl.project.schemas[c.Addr.Schema()]
	if !ok || c.Prior.Seen.IsZero() {
		return cty.NilVal
	}
	attrs := make(map[string]cty.Value)
	for i := range k.Attrs {
		if a := &k.Attrs[i]; !a.Computed {
			attrs[a.Name] = c.Prior.Seen.Member(a.Name)
		}
	}
	return cty.ObjectVal(attrs)
}

// savedOutputs returns every output, sorted by name.
func (pl *Proposal) savedOutputs() (out []SavedOutput) {
	change := make(map[string]*plan.OutputChange)
	for i := range pl.Outputs {
		change[pl.Outputs[i].Name] = &pl.Outputs[i]
	}
	all := pl.outputLeaves()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		_, written := all[name]["is written as"]
		o := SavedOutput{Name: name, Digest: pl.digestOf(all[name]), Changes: change[name] != nil && !written}
		o.Before, o.After = pl.outputSides(name, change[name])
		out = append(out, o)
	}
	return out
}

// bindings returns keyed digests of the facts that a plan rests on beside its
// changes, each by a name for people.
func (pl *Proposal) bindings() map[string]string {
	p, w := pl.project.program, tell.LeafWriter{Key: pl.key}
	settings := p.Provider()
	all := map[string]string{
		"the settings of the provider": pl.key.Digest(cty.TupleVal([]cty.Value{
			cty.StringVal(settings.APIVersion), cty.BoolVal(settings.OwnershipMarks), cty.StringVal(settings.EmailTag)})),
	}
	if down := p.TurnedDown(); down != nil {
		all["the rules that are turned down"] = pl.key.Digest(cty.StringVal(strings.Join(down, ", ")))
	}
	if extra := p.Extra(); extra != nil {
		all["the unknown attributes that are sent"] = pl.key.Digest(cty.StringVal(strings.Join(extra, ", ")))
	}
	for _, rule := range pl.project.policies {
		all[fmt.Sprintf("the policy %q", rule.Name)] = pl.key.Digest(cty.StringVal(rule.Digest))
	}
	for name, l := range pl.dueLeaves() {
		all["the action "+name] = pl.digestOf(l)
	}
	for name, v := range p.Variables() {
		all[fmt.Sprintf("the variable %q", name)] = pl.digestOf(w.Variable(name, v))
	}
	return all
}

func (pl *Proposal) digestOf(l tell.Leaves) string {
	attrs := make(map[string]cty.Value, len(l))
	for path, text := range l {
		attrs[path] = cty.StringVal(text)
	}
	return pl.key.Digest(cty.MapVal(orEmpty(attrs)))
}

// orEmpty is attrs with something in it.
func orEmpty(attrs map[string]cty.Value) map[string]cty.Value {
	if len(attrs) == 0 {
		attrs[""] = cty.StringVal("")
	}
	return attrs
}

// given returns the values that the command line gave to variables, without
// sensitive ones.
func (p *Project) given() (all map[string]json.RawMessage) {
	for _, v := range p.module.Variables {
		in, ok := p.inputs[v.Name]
		if !ok || v.Sensitive || v.Ephemeral || !p.fromArgs(in.From) || !in.Value.IsWhollyKnown() {
			continue
		}
		text, err := ctyjson.SimpleJSONValue{Value: in.Value}.MarshalJSON()
		if err != nil {
			panic(fmt.Sprintf("engine: var.%s does not marshal: %v", v.Name, err))
		}
		if all == nil {
			all = make(map[string]json.RawMessage)
		}
		all[v.Name] = text
	}
	return all
}

// NotSaved returns the variables whose values the command line gave and a saved plan
// does not hold, since they are sensitive or ephemeral, in the order of the configuration.
func (p *Project) NotSaved() (names []string) {
	for _, v := range p.module.Variables {
		if in, ok := p.inputs[v.Name]; ok && (v.Sensitive || v.Ephemeral) && p.fromArgs(in.From) {
			names = append(names, v.Name)
		}
	}
	return names
}

// fromArgs reports whether a value was given by -var or -var-file.
func (p *Project) fromArgs(from string) bool {
	for _, arg := range p.Vars {
		if arg.File != "" && arg.File == from || arg.Name != "" && from == "-var" {
			return true
		}
	}
	return false
}
