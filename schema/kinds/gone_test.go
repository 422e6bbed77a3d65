package kinds_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/kira"
	"kiraform/schema"
	"kiraform/schema/kinds"
)

// answering returns a client of a server that answers every request but the one
// to sign in with a status and a body, of which ID stands for an id.
func answering(t *testing.T, status int, body string) *kira.Client {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/auth" {
			fmt.Fprint(w, `{"data":{"access_token":"t","expires_in":3600}}`)
			return
		}
		w.WriteHeader(status)
		fmt.Fprint(w, strings.ReplaceAll(body, "ID", userID))
	}))
	t.Cleanup(srv.Close)
	return &kira.Client{BaseURL: srv.URL, APIKey: "key", ClientID: otherC, Password: "pw"}
}

// A 404 counts only in Kira's own words about the object (observed.md 4): a
// server in between says it of the route, and repeats the path.
func TestGoneIsSaidByKira(t *testing.T) {
	const (
		user      = `{"code":"not_found","message":"User with ID ID not found"}`
		account   = `{"statusCode":404,"error":"Not Found","message":"Virtual account ID not found","timestamp":"2026-05-28T00:00:00Z"}`
		recipient = `{"error":{"code":"NOT_FOUND","message":"Recipient ID not found","details":{"recipient_id":"ID"}}}`
	)
	all := []string{"kira_user", "kira_virtual_account", "kira_recipient", "kira_liquidation_address"}
	for _, tt := range []struct {
		name, body string
		status     int
		gone       []string // kinds
	}{
		{"a user", user, 404, all}, // the code is one that others have as well
		{"an account", account, 404, []string{all[1], all[3]}},
		{"a recipient", recipient, 404, all},
		{"a code and other words", `{"code":"not_found","message":"There is none"}`, 404, all},
		{"the same words with another status", user, 403, nil},
		{"another user's id", `{"statusCode":404,"error":"Not Found","message":"Virtual account 7 not found"}`, 404, nil},
		{"a recipient without its user", `{"error":{"code":"USER_NOT_FOUND","message":"User not found"}}`, 404, nil},
		{"a mux", "404 page not found: /v1/users/ID", 404, nil},
		{"a gateway", `{"message":"no Route matched with those values /v1/users/ID"}`, 404, nil},
		{"a framework", `{"statusCode":404,"message":"Cannot GET /v1/users/ID","error":"Not Found"}`, 404, nil},
		{"a framework with a code", `{"code":"not_found","message":"Cannot GET /v1/users/ID"}`, 404, nil},
		{"a code of a resource", `{"code":"RESOURCE_NOT_FOUND","message":"ID not found"}`, 404, nil},
		{"a page", "<html><body>ID not found</body></html>", 404, nil},
		{"nothing", "", 404, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, name := range all {
				k, _ := kinds.ByName(name)
				c := kinds.Call{API: answering(t, tt.status, tt.body), ID: userID}
				if name == "kira_liquidation_address" {
					c.ID += "/liq_1"
				}
				_, err := k.Read(t.Context(), c)
				if want := slices.Contains(tt.gone, name); err == nil || errors.Is(err, kinds.ErrGone) != want {
					t.Errorf("%s: %v is taken for gone: %t, want %t", name, err, !want, want)
				}
			}
		})
	}
}

// The object that a data source asks for is not there only if Kira says so.
func TestDataSourcesOfWhatIsGone(t *testing.T) {
	for _, tt := range []struct {
		kind, attr, body string
		gone             bool
	}{
		{"kira_recipients", "user_id", `{"error":{"code":"USER_NOT_FOUND","message":"User not found","details":{"user_id":"ID"}}}`, true},
		{"kira_recipients", "user_id", `{"statusCode":404,"message":"Cannot GET /v1/recipients?user_id=ID","error":"Not Found"}`, false},
		{"kira_balance", "virtual_account_id", `{"statusCode":404,"error":"Not Found","message":"Virtual account ID not found"}`, true},
		{"kira_balance", "virtual_account_id", "404 page not found: /v1/virtual-accounts/ID/balance", false},
		{"kira_countries", "none", `{"message":"no Route matched with those values"}`, false},
	} {
		d, _ := kinds.DataByName(tt.kind)
		want := cty.ObjectVal(map[string]cty.Value{tt.attr: cty.StringVal(userID)})
		_, err := d.Look(t.Context(), kinds.Call{API: answering(t, 404, tt.body), Want: want})
		if err == nil || errors.Is(err, kinds.ErrGone) != tt.gone {
			t.Errorf("%s: %v is taken for gone: %t, want %t", tt.kind, err, !tt.gone, tt.gone)
		}
	}
}

// The second witness is a list that is complete by Kira's own account.
func TestWholeLists(t *testing.T) {
	row := func(id string) string { return `{"id":"` + id + `","type":"individual"}` }
	for _, tt := range []struct {
		name, kind string
		pages      []string
		want       string // ids; "" for an error
	}{
		{"one page", "kira_user", []string{`{"data":[` + row("a") + `],"pagination":{"total":1,"has_more":false}}`}, "a"},
		{"nothing at all", "kira_user", []string{`{"data":[],"pagination":{"total":0,"has_more":false}}`}, "-"},
		{"two pages", "kira_user", []string{
			`{"data":[` + row("b") + `],"pagination":{"total":2,"has_more":true}}`,
			`{"data":[` + row("a") + `],"pagination":{"total":2,"has_more":false}}`}, "a b"},
		{"a list that grows while it is read", "kira_user", []string{
			`{"data":[` + row("b") + `],"pagination":{"total":2,"has_more":true}}`,
			`{"data":[` + row("b") + `],"pagination":{"total":3,"has_more":true}}`,
			`{"data":[` + row("b") + `],"pagination":{"total":3,"has_more":false}}`}, ""},
		{"fewer rows than the total", "kira_user", []string{`{"data":[` + row("a") + `],"pagination":{"total":2,"has_more":false}}`, `{"data":[],"pagination":{"total":2,"has_more":false}}`}, ""},
		{"no total", "kira_user", []string{`{"data":[` + row("a") + `]}`}, ""},
		{"a row without an id", "kira_user", []string{`{"data":[{"type":"individual"}],"pagination":{"total":1,"has_more":false}}`}, ""},
		{"the recipients of a user", "kira_recipient", []string{`{"recipients":[{"recipient_id":"r","account_type":"SPEI"}],"total":1}`}, "r"},
		{"no recipients", "kira_recipient", []string{`{"recipients":[],"total":0}`}, "-"},
		{"fewer recipients than the total", "kira_recipient", []string{`{"recipients":[],"total":1}`}, ""},
		{"a user in place of another", "kira_user", []string{`{"data":[` + row("a") + "," + row("a") + `],"pagination":{"total":2,"has_more":false}}`}, ""},
		{"a recipient in place of another", "kira_recipient", []string{`{"recipients":[{"recipient_id":"r"},{"recipient_id":"r"}],"total":2}`}, ""},
		{"a liquidation address in place of another", "kira_liquidation_address", []string{`[{"id":"liq_1"},{"id":"liq_1"}]`}, ""},
		{"a recipient without an id", "kira_recipient", []string{`{"recipients":[{"id":"r"}],"total":1}`}, ""},
		{"liquidation addresses", "kira_liquidation_address", []string{`[{"id":"liq_1"}]`}, "u/liq_1"},
		{"a liquidation address without an id", "kira_liquidation_address", []string{`[{"address":"x"}]`}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			asked := 0
			api := scripted(func(kira.Request) (string, error) {
				asked++
				return tt.pages[min(asked, len(tt.pages))-1], nil
			})
			k, _ := kinds.ByName(tt.kind)
			ids, err := k.Whole(t.Context(), kinds.Call{API: api, ID: "u"})
			switch {
			case tt.want == "":
				if err == nil {
					t.Errorf("the list counts as whole: %v", ids)
				}
			case err != nil:
				t.Error(err)
			default:
				want := strings.Fields(strings.TrimPrefix(tt.want, "-"))
				if len(ids) != len(want) {
					t.Errorf("the list has %v, want %v", ids, want)
				}
				for _, id := range want {
					if !ids[id] {
						t.Errorf("the list has %v, want %v", ids, want)
					}
				}
			}
		})
	}
}

// Of two rows of one object nobody can know which is right: the members in which they
// differ are not known, so that the object itself is looked at.
func TestTwoRowsOfOneObject(t *testing.T) {
	const id = "0d7f6f0e-5f0a-4c0e-9a53-2c1c8b0d4e1a"
	row := func(email string) string {
		return `{"id":"` + id + `","type":"individual","first_name":"Ana","email":"` + email + `"}`
	}
	k, _ := kinds.ByName("kira_user")
	for _, rows := range []string{row("a@example.com") + "," + row("b@example.com"), row("a@example.com") + "," + row("a@example.com") + "," + row("b@example.com")} {
		list, err := k.List(t.Context(), kinds.Call{API: always(`{"data":[` + rows + `],"pagination":{"total":1,"has_more":false}}`)})
		if err != nil || len(list) != 1 {
			t.Fatalf("%d objects, %v", len(list), err)
		}
		if email, name := schema.Member(list[0].Seen, "email"), schema.Text(schema.Member(list[0].Seen, "first_name")); !email.IsNull() || name != "Ana" {
			t.Errorf("the e-mail is %#v, the name %q", email, name)
		}
	}
}
