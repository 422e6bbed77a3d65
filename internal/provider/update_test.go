package provider_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/event"
	"kiraform/internal/provider"
	"kiraform/schema/kinds"
	"kiraform/state"
)

const getUser, putUser = "GET /v1/users/u1", "PUT /v1/users/u1"

// known is an object as the state has it after Kira has shown it so.
func (f *fixture) known(body string) state.Object {
	f.t.Helper()
	k, _ := kinds.ByName(f.op.Addr.Kind)
	seen := shows(f.t, k, body)
	return state.Object{ID: seen.GetAttr("id").AsString(), Salt: "s", Sent: theKey(f.t).Seal(k.Schema, "s", f.op.Want), Seen: theKey(f.t).Seal(k.Schema, "s", seen)}
}

// rename is the update of the first name of a user that is in the state.
func rename(t *testing.T, answers map[string][]reply, o provider.Options) *fixture {
	t.Helper()
	w := texts("type", "individual", "email", "ana@example.com", "first_name", "Anna", "last_name", "Ruiz")
	f := begin(t, "kira_user", w, answers, o)
	f.op.Prior, f.op.Change = f.known(user("")), []cty.Path{cty.GetAttrPath("first_name")}
	return f
}

// An update is sent only if the object is as it was planned for, and only with the
// attributes that change. It says that it sends before, and not at all if it does not.
func TestAnAnswerToAnUpdate(t *testing.T) {
	changed := strings.Replace(user(""), `"Ana"`, `"Anna"`, 1)
	refusal := `{"code": "validation_error", "message": "No."}`
	seen := []reply{{200, user("")}}
	for name, tt := range map[string]struct {
		read, answers []reply
		want          string
		sent          int // how often; -1 if it is not to say that it sends
	}{
		"200":                       {seen, []reply{{200, changed}}, "done", 1},
		"201":                       {seen, []reply{{201, changed}}, "done", 1},
		"202":                       {seen, []reply{{202, changed}}, "done", 1},
		"202 without an id":         {seen, []reply{{202, `{"message": "accepted"}`}}, "open", 1},
		"about another one":         {seen, []reply{{200, strings.Replace(changed, "u1", "u2", 1)}}, "open", 1},
		"404":                       {seen, []reply{{404, refusal}}, "open", 1},
		"409":                       {seen, []reply{{409, refusal}}, "refused", 1},
		"422":                       {seen, []reply{{422, refusal}}, "refused", 1},
		"429, then 200":             {seen, []reply{{429, refusal}, {200, changed}}, "done", 2},
		"429 for ever":              {seen, []reply{{429, refusal}}, "not done", 5},
		"a cut, then 200":           {seen, []reply{{0, ""}, {200, changed}}, "done", 2},
		"a cut, then a refusal":     {seen, []reply{{0, ""}, {422, refusal}}, "open", 2},
		"a cut, for ever":           {seen, []reply{{0, ""}}, "open", 5},
		"it is gone":                {[]reply{{404, `{"code": "not_found", "message": "User u1 not found"}`}}, nil, "gone refused", -1},
		"it cannot be read":         {[]reply{{0, ""}}, nil, "open", -1},
		"it is another by now":      {[]reply{{200, strings.Replace(user(""), "Ruiz", "Diaz", 1)}}, nil, "open", -1},
		"Kira has moved its status": {[]reply{{200, strings.Replace(user(""), "CREATED", "REVIEW", 1)}}, []reply{{200, changed}}, "done", 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := rename(t, map[string][]reply{getUser: tt.read, putUser: tt.answers}, provider.Options{})
				res, err := f.Update(t.Context(), f.op)
				if got := outcome(err); got != tt.want {
					t.Errorf("%s, want %s: %v", got, tt.want, err)
				}
				if done := tt.want == "done"; done != (res.ID == "u1") || done && res.Seen.GetAttr("first_name").AsString() != "Anna" {
					t.Errorf("the object is %+v", res)
				}
				if f.sending != min(max(tt.sent, 0), 1) || f.requests(false) != strings.TrimPrefix(strings.Repeat(", "+putUser, max(tt.sent, 0)), ", ") {
					t.Errorf("said %d times that it sends; sent %s", f.sending, f.requests(false))
				}
				if tt.sent > 0 && f.body != `{"first_name":"Anna"}` {
					t.Errorf("sent %s", f.body)
				}
			})
		})
	}
}

// A registration that Kira cannot show is sent as it is; nothing is looked at before.
func TestAnUpdateOfAnUnreadableObject(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const register = "POST /webhooks/register"
		f := begin(t, "kira_webhook", texts("webhook_url", "https://hooks.example.com"), map[string][]reply{register: {{200, `{"message": "ok"}`}}}, provider.Options{})
		f.op.Prior, f.op.Change = state.Object{ID: "webhook"}, []cty.Path{cty.GetAttrPath("webhook_url")}
		if res, err := f.Update(t.Context(), f.op); err != nil || res.ID != "webhook" || f.requests(true) != register || f.sending != 1 {
			t.Errorf("%+v, %v, sent %s", res, err, f.requests(true))
		}
	})
}

// An answer that only a create has is kept over an update.
func TestAnAnswerOfTheCreateIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := rename(t, map[string][]reply{getUser: {{200, user("")}}, putUser: {{200, user("")}}}, provider.Options{})
		f.op.Prior = f.known(user(`, "verification_triggered": true`))
		if res, err := f.Update(t.Context(), f.op); err != nil || !res.Seen.GetAttr("verification_triggered").RawEquals(cty.True) {
			t.Errorf("%+v, %v", res, err)
		}
	})
}

// What cannot be written down is not sent.
func TestAnUpdateThatCannotBeWrittenDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := rename(t, map[string][]reply{getUser: {{200, user("")}}}, provider.Options{})
		full := errors.New("the disk is full")
		f.op.Sending = func() error { return full }
		if _, err := f.Update(t.Context(), f.op); !errors.Is(err, full) || f.requests(false) != "" {
			t.Errorf("%v, sent %s", err, f.requests(false))
		}
	})
}

// A user whom Kira has rejected is not verified again by a correction: that is said.
func TestACorrectionOfARejectedUser(t *testing.T) {
	for _, status := range []string{"REJECTED", "REVIEW"} {
		synctest.Test(t, func(t *testing.T) {
			is := strings.Replace(user(""), "CREATED", status, 1)
			f := rename(t, map[string][]reply{getUser: {{200, is}}, putUser: {{200, is}}}, provider.Options{})
			f.op.Prior = f.known(is)
			f.op.Prior.Adopted = true
			res, err := f.Update(t.Context(), f.op)
			if err != nil || !res.Adopted {
				t.Fatalf("%+v, %v", res, err)
			}
			said := false
			for _, e := range f.notes {
				d, ok := e.(event.Diagnostic)
				said = said || ok && d.Code == "still-rejected" && strings.Contains(d.Detail, "kiraform verify kira_user.it")
			}
			if said != (status == "REJECTED") {
				t.Errorf("of one who is %s it says %v", status, f.notes)
			}
		})
	}
}

// Of a merged attribute only the entries that changed are sent, with one entry of which
// Kira asks for one in each request, bare of the parts that it keeps anyway.
func TestAnUpdateOfEntries(t *testing.T) {
	k, _ := kinds.ByName("kira_user")
	people, _ := k.Schema.Attr("associated_persons")
	person := func(email, role, first string) cty.Value {
		attrs := make(map[string]cty.Value)
		for name, ty := range people.CtyType().ElementType().AttributeTypes() {
			attrs[name] = cty.NullVal(ty)
		}
		attrs["email"], attrs["role"], attrs["first_name"] = cty.StringVal(email), cty.StringVal(role), cty.StringVal(first)
		paper := make(map[string]cty.Value)
		for name, ty := range attrs["identifying_information"].Type().ElementType().AttributeTypes() {
			paper[name] = cty.NullVal(ty)
		}
		paper["type"], paper["number"] = cty.StringVal("passport"), cty.StringVal(first+"1")
		attrs["identifying_information"] = cty.ListVal([]cty.Value{cty.ObjectVal(paper)})
		return cty.ObjectVal(attrs)
	}
	all := []cty.Value{person("a@acme.example", "control_prong", "A"), person("b@acme.example", "beneficial_owner", "B"), person("c@acme.example", "beneficial_owner", "C")}
	info, _ := k.Schema.Attr("additional_info")
	w := func() map[string]cty.Value {
		w := texts("type", "business", "email", "ops@acme.example", "business_legal_name", "Acme")
		w["extra_on"] = cty.ListVal([]cty.Value{cty.StringVal("create"), cty.StringVal("update")})
		w["extra"] = cty.ObjectVal(map[string]cty.Value{"colour": cty.StringVal("blue"), "size": cty.NumberIntVal(3), "shape": cty.StringVal("round")})
		declared := make(map[string]cty.Value)
		for name, ty := range info.CtyType().AttributeTypes() {
			declared[name] = cty.NullVal(ty)
		}
		declared["has_us_bank_account"], declared["has_denied_bank_account"] = cty.StringVal("no"), cty.StringVal("no")
		w["additional_info"] = cty.ObjectVal(declared)
		w["metadata"] = cty.MapVal(texts("team", "red", "desk", "7"))
		return w
	}
	for name, tt := range map[string]struct {
		change []cty.Path
		people []cty.Value
		want   []string // in the body, once
		not    []string
	}{
		"an entry": {[]cty.Path{cty.GetAttrPath("associated_persons").IndexInt(1).GetAttr("first_name")}, all,
			[]string{"b@acme.example", "a@acme.example"}, []string{"c@acme.example", "metadata", "business_legal_name", "A1"}},
		"an entry, where there is none of which Kira asks for one": {[]cty.Path{cty.GetAttrPath("associated_persons").IndexInt(0)}, all[1:],
			[]string{"b@acme.example"}, []string{"c@acme.example"}},
		"no entry is written any more": {[]cty.Path{cty.GetAttrPath("associated_persons")}, nil, []string{"{}"}, nil},
		"the entry of which Kira asks for one": {[]cty.Path{cty.GetAttrPath("associated_persons").IndexInt(0)}, all,
			[]string{"a@acme.example", "A1"}, []string{"b@acme.example", "c@acme.example"}},
		"a key of a map": {[]cty.Path{cty.GetAttrPath("metadata").Index(cty.StringVal("desk"))}, all, []string{`{"metadata":{"desk":"7"}}`}, []string{"team"}},
		"all of it":      {[]cty.Path{cty.GetAttrPath("metadata")}, all, []string{`{"metadata":{"desk":"7","team":"red"}}`}, nil},
		"an attribute that the schema does not know": {[]cty.Path{cty.GetAttrPath("extra").IndexString("colour"), cty.GetAttrPath("extra").IndexString("size")}, all,
			[]string{`{"colour":"blue","size":3}`}, nil},
		"a part of an attribute that is not merged": {[]cty.Path{cty.GetAttrPath("additional_info").GetAttr("has_us_bank_account")}, all, []string{"has_us_bank_account", "has_denied_bank_account"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const is = `{"id": "u1", "type": "business", "email": "ops@acme.example", "business_legal_name": "Acme", "status": "CREATED"}`
				written := w()
				if tt.people != nil {
					written["associated_persons"] = cty.ListVal(tt.people)
				}
				f := begin(t, "kira_user", written, map[string][]reply{getUser: {{200, is}}, putUser: {{200, is}}}, provider.Options{})
				f.op.Prior, f.op.Change = f.known(is), tt.change
				if _, err := f.Update(t.Context(), f.op); err != nil {
					t.Fatal(err)
				}
				for _, part := range tt.want {
					if n := strings.Count(f.body, part); n != 1 {
						t.Errorf("%s is sent %d times: %s", part, n, f.body)
					}
				}
				for _, part := range tt.not {
					if strings.Contains(f.body, part) {
						t.Errorf("%s is sent: %s", part, f.body)
					}
				}
			})
		})
	}
}

// A read tells an object that is gone from one that cannot be read, and keeps whether
// it was adopted.
func TestAnAnswerToARead(t *testing.T) {
	for name, tt := range map[string]struct {
		answers []reply
		want    string
	}{
		"200":                   {[]reply{{200, user("")}}, "done"},
		"404 about it":          {[]reply{{404, `{"code": "not_found", "message": "User u1 not found"}`}}, "gone refused"},
		"404 of a gateway":      {[]reply{{404, `{"message": "Cannot GET /v1/users/u1"}`}}, "refused"},
		"about another one":     {[]reply{{200, strings.Replace(user(""), "u1", "u2", 1)}}, "open"},
		"without an id":         {[]reply{{200, `{}`}}, "open"},
		"429, then 200":         {[]reply{{429, `{"message": "Slow"}`}, {200, user("")}}, "done"},
		"a cut, then 200":       {[]reply{{0, ""}, {200, user("")}}, "done"},
		"a cut, for ever":       {[]reply{{0, ""}}, "open"},
		"500, for ever":         {[]reply{{500, `{"message": "Oops"}`}}, "open"},
		"422, which is strange": {[]reply{{422, `{"message": "No"}`}}, "refused"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := rename(t, map[string][]reply{getUser: tt.answers}, provider.Options{})
				f.op.Prior.Adopted = true
				res, err := f.Read(t.Context(), f.op)
				if got := outcome(err); got != tt.want {
					t.Errorf("%s, want %s: %v", got, tt.want, err)
				}
				if done := tt.want == "done"; done != (res.ID == "u1") || done != res.Adopted {
					t.Errorf("the object is %+v", res)
				}
			})
		})
	}
}
