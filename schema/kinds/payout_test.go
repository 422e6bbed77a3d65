package kinds_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/kira"
	"kiraform/schema/kinds"
)

// answers is a Kira that gives the same answers, by method and path, and remembers
// the requests.
type answers struct {
	say  map[string]string
	sent []kira.Request
}

func (a *answers) Do(_ context.Context, r kira.Request, out any) error {
	a.sent = append(a.sent, r)
	text, ok := a.say[r.Method+" "+r.Path]
	if !ok {
		return fmt.Errorf("no answer to %s %s", r.Method, r.Path)
	}
	if rest, refused := strings.CutPrefix(text, "400 "); refused {
		return &kira.Error{Method: r.Method, Path: r.Path, Status: 400, Message: rest}
	}
	return json.Unmarshal([]byte(text), out)
}

func payoutKind(t *testing.T) *kinds.Action {
	t.Helper()
	k, ok := kinds.ActionByName("kira_payout")
	if !ok {
		t.Fatal("there is no kira_payout")
	}
	return k
}

// wanted is the configuration of a payout: all that is not given is null.
func wanted(k *kinds.Action, given map[string]cty.Value) cty.Value {
	attrs := make(map[string]cty.Value)
	for i := range k.Schema.Config.Attrs {
		a := &k.Schema.Config.Attrs[i]
		if attrs[a.Name] = cty.NullVal(a.CtyType()); given[a.Name] != cty.NilVal {
			attrs[a.Name] = given[a.Name]
		}
	}
	return cty.ObjectVal(attrs)
}

// The POST calls the id id and writes the status in small letters; GET calls it
// payout_id and writes it in capitals, and its audit trail says when it was made
// (brief; documented 6.3, whose example this is).
func TestPayoutsAreReadInEveryForm(t *testing.T) {
	const get = `{"payout_id":"c2f1d6a0-0d3c-4c4b-8b6d-0a7b7a0c9d33","user_id":"u","recipient_id":"r","origin":"payout","from_amount":"100.00","from_currency":"USD",
		"to_amount":"96.50","to_currency":"USD","fee":"3.50","payment_method":"swift","txn_hash":null,"uetr":null,"provider_reference":null,"status":"CREATED",
		"events":[{"status":"PROCESSING","created_at":"2026-05-01T10:21:00.000Z"},{"status":"CREATED","created_at":"2026-05-01T10:20:00.000Z"}]}`
	k := payoutKind(t)
	api := &answers{say: map[string]string{
		"POST /v1/virtual-accounts/va/payout":                  `{"id":"p1","status":"created"}`,
		"GET /v1/payouts/c2f1d6a0-0d3c-4c4b-8b6d-0a7b7a0c9d33": get,
		"GET /v1/payouts/other":                                get,
		"POST /v1/virtual-accounts/vb/payout":                  `{"status":"created"}`,
	}}
	want := wanted(k, map[string]cty.Value{"virtual_account_id": cty.StringVal("va"), "recipient_id": cty.StringVal("r"), "amount": cty.StringVal("100.00"),
		"currency": cty.StringVal("USD"), "period": cty.StringVal("2026-05")})
	out, err := k.Send(t.Context(), kinds.Call{API: api, Want: want, Key: "k", OneTime: "123456"})
	if err != nil || out.ID != "p1" || out.Status != "CREATED" {
		t.Errorf("%+v, %v", out, err)
	}
	body, _ := json.Marshal(api.sent[0].Body)
	if got := string(body); got != `{"amount":"100.00","currency":"USD","recipient_id":"r"}` || api.sent[0].Key != "k" || api.sent[0].OneTime != "123456" {
		t.Errorf("sent %s with %+v", got, api.sent[0])
	}
	p, err := k.Payment(t.Context(), kinds.Call{API: api, ID: "c2f1d6a0-0d3c-4c4b-8b6d-0a7b7a0c9d33"})
	if at := time.Date(2026, 5, 1, 10, 20, 0, 0, time.UTC); err != nil || p.Status != "CREATED" || p.Amount != "100.00" || p.Recipient != "r" || !p.Created.Equal(at) || p.Fee != "3.50" {
		t.Errorf("%+v, %v", p, err)
	}
	if _, err := k.Payment(t.Context(), kinds.Call{API: api, ID: "other"}); err == nil {
		t.Error("an answer about another payout was taken")
	}
	other := wanted(k, map[string]cty.Value{"virtual_account_id": cty.StringVal("vb"), "amount": cty.StringVal("1.00"), "currency": cty.StringVal("USD")})
	if _, err := k.Send(t.Context(), kinds.Call{API: api, Want: other}); err == nil {
		t.Error("an answer without an id was taken")
	}
}

// A crypto account pays by payment_instructions, in place of a recipient (brief).
func TestCryptoPayoutsHaveInstructions(t *testing.T) {
	k := payoutKind(t)
	api := &answers{say: map[string]string{"POST /v1/virtual-accounts/va/payout": `{"id":"p1","status":"created"}`}}
	want := wanted(k, map[string]cty.Value{"virtual_account_id": cty.StringVal("va"), "amount": cty.StringVal("5"), "currency": cty.StringVal("USD"),
		"payment_instructions": cty.MapVal(map[string]cty.Value{"currency": cty.StringVal("USDC"), "network": cty.StringVal("solana")})})
	if _, err := k.Send(t.Context(), kinds.Call{API: api, Want: want}); err != nil {
		t.Fatal(err)
	}
	if body, _ := json.Marshal(api.sent[0].Body); string(body) != `{"amount":"5","currency":"USD","payment_instructions":{"currency":"USDC","network":"solana"}}` {
		t.Errorf("sent %s", body)
	}
}

// A list of payouts goes by pages from 1, and one that may lack some is an error.
func TestListOfPayouts(t *testing.T) {
	k := payoutKind(t)
	page := func(n string) string { return "GET /v1/payouts?limit=100&page=" + n + "&user_id=u" }
	for _, tt := range []struct {
		name string
		say  map[string]string
		want string // ids, or the text of the error
	}{
		{"two pages, a row shifted", map[string]string{page("1"): `{"payouts":[{"payout_id":"a"},{"payout_id":"b"}],"total":3,"total_pages":2}`,
			page("2"): `{"payouts":[{"payout_id":"b"},{"payout_id":"c"}],"total":3,"total_pages":2}`}, "a b c"},
		{"amounts as numbers", map[string]string{page("1"): `{"payouts":[{"id":"a","amount":100,"created_at":"2026-05-01 10:20:00+00"}],"total":1}`}, "a"},
		{"nothing", map[string]string{page("1"): `{"payouts":[],"total":0,"total_pages":0}`}, ""},
		{"fewer than it says", map[string]string{page("1"): `{"payouts":[{"payout_id":"a"}],"total":2,"total_pages":1}`}, "the list shows 1 of 2 payouts"},
		{"a row without an id", map[string]string{page("1"): `{"payouts":[{"status":"CREATED"}],"total":1}`}, "has no id"},
		{"no list", map[string]string{page("1"): `{"data":[]}`}, "no list called payouts"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			all, err := k.Payments(t.Context(), kinds.Call{API: &answers{say: tt.say}, ID: "u"})
			var ids []string
			for _, p := range all {
				ids = append(ids, p.ID)
				if p.Amount != "" && (p.Amount != "100.00" || p.Created.IsZero()) {
					t.Errorf("read %+v", p)
				}
			}
			if got := strings.Join(ids, " "); err == nil && got != tt.want || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%q, %v; want %q", got, err, tt.want)
			}
		})
	}
}

// A refusal by Kira comes with advice (brief, "Common errors").
func TestRefusedPayoutsAreExplained(t *testing.T) {
	for text, want := range map[string]string{
		"Insufficient balance": "does not hold the amount", "Virtual account is not active": "still being activated",
		"Total fees exceed or equal the payout amount": "would eat the amount", "x-validation-header is missing or invalid": "KIRAFORM_PAYOUT_OTP",
		"Something else": "",
	} {
		if got := kinds.Advice(fmt.Errorf("pay: %w", &kira.Error{Status: 400, Message: text})); !strings.Contains(got, want) || want == "" && got != "" {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
	if got := kinds.Advice(errors.New("Insufficient balance")); got != "" {
		t.Errorf("what Kira did not say is explained: %q", got)
	}
}
