package simulator_test

import (
	"net/http"
	"strings"
	"testing"

	"kiraform/internal/simulator"
)

func TestJournal(t *testing.T) {
	var logged []string
	c := dial(t, &simulator.Server{Log: func(r *http.Request) { logged = append(logged, r.URL.Path) }})
	c.provokes(1, simulator.UnknownRoute)
	c.send("POST", "/sandbox/v1/users", maria, "Idempotency-Key", keyNumber(5))
	c.send("GET", "/v1/nowhere?limit=3", nil)
	c.send("GET", "/_admin/requests", nil)
	got := c.s.Requests()
	if len(got) != 3 || len(logged) != 4 {
		t.Fatalf("%d requests in the journal and %d logged, want 3 and 4", len(got), len(logged))
	}
	if r := got[1]; r.Method != "POST" || r.Path != "/v1/users" || r.Key != keyNumber(5) || r.Status != 201 || !r.Matched || len(r.Digest) != 64 {
		t.Errorf("the second is %+v", r)
	}
	if r := got[2]; r.Matched || r.Status != 403 || r.Query != "limit=3" || r.Digest != "" {
		t.Errorf("the third is %+v", r)
	}
	c.send("GET", "/_admin/requests?unmatched=1", nil).wantStatus(200).want("requests.0.path", "/v1/nowhere").want("requests.1", nil)
}

func TestAdmin(t *testing.T) {
	c := dial(t, &simulator.Server{})
	user := c.user(maria)
	c.send("POST", "/_admin/users/"+user+"/status", doc{"status": "VERIFIED"}).wantStatus(200)
	c.send("POST", "/_admin/users/"+user+"/status", doc{"status": "FINE"}).wantText(400, "CREATED, VERIFYING, REVIEW, VERIFIED, REJECTED")
	c.send("POST", "/_admin/users/"+user+"/status", "{").wantBody(400, `{"message":"want {\"status\":\"VERIFIED\",\"reasons\":[]}"}`)
	account := c.send("POST", accounts, actAccount(user)).wantStatus(201).text("id")
	c.send("POST", "/_admin/virtual-accounts/"+account+"/activate", nil).wantStatus(200)
	c.send("GET", accounts+"/"+account+"/balance", nil).wantStatus(200)
	c.send("POST", "/_admin/virtual-accounts/"+account+"/close", nil).wantStatus(200)
	c.send("GET", accounts+"/"+account, nil).wantStatus(200).want("status", "deactivated")
	c.send("POST", "/_admin/virtual-accounts/"+account+"/decline", nil).wantStatus(200)
	c.send("GET", accounts+"/"+account, nil).wantStatus(200).want("status", "declined")
	c.send("POST", "/_admin/virtual-accounts/"+clientID+"/activate", nil).wantText(400, "there is no virtual account")
	c.send("POST", "/_admin/objects/"+account+"/lose", nil).wantStatus(200)
	c.send("GET", accounts+"/"+account, nil).wantStatus(404)
	c.send("POST", "/_admin/objects/"+account+"/lose", nil).wantText(400, "there is no object")
	c.send("GET", "/_admin/world", nil).wantStatus(200).want("users.0.sent.source_of_funds", "salary")

	c.send("POST", "/_admin/faults", doc{"rules": []any{doc{"kind": "bad-gateway", "times": 1}}}).wantStatus(200)
	c.send("POST", "/_admin/faults", doc{"rules": []any{doc{"kind": "bad-gatway"}}}).wantStatus(400) // and not no fault at all
	c.send("POST", "/_admin/faults", doc{"rulez": []any{}}).wantStatus(400)
	c.send("POST", "/_admin/faults", "{").wantBody(400, `{"message":"want {\"seed\":1,\"rules\":[{\"kind\":\"drop-after\",\"every\":3}]}"}`)
	c.send("GET", "/v1/users", nil).wantStatus(502)
	c.send("GET", "/v1/users", nil).wantStatus(200)

	c.send("POST", "/_admin/reset", nil).wantStatus(200)
	if len(c.s.Users()) != 0 || len(c.s.Requests()) != 0 {
		t.Error("a reset left something")
	}
	c.send("GET", "/_admin/nothing", nil).wantText(404, "GET /_admin/ lists them")
	index := c.send("GET", "/_admin/", nil).wantStatus(200)
	for _, route := range []string{"/_admin/requests", "/_admin/users/*/status", "/_admin/faults", "/_admin/reset", "/_admin/world"} {
		if !strings.Contains(string(index.raw), route) {
			t.Errorf("%s is not listed", route)
		}
	}
}
