package simulator

import (
	"strings"
)

// A route is one method and path that Kira answers. Everything else gets the
// gateway's misleading 403 (observed.md 1).
type route struct {
	method, pattern string // "*" in a pattern stands for one part of the path
	handle          func(*call) answer

	once bool // an Idempotency-Key is required (documented.md 1.5)
	open bool // needs no Bearer
	edge bool // lives on another stack, which does not echo X-Api-Version
}

func (s *Server) table() []route {
	t := []route{
		{method: "POST", pattern: "/auth", handle: (*call).auth, open: true, edge: true},
		{method: "POST", pattern: "/webhooks/register", handle: (*call).registerWebhook, edge: true},
		{method: "POST", pattern: "/v1/versioning/upgrade", handle: (*call).upgrade},
		{method: "GET", pattern: "/v1/countries", handle: (*call).countries},

		{method: "POST", pattern: "/v1/users", handle: (*call).createUser, once: true},
		{method: "GET", pattern: "/v1/users", handle: (*call).listUsers},
		{method: "GET", pattern: "/v1/users/*", handle: (*call).getUser},
		{method: "PUT", pattern: "/v1/users/*", handle: (*call).updateUser},
		{method: "POST", pattern: "/v1/users/*/verifications", handle: (*call).reverify, once: true},

		{method: "POST", pattern: "/v1/virtual-accounts", handle: (*call).createAccount, once: true},
		{method: "GET", pattern: "/v1/virtual-accounts", handle: (*call).listAccounts},
		{method: "GET", pattern: "/v1/virtual-accounts/deposits", handle: (*call).listAllDeposits},
		{method: "GET", pattern: "/v1/virtual-accounts/*", handle: (*call).getAccount},
		{method: "GET", pattern: "/v1/virtual-accounts/*/balance", handle: (*call).getBalance},
		{method: "GET", pattern: "/v1/virtual-accounts/*/deposits", handle: (*call).listDeposits},
		{method: "POST", pattern: "/v1/virtual-accounts/*/liquidation-address", handle: (*call).createLiquidation, once: true},
		{method: "GET", pattern: "/v1/virtual-accounts/*/liquidation-address", handle: (*call).listLiquidations},

		{method: "POST", pattern: "/v1/virtual-accounts/*/payout/preview", handle: (*call).previewPayout},
		{method: "POST", pattern: "/v1/virtual-accounts/*/payout", handle: (*call).createPayout, once: true},
		{method: "GET", pattern: "/v1/payouts", handle: (*call).listPayouts},
		{method: "GET", pattern: "/v1/payouts/*", handle: (*call).getPayout},

		{method: "POST", pattern: "/v1/recipients", handle: (*call).createRecipient, once: true},
		{method: "GET", pattern: "/v1/recipients", handle: (*call).listRecipients},
		{method: "GET", pattern: "/v1/recipients/*", handle: (*call).getRecipient},
	}
	if !s.production() {
		t = append(t, route{method: "POST", pattern: "/v1/virtual-accounts/*/simulate-deposit", handle: (*call).simulateDeposit})
	}
	return t
}

// match finds the route of a request and the parts of the path it leaves open.
func (s *Server) match(method, path string) (*route, []string) {
	if s.routes == nil {
		s.routes = s.table()
	}
	for i := range s.routes {
		if rt := &s.routes[i]; rt.method == method {
			if vars, ok := fits(rt.pattern, path); ok {
				return rt, vars
			}
		}
	}
	return nil, nil
}

func fits(pattern, path string) (vars []string, ok bool) {
	want, have := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(want) != len(have) {
		return nil, false
	}
	for i, part := range want {
		switch {
		case part == "*" && have[i] != "":
			vars = append(vars, have[i])
		case part != have[i]:
			return nil, false
		}
	}
	return vars, true
}
