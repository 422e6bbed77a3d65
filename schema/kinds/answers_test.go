package kinds_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/kira"
	"kiraform/schema"
	"kiraform/schema/kinds"
)

// scripted answers every request with its own result.
type scripted func(kira.Request) (string, error)

func (s scripted) Do(_ context.Context, r kira.Request, out any) error {
	body, err := s(r)
	if err != nil {
		return err
	}
	return json.Unmarshal([]byte(body), out)
}

func always(body string) scripted { return func(kira.Request) (string, error) { return body, nil } }

// An object may exist though the answer does not say which: such an error must
// not look like a refusal, or the intent would be forgotten.
func TestAnswersWithoutID(t *testing.T) {
	for _, b := range briefBodies {
		k, _ := kinds.ByName(b.kind)
		for _, body := range []string{`{}`, `{"id":null}`, `{"id":7}`, `[]`, `"created"`, `null`} {
			if body[0] == '{' && k.Read == nil {
				continue // there is none to be had
			}
			o, err := k.Create(t.Context(), kinds.Call{API: always(body), Want: block(t, b.kind, b.body)})
			var refusal interface{ Refused() bool }
			if err == nil || errors.As(err, &refusal) && refusal.Refused() {
				t.Errorf("%s: the answer %s gives %v, %v; want an error that is no refusal", b.name, body, o, err)
			}
		}
	}
}

// A variant in another case is that variant: of one that the schema does not have, no
// attribute would be read.
func TestVariantsInAnotherCase(t *testing.T) {
	for _, tt := range []struct{ kind, body, attr, want string }{
		{"kira_user", `{"id":"o","type":"INDIVIDUAL","first_name":"Ana"}`, "first_name", "Ana"},
		{"kira_virtual_account", `{"id":"o","mode":"FIAT"}`, "mode", "fiat"},
		{"kira_recipient", `{"recipient_id":"o","account_type":"wallet","account_details":{"network":"tron"}}`, "account.network", "tron"},
	} {
		k, _ := kinds.ByName(tt.kind)
		o, err := k.Read(t.Context(), kinds.Call{API: always(tt.body), ID: "o"})
		seen := o.Seen
		for name := range strings.SplitSeq(tt.attr, ".") {
			seen = schema.Member(seen, name)
		}
		if err != nil || schema.Text(seen) != tt.want {
			t.Errorf("%s is seen as %#v, %v", tt.body, o.Seen, err)
		}
	}
}

// The letters of a UUID have no case: an object has one id, however it is written.
func TestIDsInAnotherCase(t *testing.T) {
	const id, other = "0d7f6f0e-5f0a-4c0e-9a53-2c1c8b0d4e1a", "0D7F6F0E-5F0A-4C0E-9A53-2C1C8B0D4E1A"
	k, _ := kinds.ByName("kira_user")
	for _, asked := range []string{id, other} {
		for _, said := range []string{id, other} {
			o, err := k.Read(t.Context(), kinds.Call{API: always(`{"id":"` + said + `","type":"individual"}`), ID: asked})
			if err != nil || o.ID != id || schema.Text(schema.Member(o.Seen, "id")) != id {
				t.Errorf("%s, asked for as %s, is %s, %v", said, asked, o.ID, err)
			}
		}
	}
	if o, err := k.Read(t.Context(), kinds.Call{API: always(`{"id":"A","type":"individual"}`), ID: "a"}); err == nil {
		t.Errorf("an id that is no UUID is taken for another: %v", o)
	}
}

// observed.md 5.2: three places, and a key that is the union of the others.
func TestMissingFields(t *testing.T) {
	want := cty.MapVal(map[string]cty.Value{"act": cty.ListVal([]cty.Value{cty.StringVal("ssn")})})
	k, _ := kinds.ByName("kira_user")
	for _, body := range []string{
		`{"id":"u","type":"individual","missing_fields":{"act":["ssn"]}}`,
		`{"id":"u","type":"individual","missing_fields":{"general":["ssn"],"act":["ssn"]}}`,
		`{"id":"u","type":"individual","missing_fields":null,"eligible_products":[{"product_code":"act","eligible":false,"missing_fields":["ssn"]},{"product_code":"x","eligible":true,"missing_fields":[]}]}`,
	} {
		o, err := k.Read(t.Context(), kinds.Call{API: always(body), ID: "u"})
		if err != nil || !schema.Member(o.Seen, "missing_fields").RawEquals(want) {
			t.Errorf("%s is seen as %#v, %v", body, schema.Member(o.Seen, "missing_fields"), err)
		}
	}
	o, err := k.Read(t.Context(), kinds.Call{API: always(`{"id":"u","eligible_products":null}`), ID: "u"})
	if err != nil || !schema.Member(o.Seen, "missing_fields").IsNull() {
		t.Errorf("nothing is seen as %#v, %v", o.Seen, err)
	}
}

// A list counts only with all the rows that it says to have: another object would be made
// of what it lacks.
func TestPages(t *testing.T) {
	k, _ := kinds.ByName("kira_user")
	row := func(n int) string { return fmt.Sprintf(`{"id":"u%d","type":"individual"}`, n) }
	page := func(total int, more bool, rows ...string) string {
		return fmt.Sprintf(`{"data":[%s],"pagination":{"total":%d,"has_more":%t}}`, strings.Join(rows, ","), total, more)
	}
	var full []string
	for n := range 100 {
		full = append(full, row(n+1))
	}
	endless := func(asked int) string { return page(5, true, row(asked)) }
	for name, tt := range map[string]struct {
		pages []string
		page  func(asked int) string // in place of them
		want  int
		fails string
	}{
		"a row that shifts to the next page counts once": {pages: []string{page(3, true, row(3), row(2)), page(4, false, row(2), row(1))}, want: 3},
		"a list that never ends does":                    {pages: []string{page(1, true, row(1))}, want: 1},
		"without has_more the total says how many": {pages: []string{
			`{"data":[` + row(1) + `],"pagination":{"total":2}}`, `{"data":[` + row(2) + `],"pagination":{"total":2}}`}, want: 2},
		"without both, a full page may be followed by another": {pages: []string{
			`{"data":[` + strings.Join(full, ",") + `]}`, `{"data":[` + row(101) + `]}`}, want: 101},
		"rows that are odd are left out": {pages: []string{`{"data":[7,{"id":null},` + row(1) + `]}`}, want: 1},

		"a row that was taken out before the next page": {pages: []string{page(3, true, row(3), row(2)), page(2, false)}, fails: "2 of 3"},
		"a page in the middle is empty":                 {pages: []string{page(3, true, row(3)), page(3, true), page(3, false, row(1))}, fails: "1 of 3"},
		"the offset is not heard":                       {pages: []string{page(1000000000, true, row(2), row(1))}, fails: "2 of 1000000000"},
		"it ends before its total":                      {pages: []string{page(3, false, row(3), row(2))}, fails: "2 of 3"},
		"a row comes in place of another":               {pages: []string{page(2, false, row(1), row(1))}, fails: "1 of 2"},
		"a row is null":                                 {pages: []string{page(2, false, row(1), "null")}, fails: "1 of 2"},
		"there is always one more":                      {page: endless, fails: "does not end"},
	} {
		t.Run(name, func(t *testing.T) {
			asked := 0
			api := scripted(func(kira.Request) (string, error) {
				if asked++; tt.page != nil {
					return tt.page(asked), nil
				}
				return tt.pages[min(asked, len(tt.pages))-1], nil
			})
			list, err := k.List(t.Context(), kinds.Call{API: api})
			if fails := tt.fails != ""; (err != nil) != fails || fails && !strings.Contains(err.Error(), tt.fails) || len(list) != tt.want {
				t.Errorf("List = %d, %v; want %d, or the error %q", len(list), err, tt.want, tt.fails)
			}
		})
	}
	if list, err := k.List(t.Context(), kinds.Call{API: always(`{}`)}); err == nil {
		t.Errorf("an answer without a list is read as %v", list)
	}
}

// The payouts that were made are known only by a list that shows all of them.
func TestPaymentPages(t *testing.T) {
	a, _ := kinds.ActionByName("kira_payout")
	page := func(pages string, ids ...string) string {
		var rows []string
		for _, id := range ids {
			rows = append(rows, `{"payout_id":"`+id+`"}`)
		}
		return `{"payouts":[` + strings.Join(rows, ",") + `]` + pages + `}`
	}
	for name, tt := range map[string]struct {
		pages []string
		want  int
		fails string
	}{
		"two pages":                     {[]string{page(`,"total":2,"total_pages":2`, "b"), page(`,"total":2,"total_pages":2`, "a")}, 2, ""},
		"one that is made meanwhile":    {[]string{page(`,"total":2,"total_pages":2`, "b"), page(`,"total":3,"total_pages":2`, "b")}, 0, "1 of 3"},
		"a page in the middle is empty": {[]string{page(`,"total_pages":3`, "b"), page(`,"total_pages":3`), page(`,"total_pages":3`, "a")}, 0, "page 2 of 3 is empty"},
		"the page is not heard":         {[]string{page(`,"total_pages":1000000000`, "a")}, 0, "does not end"},
		"a payout without an id":        {[]string{page(`,"total":2`, "a", "")}, 0, "no id"},
		"a payout that is null":         {[]string{`{"payouts":[null]}`}, 0, "no id"},
		"fewer than there are":          {[]string{page(`,"total":2,"total_pages":1`, "a")}, 0, "1 of 2"},
		"neither a total nor a number":  {[]string{page(``, "b", "a")}, 2, ""},
		"a payout in place of another":  {[]string{page(`,"total":2,"total_pages":1`, "a", "a")}, 0, "1 of 2"},
	} {
		t.Run(name, func(t *testing.T) {
			asked := 0
			api := scripted(func(kira.Request) (string, error) {
				asked++
				return tt.pages[min(asked, len(tt.pages))-1], nil
			})
			list, err := a.Payments(t.Context(), kinds.Call{API: api, ID: "u"})
			if fails := tt.fails != ""; (err != nil) != fails || fails && !strings.Contains(err.Error(), tt.fails) || len(list) != tt.want {
				t.Errorf("Payments = %v, %v; want %d, or the error %q", list, err, tt.want, tt.fails)
			}
		})
	}
}

// A PUT carries only the changed attributes, and knows neither type nor the
// places that answers show (observed.md 5.7).
func TestUpdateSendsWhatChanged(t *testing.T) {
	var sent kira.Request
	api := scripted(func(r kira.Request) (string, error) { sent = r; return `{"id":"u","type":"individual"}`, nil })
	k, _ := kinds.ByName("kira_user")
	c := kinds.Call{API: api, ID: "u", Want: block(t, "kira_user", "{"+verifiable+"}"), Changed: []string{"address_city", "metadata"}}
	if _, err := k.Update(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(sent.Body)
	want := `{"address_city":"Mexico City","metadata":{"a":"1"}}`
	if err != nil || string(body) != want || sent.Method != "PUT" || sent.Path != "/v1/users/u" || sent.Key != "" {
		t.Errorf("sent %s %s %s with key %q", sent.Method, sent.Path, body, sent.Key)
	}
	c.ID = "another"
	if _, err := k.Update(t.Context(), c); err == nil {
		t.Error("an answer about another user is taken for this one's")
	}
}
