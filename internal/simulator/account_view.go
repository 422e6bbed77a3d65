package simulator

import (
	"fmt"
	"net/http"
	"slices"
)

// status is in the vocabulary of 2026-04-14, which calls activating and active
// alike (brief).
func (a *account) status() string {
	switch {
	case a.Declined:
		return "declined"
	case a.Closed:
		return "deactivated"
	}
	return "approved"
}

// view is an account as POST and GET by id show it.
func (a *account) view() doc {
	v := doc{
		"id": a.ID, "user_id": a.text("user_id"), "type": a.text("type"), "mode": a.Mode, "status": a.status(),
		"bank": a.Bank, "provider": nil, "currency": "USD", "description": a.Sent["description"], "destination": nil,
		"account_number": nil, "routing_number": nil, "bank_name": nil, "payment_methods": nil,
		"created_at": iso(a.Created), "updated_at": iso(a.Updated),
	}
	if a.act() {
		v["provider"], v["account_number"] = "act", pendingNumber
	}
	if a.Mode == "crypto" {
		to := a.Sent["destination"].(doc)
		v["destination"], v["currency"] = to, to["currency"]
	} else {
		open := []doc{{"name": "WIRE", "status": "active"}, {"name": "ACH", "status": "active"}}
		v["payment_methods"] = doc{"inbound": open, "outbound": nil}
	}
	if a.Active {
		v["account_number"], v["routing_number"], v["bank_name"] = a.Number, a.Routing, "Simulated Bank"
		if a.act() {
			v["bank"] = nil // an active ACT account forgets its bank (brief)
		}
	}
	return v
}

// row is an account in a list, where provider and currency are null (brief).
func (a *account) row() doc {
	v := a.view()
	v["provider"], v["currency"] = nil, nil
	return v
}

func (a *account) event() doc {
	return doc{"id": a.ID, "virtual_account_id": a.ID, "user_id": a.text("user_id"), "status": a.status(), "created_at": iso(a.Created)}
}

// getAccount is GET /v1/virtual-accounts/{id}.
func (c *call) getAccount() answer {
	a, bad := c.account()
	if a == nil {
		return bad
	}
	c.look(a)
	return ok(a.view())
}

// account finds the account that the path names, or says why not.
func (c *call) account() (*account, answer) {
	id := c.vars[0]
	if !isUUID(id) {
		return nil, badID("virtual_account_id", "virtual account")
	}
	a := c.world.Accounts.byID[id]
	if a == nil {
		return nil, c.stamped(http.StatusNotFound, "Virtual account "+id+" not found")
	}
	return a, answer{}
}

// look counts a look at an account, which activates it if the simulator counts
// looks.
func (c *call) look(a *account) {
	if c.ActivateAfterReads > 0 && !a.Active {
		a.Reads++
		c.touch(change{Account: a})
		a.step(c.Server, c.at)
	}
}

// listAccounts is GET /v1/virtual-accounts, newest first.
func (c *call) listAccounts() answer {
	page, bad := c.page()
	if page == nil {
		return bad
	}
	q := c.r.URL.Query()
	rows := []doc{}
	for _, a := range slices.Backward(c.world.Accounts.all) {
		if wants(q.Get("user_id"), a.text("user_id")) && wants(q.Get("status"), a.status()) &&
			wants(q.Get("type"), a.text("type")) && wants(q.Get("mode"), a.Mode) && page.take() {
			c.look(a)
			rows = append(rows, a.row())
		}
	}
	return ok(page.envelope(rows))
}

// ActivateAccount makes an account ready for use at once, and fires the
// webhook of that.
func (s *Server) ActivateAccount(id string) error {
	return s.changeAccount(id, func(a *account) {
		if !a.Active {
			s.activate(a, s.now())
		}
	})
}

// CloseAccount deactivates an account, as only Kira can.
func (s *Server) CloseAccount(id string) error {
	return s.changeAccount(id, func(a *account) {
		s.world.holds(id, a.naturalKey(), "")
		a.Closed, a.Updated = true, s.now()
		s.touch(change{Account: a})
	})
}

// DeclineAccount ends an account that could not be provisioned, as only Kira can.
func (s *Server) DeclineAccount(id string) error {
	return s.changeAccount(id, func(a *account) {
		s.world.holds(id, a.naturalKey(), "")
		a.Closed, a.Declined, a.Updated = true, true, s.now()
		s.touch(change{Account: a})
	})
}

func (s *Server) changeAccount(id string, change func(*account)) error {
	defer s.send()
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.load(); err != nil {
		return err
	}
	a := s.world.Accounts.byID[id]
	if a == nil {
		return fmt.Errorf("there is no virtual account %s", id)
	}
	change(a)
	return s.save()
}
