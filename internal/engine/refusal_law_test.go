package engine_test

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"kiraform/internal/engine"
	"kiraform/internal/norace"
	"kiraform/internal/simulator"
)

// madeByRoute are the creates that the law is about: the end of the route, an attribute
// that a person corrects after a refusal, and whether nothing but a person's word ends one
// of which the outcome is not known.
var madeByRoute = []struct {
	route, from, to string
	person          bool
}{
	{"/v1/users", `"+525512345678"`, `"+525587654321"`, false},
	{"/v1/recipients", `"Ana"`, `"Anna"`, false},
	{"/v1/virtual-accounts", "", "", true},
	{"/liquidation-address", `"polygon"`, `"solana"`, true},
}

// refusing are bodies of an answer with a status that is no success. None of them is a
// refusal in Kira's own words, as its documentation and recordings have them.
func refusing(status int) map[string]string {
	all := map[string]string{
		"nothing":   ``,
		"{}":        `{}`,
		"null":      `null`,
		"a message": fmt.Sprintf(`{"message":%q}`, http.StatusText(status)),
		"a path":    fmt.Sprintf(`{"statusCode":%d,"error":%q,"message":"Cannot POST /v1/virtual-accounts/USER/ACCOUNT"}`, status, http.StatusText(status)),
		"a code":    fmt.Sprintf(`{"code":"gone_away","message":"Resource is no longer available","status":%d}`, status),
	}
	switch status { // in which those are Kira's words
	case 400, 422:
		delete(all, "a code")
		delete(all, "a path")
	case 403:
		delete(all, "a code")
	}
	return all
}

// Whichever status a create is answered with, carried out or not, unless Kira itself
// refuses it in its own words: in the end there is one object of each and no second one,
// whether the person applies the same or corrects it first.
func TestLawRefusalsThatProveNothing(t *testing.T) {
	if norace.Run(t, scratch) {
		return
	}
	src := liquidationExample(t) + strings.ReplaceAll(landlord, "kira_user.maria", "kira_user.owner") + one("ana", "ana") + `
resource "kira_virtual_account" "coins" {
  user_id = kira_user.ana.id
  type    = "US_BANK"
  bank    = "slovak_savings_bank"
  mode    = "crypto"
  destination = {
    currency = "USDC"
    network  = "solana"
    address  = "7EcDhSYGxXyscszYEp35KHN8vvw3svAuLKTzXwCFLtV"
  }
}
`
	rapid.Check(t, func(rt *rapid.T) {
		status := rapid.SampledFrom(statuses).Draw(rt, "status")
		name := rapid.SampledFrom(slices.Sorted(maps.Keys(refusing(status)))).Draw(rt, "body")
		m := rapid.SampledFrom(madeByRoute).Draw(rt, "request")
		carried := !turnsAway(status, name) && rapid.Bool().Draw(rt, "carried out")
		corrects := m.from != "" && rapid.Bool().Draw(rt, "corrected")
		next := src
		if corrects {
			next = strings.Replace(src, m.from, m.to, 1)
		}
		synctest.Test(t, func(t *testing.T) {
			doubted(t, fmt.Sprintf("POST %s answered %d with %s (carried out: %t, corrected: %t)", m.route, status, name, carried, corrects),
				src, next, m.route, status, refusing(status)[name], carried, m.person)
		})
	})
}

// statuses are all that a create may be answered with, other than a success.
var statuses = []int{302, 400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418, 421, 422, 423, 424, 425, 426, 428, 429,
	431, 444, 451, 499, 500, 501, 502, 503, 504, 505, 507, 511, 520, 599}

// turnsAway reports whether an answer is of the door before the application.
func turnsAway(status int, name string) bool {
	return status == 401 || status == 425 || status == 429 || status == 403 && name == "a message"
}

// doubted applies src with a wrong answer to the creates of a route, and then next.
func doubted(t *testing.T, said, src, next, route string, status int, body string, carried, person bool) {
	begun := false
	w := virtual(t, func(next http.RoundTripper) http.RoundTripper {
		return transport(func(r *http.Request) (*http.Response, error) {
			if !begun || r.Method != "POST" || !strings.HasSuffix(r.URL.Path, route) {
				return next.RoundTrip(r)
			}
			res := &http.Response{Request: r, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{"Date": {time.Now().UTC().Format(http.TimeFormat)}}}
			if carried {
				if _, err := next.RoundTrip(r); err != nil {
					return nil, err
				}
			}
			res.StatusCode, res.Status = status, fmt.Sprint(status)
			res.Body, res.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
			return res, nil
		})
	})
	w.watch.Allows(simulator.NeedlessSignIn, simulator.EarlyRetry, simulator.SecondObject)
	begun = true
	first, words, err := w.applied(t, src, engine.ApplyOptions{})
	if begun = false; err == nil && first.OK() {
		t.Errorf("%s: it is taken for done\n%s", said, words)
	}
	sum := first
	for range 5 {
		time.Sleep(3 * time.Minute) // a request may still be on its way
		if sum, words, err = w.applied(t, next, engine.ApplyOptions{}); err == nil && sum.OK() {
			break
		}
	}
	st := w.saved(t)
	if st == nil {
		t.Fatalf("%s: nothing is saved; %v\n%s", said, err, words)
	}
	live := len(w.sim.Users()) + len(w.sim.VirtualAccounts()) + len(w.sim.Recipients()) - len(st.Left) // a payee cannot be corrected: the one that was made is in the ledger
	stuck := err != nil || !sum.OK()
	if stuck && !(person && src != next && strings.Contains(words, "unanswered")) || !stuck && len(st.Resources) != 6 || len(st.Intents) > 0 && !stuck || live > 5 {
		t.Errorf("%s: the state has %d and Kira %d of 5, %d requests are open; %v\n%s", said, len(st.Resources), live, len(st.Intents), err, words)
	}
}
