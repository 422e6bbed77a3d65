package provider_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/event"
	"kiraform/internal/provider"
	"kiraform/schema"
	"kiraform/schema/kinds"
)

const accounts = "POST /v1/virtual-accounts"

func anAccount() map[string]cty.Value {
	return texts("user_id", "u1", "type", "US_BANK", "provider", "act", "mode", "fiat")
}

// Every answer to a create says either that the object exists, or that it never will,
// or that nothing of the request was carried out, or it leaves that open. However often
// it is sent, it has one key.
func TestAnAnswerToACreate(t *testing.T) {
	refusal := `{"code": "validation_error", "message": "No."}`
	const twice = accounts + " key-1, " + accounts + " key-1"
	for name, tt := range map[string]struct {
		answers []reply
		want    string
		sent    string // "" for one request
	}{
		"200":                       {[]reply{{200, account}}, "done", ""},
		"201":                       {[]reply{{201, account}}, "done", ""},
		"202":                       {[]reply{{202, account}}, "done", ""},
		"201 without an id":         {[]reply{{201, `{"status": "approved"}`}}, "open", ""},
		"201 that is no JSON":       {[]reply{{201, "<html>"}}, "open", ""},
		"400":                       {[]reply{{400, refusal}}, "refused", ""},
		"404":                       {[]reply{{404, refusal}}, "open", ""},
		"410":                       {[]reply{{410, refusal}}, "open", ""},
		"404 of the user":           {[]reply{{404, `{"error": {"code": "USER_NOT_FOUND", "message": "User not found"}}`}}, "refused", ""},
		"422":                       {[]reply{{422, refusal}}, "refused", ""},
		"409 about the key":         {[]reply{{409, `{"message": "Failed to store idempotency key"}`}}, "refused spent", ""},
		"429, then 201":             {[]reply{{429, `{"message": "Slow down"}`}, {201, account}}, "done", twice},
		"429 for ever":              {[]reply{{429, `{"message": "Slow down"}`}}, "not done", strings.Repeat(accounts+" key-1, ", 4) + accounts + " key-1"},
		"a cut, then 201":           {[]reply{{0, ""}, {201, account}}, "done", twice},
		"a cut, then a refusal":     {[]reply{{0, ""}, {422, refusal}}, "open", twice},
		"a cut, for ever":           {[]reply{{0, ""}}, "open", strings.Repeat(accounts+" key-1, ", 4) + accounts + " key-1"},
		"500, and then a rejection": {[]reply{{500, `{"message": "Oops"}`}, {400, refusal}}, "open", twice},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := begin(t, "kira_virtual_account", anAccount(), map[string][]reply{accounts: tt.answers}, provider.Options{})
				res, err := f.Create(t.Context(), f.op)
				if got := outcome(err); got != tt.want {
					t.Errorf("%s, want %s: %v", got, tt.want, err)
				}
				if made := tt.want == "done"; made != (res.ID == "acc-1") || res.Adopted {
					t.Errorf("the object is %q, adopted %v", res.ID, res.Adopted)
				}
				if want := tt.sent; f.requests(true) != want && (want != "" || f.requests(true) != accounts+" key-1") {
					t.Errorf("sent %s", f.requests(true))
				}
				if waited := len(f.notes) > 0; waited != (tt.sent != "") {
					t.Errorf("told %v", f.notes)
				}
			})
		})
	}
}

// A create that Kira refuses since there is one already takes that one over, unless it
// must not, and only if it is the one.
func TestAnObjectThatIsThereAlready(t *testing.T) {
	conflict := reply{409, `{"message": "User already has an ACT virtual account"}`}
	list := reply{200, `{"data": [{"id": "acc-1", "user_id": "u1"}], "total": 1}`}
	const get, rows = "GET /v1/virtual-accounts/acc-1", "GET /v1/virtual-accounts"
	for name, tt := range map[string]struct {
		change func(f *fixture)
		o      provider.Options
		rows   reply
		read   reply
		want   string // in the error; "adopted", "ours" for none
		sent   string // behind the create
	}{
		"it is taken over": {rows: list, read: reply{200, account}, want: "adopted", sent: ", " + rows + ", " + get},
		"it answers a lost request of ours": {change: func(f *fixture) { f.op.Ours = true }, rows: list, read: reply{200, account}, want: "ours",
			sent: ", " + rows + ", " + get},
		"none is found":           {rows: reply{200, `{"data": [], "total": 0}`}, want: "no such object can be found", sent: ", " + rows},
		"it cannot be looked for": {rows: reply{403, `{"message": "Not yours"}`}, want: "and looking for it", sent: ", " + rows},
		"the block forbids it": {change: func(f *fixture) {
			w := anAccount()
			w["on_conflict"] = cty.StringVal("fail")
			f.op.Want = input(f.t, "kira_virtual_account", w)
		}, want: "forbids taking over"},
		"the run forbids it": {o: provider.Options{KeepOff: true}, want: "-allow does not allow that"},
		"it may pay elsewhere": {change: func(f *fixture) {
			w := anAccount()
			w["mode"] = cty.StringVal("crypto")
			w["destination"] = cty.ObjectVal(texts("currency", "USDC", "network", "polygon", "address", "0xab"))
			f.op.Want = input(f.t, "kira_virtual_account", w)
		}, rows: list, read: reply{200, strings.Replace(account, "fiat", "crypto", 1)}, want: "it may be acc-1", sent: ", " + rows + ", " + get},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := begin(t, "kira_virtual_account", anAccount(), map[string][]reply{accounts: {conflict}, rows: {tt.rows}, get: {tt.read}}, tt.o)
				if tt.change != nil {
					tt.change(f)
				}
				res, err := f.Create(t.Context(), f.op)
				switch tt.want {
				case "adopted", "ours":
					if err != nil || res.ID != "acc-1" || res.Adopted != (tt.want == "adopted") {
						t.Errorf("%+v, %v", res, err)
					}
				default:
					if err == nil || !strings.Contains(err.Error(), tt.want) || outcome(err) != "refused" || res.ID != "" {
						t.Errorf("%+v, %s: %v", res, outcome(err), err)
					}
				}
				if got := f.requests(true); got != accounts+" key-1"+tt.sent {
					t.Errorf("sent %s", got)
				}
			})
		})
	}
}

// A refusal that is about no other object is a refusal, of a kind of which there may be
// others and of any other.
func TestARefusalIsNoConflict(t *testing.T) {
	for kind, path := range map[string]string{"kira_virtual_account": accounts, "kira_user": "POST /v1/users"} {
		synctest.Test(t, func(t *testing.T) {
			f := begin(t, kind, nil, map[string][]reply{path: {{422, `{"message": "No."}`}}}, provider.Options{KeepOff: true})
			if _, err := f.Create(t.Context(), f.op); outcome(err) != "refused" || strings.Contains(err.Error(), "adopted") {
				t.Errorf("%s: %s: %v", kind, outcome(err), err)
			}
		})
	}
}

// Where Kira does not show where an object has money go, it may be another one than the
// one that is asked for. One that differs for certain is another.
func TestUncertain(t *testing.T) {
	swept := func(address string) map[string]cty.Value {
		w := texts("user_id", "u1", "type", "US_BANK", "bank", "portage", "mode", "crypto")
		w["destination"] = cty.ObjectVal(texts("currency", "USDC", "network", "polygon", "address", address))
		return w
	}
	person := texts("type", "individual", "email", "maria@example.com")
	const shown = `{"id": "acc-1", "user_id": "%s", "type": "US_BANK", "mode": "crypto"%s}`
	const to = `, "destination": {"currency": "USDC", "network": "polygon", "address": "0xab"}`
	for name, tt := range map[string]struct {
		kind    string
		written map[string]cty.Value
		seen    string
		want    bool
	}{
		"it pays there":                      {"kira_virtual_account", swept("0xab"), fmt.Sprintf(shown, "u1", to), false},
		"it does not show where it pays":     {"kira_virtual_account", swept("0xab"), fmt.Sprintf(shown, "u1", ""), true},
		"it pays elsewhere, for certain":     {"kira_virtual_account", swept("0xcd"), fmt.Sprintf(shown, "u1", to), false},
		"it is of another user, for certain": {"kira_virtual_account", swept("0xab"), fmt.Sprintf(shown, "u2", ""), false},
		"no money goes anywhere":             {"kira_user", person, user(""), false},
		"there is one at most":               {"kira_version_pin", nil, `{"id": "version_pin"}`, false},
	} {
		t.Run(name, func(t *testing.T) {
			k, _ := kinds.ByName(tt.kind)
			if got := provider.Uncertain(k, theKey(t), input(t, tt.kind, tt.written), shows(t, k, tt.seen)); got != tt.want {
				t.Errorf("uncertain: %v", got)
			}
		})
	}
}

// Marks are part of a create alone, if they are asked for.
func TestMarks(t *testing.T) {
	const users = "POST /v1/users"
	person := func() map[string]cty.Value {
		w := texts("type", "individual", "email", "ana@example.com", "first_name", "Ana", "last_name", "Ruiz")
		w["metadata"] = cty.MapVal(texts("team", "red"))
		return w
	}
	for i, marks := range []bool{true, false, true} {
		synctest.Test(t, func(t *testing.T) {
			w := person()
			if i == 2 {
				delete(w, "metadata")
			}
			f := begin(t, "kira_user", w, map[string][]reply{users: {{201, user("")}}}, provider.Options{Marks: marks})
			if _, err := f.Create(t.Context(), f.op); err != nil {
				t.Fatal(err)
			}
			for _, part := range []string{schema.MarkLineage + `":"lineage-1"`, schema.MarkRequest + `":"key-1"`, schema.MarkAddress + `":"kira_user.it"`} {
				if strings.Contains(f.body, part) != marks {
					t.Errorf("marks are asked for: %v; sent\n%s", marks, f.body)
				}
			}
			if strings.Contains(f.body, `"team":"red"`) != (i < 2) {
				t.Errorf("with marks %v, the metadata are sent as\n%s", marks, f.body)
			}
		})
	}
	synctest.Test(t, func(t *testing.T) {
		f := begin(t, "kira_virtual_account", anAccount(), map[string][]reply{accounts: {{201, account}}}, provider.Options{Marks: true})
		if _, err := f.Create(t.Context(), f.op); err != nil || strings.Contains(f.body, "kiraform_") {
			t.Errorf("of a kind that has no place for marks: %v, sent\n%s", err, f.body)
		}
	})
}

// An object whose answer shows too little is read again. That it cannot be is told,
// and the object exists all the same.
func TestTheAnswerToACreateShowsTooLittle(t *testing.T) {
	const post, get = "POST /v1/recipients", "GET /v1/recipients/r1"
	const shown = `{"recipient_id": "r1", "user_id": "u1", "account_type": "SWIFT", "first_name": "Ana"%s}`
	of := func(t *testing.T, rail string) map[string]cty.Value {
		w := texts("user_id", "u1", "first_name", "Ana")
		ty := input(t, "kira_recipient", nil).Type().AttributeType("account")
		attrs := make(map[string]cty.Value)
		for name, of := range ty.AttributeTypes() {
			attrs[name] = cty.NullVal(of)
		}
		attrs["account_type"] = cty.StringVal(rail)
		w["account"] = cty.ObjectVal(attrs)
		return w
	}
	for name, tt := range map[string]struct {
		rail string
		read reply
		told int
		last string
		sent string
	}{
		"and the next one shows it":    {"SWIFT", reply{200, strings.Replace(shown, "%s", `, "last_name": "Ruiz"`, 1)}, 0, "Ruiz", ", " + get},
		"and it cannot be read either": {"SWIFT", reply{403, `{"message": "Not yours"}`}, 1, "", ", " + get},
		"of no other account":          {"SPEI", reply{}, 0, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := begin(t, "kira_recipient", of(t, tt.rail), map[string][]reply{post: {{201, strings.Replace(shown, "%s", "", 1)}}, get: {tt.read}}, provider.Options{})
				res, err := f.Create(t.Context(), f.op)
				if err != nil || res.ID != "r1" || schema.Text(schema.Member(res.Seen, "last_name")) != tt.last {
					t.Errorf("%+v, %v", res, err)
				}
				if len(f.notes) != tt.told {
					t.Errorf("told %v", f.notes)
				}
				for _, n := range f.notes {
					if n, ok := n.(event.Note); !ok || !strings.Contains(string(n.Text), "created, but could not be read again") {
						t.Errorf("told %+v", n)
					}
				}
				if got := f.requests(true); got != post+" key-1"+tt.sent {
					t.Errorf("sent %s", got)
				}
			})
		})
	}
}
