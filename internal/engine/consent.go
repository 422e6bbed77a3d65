package engine

import "kiraform/plan"

// enterConsents has the state keep consents to replacements until those are
// done, and drops the ones that the plan has no use for any more. It reports
// whether that changed the state. A resource that the plan leaves out keeps its
// consent.
func (pl *Proposal) enterConsents() (entered bool) {
	st := pl.State
	for i := range pl.Changes {
		c := &pl.Changes[i]
		has, kept := st.Consents[c.Addr]
		switch replaces := c.Action == plan.Replace || c.Action == plan.Defer; {
		case c.Consented && replaces && c.Prior.ID != "":
			if now := c.Consent(); !kept || !has.Equal(now) {
				st.Consents[c.Addr], entered = now, true
			}
		case kept:
			delete(st.Consents, c.Addr)
			entered = true
		}
	}
	return entered
}
