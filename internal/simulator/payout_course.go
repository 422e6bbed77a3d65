package simulator

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// step implements [mover]: a payout is looked at, travels, and arrives or does
// not, in thirds of PayoutAfter.
func (p *payout) step(s *Server, at time.Time) time.Time {
	if p.ended() || s.PayoutAfter == 0 {
		return time.Time{}
	}
	course := s.payoutCourse()
	thirds := progress(p.Created, at, s.PayoutAfter, 0, 0)
	for _, status := range course[:min(thirds, len(course))] {
		if !p.was(status) {
			s.enter(p, status, at)
		}
	}
	if p.ended() {
		return time.Time{}
	}
	return p.Created.Add(s.PayoutAfter * time.Duration(thirds+1) / 3)
}

// payoutCourse is how a payout goes, after it was created.
func (s *Server) payoutCourse() []string {
	last := payoutCompleted
	if s.PayoutFails {
		last = payoutFailed
	}
	if s.PayoutReview {
		return []string{payoutInReview, payoutProcessing, last}
	}
	return []string{payoutProcessing, payoutProcessing, last}
}

func (p *payout) ended() bool {
	return slices.Contains([]string{payoutCompleted, payoutFailed, payoutCancelled}, p.Status)
}

func (p *payout) was(status string) bool {
	return slices.ContainsFunc(p.Events, func(e doc) bool { return e["status"] == status })
}

// enter gives a payout a status, and says so: in its audit trail, and by
// webhooks of both envelopes (documented.md 9.4).
func (s *Server) enter(p *payout, status string, at time.Time) { s.enterAs(p, status, status, at) }

// enterAs does the same where the event has another name than the status.
func (s *Server) enterAs(p *payout, status, event string, at time.Time) {
	before, key := p.Status, p.naturalKey()
	if before == "" { // its natural key is entered with its creation
		key = ""
	}
	p.Status = status
	if before != "" {
		s.world.holds(p.ID, key, p.naturalKey())
	}
	p.Events = append(p.Events, doc{"event_id": newUUID(), "status": status, "created_at": iso(at)})
	s.touch(change{Payout: p})
	if name := strings.ToLower(event); name != "in_review" { // of which no event is documented
		s.emit("payout."+name, doc{"payout_id": p.ID, "user_id": p.Owner, "virtual_account_id": p.Account,
			"recipient_id": p.Sent["recipient_id"], "amount": p.Sent["amount"], "currency": p.Sent["currency"], "status": status})
	}
	if before != "" {
		s.emit("payout.status_changed", doc{"payout_id": p.ID, "status": status, "previous_status": before})
	}
}

// SetPayoutStatus moves a payout, as only Kira and banks can. "RETURNED" is a
// payout that comes back after it was completed: its status is FAILED then.
func (s *Server) SetPayoutStatus(id, status string) error {
	defer s.send()
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.load(); err != nil {
		return err
	}
	p := s.world.payoutByID[id]
	event := strings.ToUpper(status)
	status = event
	if event == "RETURNED" {
		status = payoutFailed
	}
	switch {
	case p == nil:
		return fmt.Errorf("there is no payout %s", id)
	case !slices.Contains(payoutStatuses, status):
		return fmt.Errorf("%q is no status of a payout: %s or RETURNED", status, strings.Join(payoutStatuses, ", "))
	}
	s.enterAs(p, status, event, s.now())
	return s.save()
}

// Payouts returns every payout as it is stored, oldest first.
func (s *Server) Payouts() []map[string]any {
	return stored(s, func(w *world) []doc {
		all := make([]doc, len(w.Payouts))
		for i, p := range w.Payouts {
			all[i] = with(p.Sent, doc{"id": p.ID, "virtual_account_id": p.Account, "status": p.Status, "fee": p.Fee, "created_at": iso(p.Created)})
		}
		return all
	})
}

func (w *world) foldPayout(p *payout) {
	if old := w.payoutByID[p.ID]; old != nil {
		w.holds(p.ID, old.naturalKey(), p.naturalKey())
		*old = *p
		return
	}
	w.Payouts = append(w.Payouts, p)
	w.payoutByID[p.ID] = p
	w.moving = append(w.moving, p)
	w.holds(p.ID, "", p.naturalKey())
}
