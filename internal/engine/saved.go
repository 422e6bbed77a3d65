package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"kiraform/internal/planfile"
	"kiraform/internal/tell"
	"kiraform/internal/trust"
	"kiraform/plan"
	"kiraform/schema"
	"kiraform/state"
)

// Saved returns pl as a file, unless ctx ends. An apply of it waits for as long as wait
// for changes that have to happen at Kira.
func (pl *Proposal) Saved(ctx context.Context, wait time.Duration) (f planfile.File, err error) {
	p, o := pl.project, pl.options
	f = pl.commonFacts()
	if err := pl.tellAgain(ctx, toTell{facts: true, file: true}); err != nil {
		return f, err
	}
	f.Changes, f.Outputs = pl.told.facts, pl.savedOutputs(true)
	f.Planned, f.TurnedDown, f.Extra = p.planned, p.TurnedDown(), p.Extra()
	f.Options = planfile.Options{Destroy: o.Destroy, NoRefresh: o.NoRefresh, Targets: o.Targets, Exclude: o.Exclude, Replace: o.Replace,
		SamePerson: o.Same, GoneOK: o.GoneOK.String(), Force: o.Force}
	f.Triggered, f.OutputsTo = pl.savedDue(), tell.OutputChanges(pl.Outputs)
	f.Digest, f.Why = pl.Digest()
	f.Ended, f.Unproven = endedEvents(pl.Ended), trust.Unproven(p.schemas, pl.key, pl.Changes)
	f.Checks, f.Unchanged, f.Objects = pl.reviewedChecks(), pl.counts()[string(plan.NoOp)], pl.told.objects
	pl.finishFile(&f, wait)
	f.Personal = p.people(ctx, pl.Changes).All
	if ctx.Err() != nil {
		err = errGivenUp
	}
	return f, err
}

// finishFile adds to a saved plan everything that those of changes and of actions
// have alike.
func (pl *Proposal) finishFile(f *planfile.File, wait time.Duration) {
	p := pl.project
	f.Format, f.Version, f.ID, f.Saved, f.Given = planfile.Format, p.Version, uuid.NewString(), p.now().Round(0), p.given()
	f.Policies, f.Denied, f.Diagnostics = pl.policies, pl.Denied(), slices.Clone(p.said)
	f.Seen, f.Configuration = p.variableNodes(), p.quote.Configuration()
	if wait > 0 {
		f.Options.Wait = wait.String()
	}
	for _, in := range p.Policies {
		f.Options.Policies = append(f.Options.Policies, in.Name)
	}
}

// commonFacts are those parts of a saved plan that an apply of it has to come out with
// again, but for its changes and outputs.
func (pl *Proposal) commonFacts() planfile.File {
	return planfile.File{KeyID: pl.key.ID(), Place: pl.Place(), Lineage: pl.lineage(), State: pl.project.StateName, Bound: pl.bindings()}
}

// Check compares a saved plan with this one, which was made just now: see
// [planfile.File.Check].
func (pl *Proposal) Check(ctx context.Context, f *planfile.File) error {
	done := pl.State.Carried(f.ID)
	if f.Lineage == "" && done.IsZero() {
		done = pl.project.carriedBefore(ctx, f.ID)
	}
	if err := pl.tellAgain(ctx, toTell{facts: true}); err != nil {
		return err
	}
	now := pl.commonFacts()
	now.Changes, now.Outputs = pl.told.facts, pl.savedOutputs(false)
	return f.Check(&now, done)
}

// Encode writes f, a saved plan of pl, and signs it with the key of the state.
func (pl *Proposal) Encode(ctx context.Context, f *planfile.File) ([]byte, error) {
	return f.Encode(ctx, pl.key)
}

// lineage is that of the state on disk, or "" before there is one.
func (pl *Proposal) lineage() string {
	if pl.State.Serial == 0 {
		return ""
	}
	return pl.State.Lineage
}

// OptionsOf returns the options that a saved plan was made with.
func OptionsOf(f *planfile.File) (o PlanOptions, err error) {
	s := &f.Options
	o = PlanOptions{Destroy: s.Destroy, NoRefresh: s.NoRefresh, Force: s.Force, Place: f.Place, saved: f, Wait: s.Wait != "",
		Targets: s.Targets, Exclude: s.Exclude, Replace: s.Replace, Same: s.SamePerson}
	o.GoneOK, err = ParseGoneOK(s.GoneOK)
	return o, err
}

// fact is a change as a saved plan has it, but for how it is shown.
func (pl *Proposal) fact(c *plan.Change, w *written) planfile.Change {
	s := planfile.Change{
		Addr: w.Addr, From: movedFrom(c), Action: string(c.Action), ID: c.Prior.ID,
		Config: w.digest(), Sent: pl.key.Digest(c.Prior.Sent.Shown()), Live: pl.key.Digest(pl.writable(c)),
	}
	if final := pl.final(c); final != c.Action {
		s.Final = string(final)
	}
	for _, r := range c.Because {
		s.Paths = append(s.Paths, schema.PathString(r.Path))
	}
	for _, path := range c.Dropped {
		s.Paths = append(s.Paths, schema.PathString(path))
	}
	return s
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

// savedOutputs returns every output, sorted by name, with how it is shown if that is
// wanted.
func (pl *Proposal) savedOutputs(shown bool) (out []planfile.Output) {
	change := make(map[string]*plan.OutputChange)
	for i := range pl.Outputs {
		change[pl.Outputs[i].Name] = &pl.Outputs[i]
	}
	all := pl.told.outputs
	for _, name := range slices.Sorted(maps.Keys(all)) {
		_, written := all[name]["is written as"]
		o := planfile.Output{Name: name, Digest: pl.digestOf(all[name]), Changes: change[name] != nil && !written}
		if shown {
			o.Before, o.After = pl.outputSides(name, change[name])
		}
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
	for name, l := range pl.dueLeaves(pl.sources()) {
		all["the action "+name] = pl.digestOf(l)
	}
	for name, v := range p.Variables() {
		all[fmt.Sprintf("the variable %q", name)] = pl.digestOf(w.Variable(name, v))
	}
	return all
}

func (pl *Proposal) digestOf(l tell.Leaves) string { return digestOf(pl.key, l) }

// digestOf is the digest of l, and maybe of one more leaf, by its name and text.
func digestOf(key state.Key, l tell.Leaves, more ...string) string {
	attrs := make(map[string]cty.Value, len(l)+1)
	for path, text := range l {
		attrs[path] = cty.StringVal(text)
	}
	if len(more) > 0 {
		attrs[more[0]] = cty.StringVal(more[1])
	}
	return key.Digest(cty.MapVal(orEmpty(attrs)))
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
