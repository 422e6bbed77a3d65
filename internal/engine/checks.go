package engine

import (
	"slices"

	"github.com/hashicorp/hcl/v2"

	"kiraform/internal/addr"
	"kiraform/internal/config"
	"kiraform/internal/diag"
	"kiraform/internal/eval"
	"kiraform/internal/event"
	"kiraform/plan"
	"kiraform/schema/kinds"
)

// reviewedChecks are the check blocks as a review shows them.
func (pl *Proposal) reviewedChecks() (all []event.Check) {
	if pl.Destroys() || pl.Partial() {
		return nil
	}
	for _, o := range pl.project.program.CheckOutcomes(pl.Known) {
		c := event.Check{Addr: "check." + o.Name, Module: string(o.At), Name: o.Name, Status: "pass", File: o.Range.Filename, Line: o.Range.Start.Line}
		if c.Module != "" {
			c.Addr = c.Module + "." + c.Addr
		}
		if o.Open || pl.anyUnlooked(o.Needs) {
			c.Status = "unknown"
		}
		for _, d := range o.Diags {
			if c.Status = "error"; diag.CodeOf(d) == "check-failed" {
				c.Status = "fail"
			}
			c.Problems = append(c.Problems, event.Foreign(pl.project.secrets.Text(d.Detail)))
		}
		all = append(all, c)
	}
	return all
}

// openChecks returns those of which a plan does not know whether they hold, if it
// judges checks at all.
func (p *Project) openChecks(made *plan.Plan) []eval.CheckOutcome {
	if made.Partial() {
		return nil
	}
	return slices.DeleteFunc(p.program.CheckOutcomes(made.Known), func(o eval.CheckOutcome) bool { return !o.Open })
}

// anyUnlooked reports whether some of the objects at these addresses were not looked
// at by a run that does not look at everything.
func (s *Session) anyUnlooked(addrs []addr.Resource) bool {
	return s.looked != nil && slices.ContainsFunc(addrs, func(a addr.Resource) bool {
		k, ok := kinds.ByName(a.Kind)
		_, lives := s.was.Resources[a]
		return ok && !a.Data && k.Read != nil && lives && !s.looked[a]
	})
}

// failedChecks warns of the check blocks that do not hold, but for those of
// which the plan has warned.
func (p *Project) failedChecks(pl *Proposal, known map[string]bool) {
	if pl.Destroys() || pl.Partial() {
		return
	}
	for _, d := range p.program.Checks(pl.Known) {
		if !known[checkName(d)] {
			p.Emit(p.diagnostic(d))
		}
	}
}

// checksBefore names the checks that the plan has warned of.
func (p *Project) checksBefore(pl *Proposal) map[string]bool {
	known := make(map[string]bool)
	if pl.Destroys() || pl.Partial() {
		return known
	}
	for _, d := range p.program.Checks(pl.Known) {
		known[checkName(d)] = true
	}
	return known
}

func checkName(d *hcl.Diagnostic) string {
	at := ""
	if d.Subject != nil {
		at = config.Place(*d.Subject)
	}
	return at + " " + d.Detail
}
