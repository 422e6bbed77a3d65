package kinds_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
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

func TestPages(t *testing.T) {
	k, _ := kinds.ByName("kira_user")
	row := func(n int) string { return fmt.Sprintf(`{"id":"u%d","type":"individual"}`, n) }
	for name, tt := range map[string]struct {
		pages []string
		want  int
	}{
		"a row that shifts to the next page counts once": {[]string{
			`{"data":[` + row(3) + `,` + row(2) + `],"pagination":{"total":3,"has_more":true}}`,
			`{"data":[` + row(2) + `,` + row(1) + `],"pagination":{"total":4,"has_more":false}}`}, 3},
		"a list that never ends does": {[]string{`{"data":[` + row(1) + `],"pagination":{"total":1,"has_more":true}}`}, 1},
		"without has_more the total says how many": {[]string{
			`{"data":[` + row(1) + `],"pagination":{"total":2}}`, `{"data":[` + row(2) + `],"pagination":{"total":2}}`}, 2},
		"rows that are odd are left out": {[]string{`{"data":[7,{"id":null},` + row(1) + `]}`}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			asked := 0
			api := scripted(func(kira.Request) (string, error) {
				asked++
				return tt.pages[min(asked, len(tt.pages))-1], nil
			})
			list, err := k.List(t.Context(), kinds.Call{API: api})
			if err != nil || len(list) != tt.want {
				t.Errorf("List = %v, %v; want %d", list, err, tt.want)
			}
		})
	}
	if list, err := k.List(t.Context(), kinds.Call{API: always(`{}`)}); err == nil {
		t.Errorf("an answer without a list is read as %v", list)
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
