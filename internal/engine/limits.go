package engine

import (
	"fmt"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/event"
	"kiraform/plan"
	"kiraform/schema"
)

// Limits bound the effect of a plan.
type Limits struct {
	Allow []plan.Action // nil means everything; an action that is run is [event.Invoke]
	Force bool          // however many changes max_changes allows
	Rules bool          // rules may be turned down in production
	Extra bool          // unknown attributes may be sent in production

	Invoke bool // actions may be run in production without a person at a terminal
}

// Within reports as diagnostics where pl goes beyond its limits, before
// anything of it is carried out. It returns ErrReported if it does.
func (pl *Proposal) Within(l Limits) error {
	var forbidden []string
	for i := range pl.Changes {
		c := &pl.Changes[i]
		action := c.Action
		if action == plan.Gone { // is forgotten as well
			action = plan.Forget
		}
		if acts(c) && l.Allow != nil && !slices.Contains(l.Allow, action) {
			forbidden = append(forbidden, fmt.Sprintf("%s (%s)", c.Addr, c.Action))
		}
	}
	for _, t := range pl.due() {
		if !t.later && l.Allow != nil && !slices.Contains(l.Allow, plan.Action(event.Invoke)) {
			forbidden = append(forbidden, fmt.Sprintf("%s (%s)", t.action, event.Invoke))
		}
	}
	var err error
	if pl.Denied() { // which was said
		err = ErrReported
	}
	if len(forbidden) > 0 {
		err = ErrReported
		pl.project.Emit(event.Diagnostic{Severity: "error", Code: "action-not-allowed", Summary: "More than is allowed",
			Detail: fmt.Sprintf("This run may only %s, and the plan would do something else to %s. Nothing was sent. Allow it with -allow, or leave these out.",
				joined(l.Allow), strings.Join(forbidden, ", "))})
	}
	if d := pl.lenient(); d != nil && !l.Rules {
		err = ErrReported
		pl.project.Emit(*d)
	}
	if d := pl.beyond(); d != nil && !l.Extra {
		err = ErrReported
		pl.project.Emit(*d)
	}
	if d := pl.tooMany("error"); d != nil && !l.Force {
		err = ErrReported
		pl.project.Emit(*d)
	}
	return err
}

// Advise warns of limits that the apply of pl would run into.
func (pl *Proposal) Advise() {
	if d := pl.tooMany("warning"); d != nil {
		pl.project.Emit(*d)
	}
}

// lenient reports that rules are turned down for a run that changes something in
// production, or nil.
func (pl *Proposal) lenient() *event.Diagnostic {
	down := pl.project.TurnedDown()
	if len(down) == 0 || !pl.Place().Production() || !slices.ContainsFunc(pl.Changes, func(c plan.Change) bool { return acts(&c) }) {
		return nil
	}
	return &event.Diagnostic{Severity: "error", Code: "rules-not-allowed", Summary: "Rules are turned down",
		Detail: fmt.Sprintf("The configuration turns down %s, and this run is for production. Nothing was sent. Allow it with -allow=rules, "+
			"or apply a saved plan, or a plan by its digest, which say so in their first lines.", strings.Join(down, ", ")),
		Source: pl.project.quote.Source(pl.project.module.Kiraform.Rules.DefRange)}
}

// beyond reports that a run in production sends unknown attributes, or nil.
func (pl *Proposal) beyond() *event.Diagnostic {
	if !pl.Place().Production() {
		return nil
	}
	for i := range pl.Changes {
		c := &pl.Changes[i]
		name, sends := pl.sendsExtra(c)
		if !sends {
			continue
		}
		d := &event.Diagnostic{Severity: "error", Code: "extra-not-allowed", Addr: c.Addr.String(), Summary: "Unknown attributes",
			Detail: fmt.Sprintf("%s of %s has attributes that are unknown to kiraform, and this run is for production. Nothing was sent. Allow them with -allow=extra, "+
				"or apply a saved plan, or a plan by its digest, which name them in their first lines.", name, c.Addr)}
		if rng := pl.project.program.Locate(c.Addr, cty.GetAttrPath(name)); rng != nil {
			d.Source = pl.project.quote.Source(*rng)
		}
		return d
	}
	return nil
}

// sendsExtra reports whether a change sends unknown attributes, and returns the
// name of the attribute that holds them.
func (pl *Proposal) sendsExtra(c *plan.Change) (name string, sends bool) {
	k, ok := pl.project.schemas[c.Addr.Schema()]
	if !ok || k.Extra() == nil || !acts(c) || c.Config.IsNull() {
		return "", false
	}
	name = k.Extra().Name
	switch c.Action {
	case plan.Create, plan.Replace:
		return name, !schema.IsNull(schema.Member(c.Config, name))
	}
	return name, slices.ContainsFunc(c.Because, func(r plan.Reason) bool { return schema.Top(r.Path) == name })
}

// tooMany reports that pl touches more than max_changes allows, or nil.
func (pl *Proposal) tooMany(severity string) *event.Diagnostic {
	k, n := pl.project.module.Kiraform, 0
	for i := range pl.Changes {
		if acts(&pl.Changes[i]) {
			n++
		}
	}
	if k == nil || k.MaxChanges == nil || n <= *k.MaxChanges {
		return nil
	}
	return &event.Diagnostic{Severity: severity, Code: "too-many-changes", Summary: "Too many changes",
		Detail: fmt.Sprintf("The plan touches %d resources, and max_changes allows %d in one apply. Read the plan; "+
			"if you mean it, apply with -force, or apply a part of it with -target.", n, *k.MaxChanges),
		Source: pl.project.quote.Source(k.MaxRange)}
}

func acts(c *plan.Change) bool {
	return c.Action != plan.NoOp && c.Action != plan.Defer && c.Action != plan.Read
}

func joined(actions []plan.Action) string {
	var names []string
	for _, a := range actions {
		names = append(names, string(a))
	}
	if len(names) == 0 {
		return "look"
	}
	return strings.Join(names, ", ")
}
