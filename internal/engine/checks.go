package engine

import (
	"github.com/hashicorp/hcl/v2"

	"kiraform/internal/config"
)

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
