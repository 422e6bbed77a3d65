package engine

import (
	"cmp"
	"context"

	"kiraform/internal/addr"
	"kiraform/internal/event"
	"kiraform/schema"
	"kiraform/schema/kinds"
	"kiraform/state"
)

// payouts returns where the payouts stand that were made here and had not come to their
// end when a run saw them last. Those that have arrived since are left out.
func (s *Session) payouts(ctx context.Context, o PlanOptions, only []addr.Resource) (all []Status, err error) {
	for _, r := range s.State.AllRuns() {
		kind, known := kinds.ActionByName(r.Addr.Kind)
		r.Addr = routed(s.project.program.ActionMoves(), r.Addr)
		if !known || kind.Payment == nil || !r.OwnRun() || r.ID == "" || schema.AtItsEnd(r.Status) || !covers(only, r.Addr) {
			continue
		}
		st := Status{Addr: r.Addr, ID: r.ID, Status: r.Status, Standing: Waits, Waits: "Kira to complete it", Then: s.follow(r)}
		if !o.NoRefresh && s.conn.API != nil {
			p, err := kind.Payment(ctx, s.conn.call(r.ID))
			if ctx.Err() != nil {
				return all, ctx.Err()
			}
			st.Status = cmp.Or(p.Status, r.Status)
			if err != nil {
				st.Standing, st.Waits = Unknown, lastSeen
				s.project.Emit(event.Diagnostic{Severity: "warning", Code: "cannot-read", Addr: r.Addr.String(), Summary: "Cannot be read",
					Detail: s.project.secrets.Error(err).Error()})
			}
		}
		switch {
		case st.Status == schema.Arrived:
			continue
		case schema.AtItsEnd(st.Status):
			st.Standing = HasEnd
		}
		all = append(all, st)
	}
	return all, nil
}

// follow is the advice about a payout that is under way, in a sentence.
func (s *Session) follow(r state.Run) string {
	if s.project.program.BlockRange(r.Addr) == nil { // the action is not written any more
		return "To look after it: kiraform payouts show " + r.ID
	}
	return "To follow it to its end: kiraform apply -invoke=" + r.Addr.Shell() + " -wait=15m"
}
