package simulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// adminRoutes are for work that only Kira's people, or a test, can do. They
// need no credentials.
var adminRoutes = []struct {
	method, path, does string
	handle             func(*Server, adminCall) answer
}{
	{"GET", "/requests", "the journal of requests; ?unmatched=1 shows only those without a route", (*Server).adminRequests},
	{"GET", "/misbehaviour", "what clients did wrong, and how many entries came after the list was full", (*Server).adminMisbehaviour},
	{"DELETE", "/misbehaviour", "empties that list", (*Server).adminForget},
	{"GET", "/world", "everything that is stored", (*Server).adminWorld},
	{"POST", "/reset", "forgets everything", (*Server).adminReset},
	{"POST", "/faults", "replaces the fault rules: " + faultsBody, (*Server).adminFaults},
	{"POST", "/events", "sends a webhook: " + eventBody, (*Server).adminEvent},
	{"POST", "/users/*/status", "moves a user: " + statusBody, (*Server).adminStatus},
	{"POST", "/objects/*/lose", "makes an object disappear, with all that belongs to it", (*Server).adminLose},
	{"POST", "/payouts/*/status", "moves a payout: " + payoutBody, (*Server).adminPayout},
	{"POST", "/virtual-accounts/*/activate", "makes an account ready for use", (*Server).adminActivate},
	{"POST", "/virtual-accounts/*/decline", "ends an account that could not be provisioned", (*Server).adminDecline},
	{"POST", "/virtual-accounts/*/close", "deactivates an account", (*Server).adminClose},
}

// The bodies of these routes.
const (
	faultsBody = `{"seed":1,"rules":[{"kind":"drop-after","every":3}]}`
	eventBody  = `{"event":"payout.status_changed","data":{}}`
	statusBody = `{"status":"VERIFIED","reasons":[]}`
	payoutBody = `{"status":"COMPLETED"}`
)

// An adminCall is one request below /_admin.
type adminCall struct {
	r    *http.Request
	id   string
	body []byte
}

func (s *Server) admin(r *http.Request, path string, body []byte) answer {
	if r.Method == http.MethodGet && (path == "" || path == "/") {
		return adminIndex()
	}
	for _, rt := range adminRoutes {
		if vars, hit := fits(rt.path, path); hit && rt.method == r.Method {
			return rt.handle(s, adminCall{r, strings.Join(vars, ""), body})
		}
	}
	return message(http.StatusNotFound, "no such route; GET /_admin/ lists them")
}

func adminIndex() answer {
	list := []doc{}
	for _, rt := range adminRoutes {
		list = append(list, doc{"method": rt.method, "path": "/_admin" + rt.path, "does": rt.does})
	}
	return ok(doc{"routes": list})
}

func (s *Server) adminRequests(c adminCall) answer {
	shown := []Request{}
	for _, r := range s.Requests() {
		if c.r.URL.Query().Get("unmatched") == "" || !r.Matched {
			shown = append(shown, r)
		}
	}
	return ok(doc{"requests": shown})
}

func (s *Server) adminWorld(adminCall) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.load(); err != nil {
		return s.excuse(err)
	}
	ans := ok(s.world)
	ans.seal() // while nothing changes it
	return ans
}

func (s *Server) adminReset(adminCall) answer {
	if err := s.Reset(); err != nil {
		return s.excuse(err)
	}
	return ok(doc{"message": "reset"})
}

func (s *Server) adminFaults(c adminCall) answer {
	var f Faults
	if json.Unmarshal(c.body, &f) != nil || f.Rules == nil {
		return want(faultsBody)
	}
	for _, rule := range f.Rules {
		if !slices.Contains(faultKinds, rule.Kind) {
			return want(fmt.Sprintf("one of the kinds %q, and not %q", faultKinds, rule.Kind))
		}
	}
	s.SetFaults(f)
	return ok(f)
}

func (s *Server) adminEvent(c adminCall) answer {
	var e struct {
		Event string `json:"event"`
		Data  doc    `json:"data"`
	}
	if json.Unmarshal(c.body, &e) != nil || e.Event == "" || e.Data == nil {
		return want(eventBody)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.load(); err != nil {
		return s.excuse(err)
	}
	if s.world.Hook == nil {
		return message(http.StatusConflict, "no webhook is registered")
	}
	s.emit(e.Event, e.Data)
	return ok(doc{"message": "sent"})
}

func (s *Server) adminStatus(c adminCall) answer {
	var to struct {
		Status  string   `json:"status"`
		Reasons []string `json:"reasons"`
	}
	if json.Unmarshal(c.body, &to) != nil {
		return want(statusBody)
	}
	return s.done(s.SetUserStatus(c.id, to.Status, to.Reasons...))
}

func (s *Server) adminPayout(c adminCall) answer {
	var to struct {
		Status string `json:"status"`
	}
	if json.Unmarshal(c.body, &to) != nil {
		return want(payoutBody)
	}
	return s.done(s.SetPayoutStatus(c.id, to.Status))
}

func (s *Server) adminLose(c adminCall) answer     { return s.done(s.Lose(c.id)) }
func (s *Server) adminActivate(c adminCall) answer { return s.done(s.ActivateAccount(c.id)) }
func (s *Server) adminClose(c adminCall) answer    { return s.done(s.CloseAccount(c.id)) }
func (s *Server) adminDecline(c adminCall) answer  { return s.done(s.DeclineAccount(c.id)) }

func (s *Server) done(err error) answer {
	if err != nil {
		return s.excuse(err)
	}
	return ok(doc{"message": "done"})
}

// want names the body that a request needs.
func want(body string) answer { return message(http.StatusBadRequest, "want "+body) }

// Reset forgets everything but the knobs, a world file that cannot be read
// included.
func (s *Server) Reset() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.world, s.worldErr = newWorld(), nil
	s.journal, s.faults, s.window, s.pending = nil, faultState{}, window{}, nil
	s.doubts, s.waits, s.callers = nil, nil, callers{}
	return s.compact()
}
