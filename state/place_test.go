package state_test

import (
	"strings"
	"testing"

	"kiraform/state"
)

func TestAddress(t *testing.T) {
	for _, c := range []struct{ name, base, want string }{
		{"case and a slash at the end do not count", "HTTPS://API.Balampay.com/Sandbox/", "https://api.balampay.com/sandbox"},
		{"the root has no path", "https://api.balampay.com/", "https://api.balampay.com"},
		{"/sandbox and / are two places", "https://api.balampay.com/sandbox", "https://api.balampay.com/sandbox"},
		{"a path is cleaned", "https://api.balampay.com/sandbox/../", "https://api.balampay.com"},
		{"a dot at the end of a host does not count", "https://api.balampay.com./sandbox", "https://api.balampay.com/sandbox"},
		{"the port of the scheme does not count", "https://api.balampay.com:443", "https://api.balampay.com"},
		{"another port does", "http://127.0.0.1:8787/sandbox", "http://127.0.0.1:8787/sandbox"},
		{"localhost is this machine", "http://localhost:8787/sandbox", "http://127.0.0.1:8787/sandbox"},
		{"so is ::1", "http://[::1]:8787/sandbox", "http://127.0.0.1:8787/sandbox"},
		{"another address in brackets keeps them", "http://[2001:DB8::1]/sandbox", "http://[2001:db8::1]/sandbox"},
		{"capitals are this machine too", "http://LOCALHOST:8787/sandbox", "http://127.0.0.1:8787/sandbox"},
		{"an escape stays one", "https://api.balampay.com/sandbox%3F/v1", "https://api.balampay.com/sandbox%3f/v1"},
		{"a query and a user are no part of a place", "http://u:p@localhost:1/sandbox?x=1", "http://127.0.0.1:1/sandbox"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got, err := state.Address(c.base); err != nil || got != c.want {
				t.Errorf("Address(%q) = %q, %v; want %q", c.base, got, err, c.want)
			}
		})
	}
	for _, wrong := range []string{"", "nonsense", "/sandbox", "http://", "localhost:8787"} {
		if got, err := state.Address(wrong); err == nil {
			t.Errorf("Address(%q) = %q, want an error", wrong, got)
		}
	}
}

func TestProduction(t *testing.T) {
	for _, c := range []struct {
		environment, address string
		leads, production    bool
	}{
		{"simulator", "", false, false},
		{"sandbox", "https://api.balampay.com/sandbox", false, false},
		{"sandbox", "https://api.balampay.com", true, true},
		{"sandbox", "https://api.balampay.com/sandbox/v1", true, true},
		{"sandbox", "https://api.balampay.com/sandboxes", true, true},
		{"sandbox", "https://api.balampay.com/sandbox%3f/v1", true, true},
		{"sandbox", "https://api.balampay.com/x%252fsandbox", true, true},
		{"sandbox", "https://api.balampay.com/%73andbox", true, true},
		{"sandbox", "https://api.kirafin.ai", true, true},
		{"sandbox", "https://kira.example/sandbox", false, false},
		{"sandbox", "http://127.0.0.1:8787/sandbox", false, false},
		{"sandbox", "http://127.0.0.1:8787", false, false},
		{"production", "http://127.0.0.1:8787", false, true},
		{"production", "https://api.balampay.com/sandbox", false, true},
		{"production", "https://api.balampay.com", true, true},
	} {
		p := state.Place{Environment: c.environment, Address: c.address}
		if p.LeadsToProduction() != c.leads || p.Production() != c.production {
			t.Errorf("%+v: leads to production %t, is production %t; want %t, %t", p, p.LeadsToProduction(), p.Production(), c.leads, c.production)
		}
	}
}

func TestAccountTellsClientsApart(t *testing.T) {
	const id = "51000000-0000-4000-8000-00000000000A"
	if got := state.Account(id); strings.Contains(got, "51000000") || got != state.Account(" "+strings.ToLower(id)) || got == state.Account(id[:35]+"b") {
		t.Errorf("Account(%q) = %q, want a digest that only another client changes", id, got)
	}
}
