package discover_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"kiraform/internal/addr"
	"kiraform/internal/discover"
	"kiraform/internal/kira"
	"kiraform/schema/kinds"
	"kiraform/state"
)

// lists is a Kira that shows these bodies, by path; a path that it does not have is
// answered as an object that is not there, and a body that is a number with that status.
type lists map[string]string

func (l lists) Do(_ context.Context, r kira.Request, out any) error {
	path, query, _ := strings.Cut(r.Path, "?")
	if strings.HasPrefix(path, "/v1/recipients") && query != "" {
		path = r.Path
	}
	body, ok := l[path]
	switch {
	case body == "403":
		return &kira.Error{Method: r.Method, Path: path, Status: 403, Message: "Not yours"}
	case !ok && strings.Count(path, "/") == 2:
		body = `{"data": [], "recipients": [], "total": 0}`
	case !ok && strings.HasSuffix(path, "/liquidation-address"):
		body = `[]`
	case !ok:
		return &kira.Error{Method: r.Method, Path: path, Status: 404, Code: "not_found", Message: "Not there"}
	}
	return json.Unmarshal([]byte(body), out)
}

// rows adds a list of objects, newest first, each of which can be read.
func (l lists) rows(path, id string, objects ...string) lists {
	l[path] = `{"data": [` + strings.Join(objects, ", ") + `]}`
	for _, o := range objects {
		var row map[string]any
		if err := json.Unmarshal([]byte(o), &row); err != nil {
			panic(err)
		}
		l[path+"/"+row[id].(string)] = o
	}
	return l
}

// of adds the recipients of a user, oldest first.
func (l lists) of(user string, objects ...string) lists {
	const path = "/v1/recipients"
	l.rows(path, "recipient_id", objects...)
	l[path+"?user_id="+user] = `{"recipients": [` + strings.Join(objects, ", ") + `]}`
	delete(l, path)
	return l
}

const (
	ana = `{"id": "u1", "type": "individual", "email": "ana@example.com", "first_name": "Ana", "last_name": "Ruiz", "birth_date": "1990-05-15",
	"nationality": "MEX", "phone": "12", "status": "CREATED", "metadata": {"team": "red", "kiraform_lineage": "x", "kiraform_request": "k"}}`
	another = `{"id": "u2", "type": "individual", "email": "ana@acme.example", "first_name": "Ana", "last_name": "Diaz", "birth_date": "1990-05-15",
	"nationality": "MEX", "status": "CREATED", "metadata": {"kiraform_lineage": "x"}}`
	payee = `{"recipient_id": "%", "user_id": "@", "account_type": "SPEI", "first_name": "Ida", "last_name": "Luz", "account": {"account_type": "SPEI"}}`
)

func payeeOf(user, id string) string { return strings.NewReplacer("%", id, "@", user).Replace(payee) }

// found discovers with a configuration and a state, which has objects at addresses.
func found(t *testing.T, api kinds.API, src string, managed map[string]string) (*discover.Found, error) {
	t.Helper()
	st := state.New("l")
	for a, id := range managed {
		at, err := addr.Parse(a)
		if err != nil {
			t.Fatal(err)
		}
		st.Resources[at] = state.Object{ID: id}
	}
	return discover.All(t.Context(), kinds.Call{API: api}, compile(t, simulated+src), st)
}

// The oldest object comes first, and the one that comes later under the same name gets a
// number. An attribute that the rules refuse is left out and said; so are, without a word,
// marks of an owner, things that Kira sets, and values that are empty.
func TestTheBlockOfAUser(t *testing.T) {
	got, err := found(t, make(lists).rows("/v1/users", "id", another, ana), "", nil)
	if err != nil || got.Objects != 2 || len(got.Variables) > 0 {
		t.Fatalf("%+v, %v", got, err)
	}
	const want = `resource "kira_user" "ana" {
  type  = "individual"
  email = "ana@example.com"
  # phone is left out: Not a phone number
  metadata = {
    team = "red"
  }
  first_name  = "Ana"
  last_name   = "Ruiz"
  birth_date  = "1990-05-15"
  nationality = "MEX"
}

import {
  to = kira_user.ana
  id = "u1"
}

resource "kira_user" "ana_2" {
  type        = "individual"
  email       = "ana@acme.example"
  first_name  = "Ana"
  last_name   = "Diaz"
  birth_date  = "1990-05-15"
  nationality = "MEX"
}

import {
  to = kira_user.ana_2
  id = "u2"
}

`
	if string(got.HCL) != want {
		t.Errorf("got\n%s", got.HCL)
	}
	const taken = `
resource "kira_user" "ana" {
  type              = "individual"
  verification_mode = "verification_link"
  first_name        = "Ana"
  last_name         = "Luz"
  email             = "luz@example.com"
}
`
	if got, err := found(t, make(lists).rows("/v1/users", "id", another, ana), taken, nil); err != nil || !strings.Contains(string(got.HCL), `"kira_user" "ana_2"`) ||
		!strings.Contains(string(got.HCL), `"kira_user" "ana_3"`) {
		t.Errorf("beside a block that is there already: %v\n%s", err, got.HCL)
	}
}

// Secrets, and values that the rules ask for and Kira does not show, are variables of the
// type of the attribute; one that is a secret is declared so. People of a list are told
// apart by their e-mail. A variable of an attribute that is left out is none.
func TestTheBlockOfABusiness(t *testing.T) {
	const acme = `{"id": "u3", "type": "business", "email": "ops@acme.example", "business_legal_name": "Acme", "formation_date": "2020-01-15", "formation_country": "USA",
	"status": "CREATED", "business_industry": [], "associated_persons": [
	{"first_name": "Ida", "last_name": "Luz", "document_number": "D1", "email": "ida@acme.example", "role": "control_prong", "nationality": "USA", "ssn": "222-22-2221"},
	{"first_name": "Leo", "last_name": "Luz", "document_number": "D2", "email": "leo@acme.example", "nationality": "USA", "ssn": "222-22-2221"}],
	"identifying_information": [{"type": "w9", "number": "N1"}]}`
	got, err := found(t, make(lists).rows("/v1/users", "id", acme), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	const want = `variable "user_acme_associated_persons_ida_acme_example_document_number" {
  type        = string
  description = "document number of kira_user.acme"
  sensitive   = true
}

variable "user_acme_associated_persons_ida_acme_example_ssn" {
  type        = string
  description = "ssn of kira_user.acme"
  sensitive   = true
}

variable "user_acme_associated_persons_leo_acme_example_document_number" {
  type        = string
  description = "document number of kira_user.acme"
  sensitive   = true
}

variable "user_acme_associated_persons_leo_acme_example_ssn" {
  type        = string
  description = "ssn of kira_user.acme"
  sensitive   = true
}

variable "user_acme_business_type" {
  type        = string
  description = "business type of kira_user.acme"
}

resource "kira_user" "acme" {
  type                = "business"
  email               = "ops@acme.example"
  business_legal_name = "Acme"
  formation_country   = "USA"
  associated_persons = [{
    first_name      = "Ida"
    last_name       = "Luz"
    email           = "ida@acme.example"
    role            = "control_prong"
    nationality     = "USA"
    document_number = var.user_acme_associated_persons_ida_acme_example_document_number
    ssn             = var.user_acme_associated_persons_ida_acme_example_ssn
    }, {
    first_name      = "Leo"
    last_name       = "Luz"
    email           = "leo@acme.example"
    nationality     = "USA"
    document_number = var.user_acme_associated_persons_leo_acme_example_document_number
    ssn             = var.user_acme_associated_persons_leo_acme_example_ssn
  }]
  business_type = var.user_acme_business_type
}

import {
  to = kira_user.acme
  id = "u3"
}

`
	if string(got.HCL) != want {
		t.Errorf("got\n%s", got.HCL)
	}
	left := strings.ReplaceAll(acme, `, "nationality": "USA", "ssn": "222-22-2221"`, "")
	if got, err = found(t, make(lists).rows("/v1/users", "id", left), "", nil); err != nil || !slices.Equal(got.Variables, []string{"user_acme_business_type"}) ||
		!strings.Contains(string(got.HCL), "# associated_persons is left out: ") {
		t.Errorf("%v, the variables are %q; got\n%s", err, got.Variables, got.HCL)
	}
	// One person whom the rules refuse is left out alone, with the reason.
	for without, want := range map[string]string{
		`, "email": "leo@acme.example"`: "  # Leo Luz is left out of associated_persons: Kira recognises an entry of associated_persons by its email: one without it is added again by every update, and can never be removed\n  associated_persons = [{",
		`"first_name": "Leo", `:         "  # Luz is left out of associated_persons: associated_persons[1] needs first_name\n  associated_persons = [{",
	} {
		got, err = found(t, make(lists).rows("/v1/users", "id", strings.Replace(acme, without, "", 1)), "", nil)
		if err != nil || !strings.Contains(string(got.HCL), want) || !strings.Contains(string(got.HCL), `"ida@acme.example"`) || strings.Contains(string(got.HCL), "_leo_") ||
			len(got.Variables) != 3 {
			t.Errorf("without %s: %v, the variables are %q; got\n%s", without, err, got.Variables, got.HCL)
		}
	}
	got, err = found(t, make(lists).rows("/v1/users", "id", ana).of("u1", payeeOf("u1", "r1")), "", nil)
	if err != nil || !strings.Contains(string(got.HCL), "type = object({\n    account_type                = string\n    bank_name                   = optional(string)\n") {
		t.Errorf("%v, got\n%s", err, got.HCL)
	}
}

// An object refers to its owner where that has a block, also one with a key, and has the
// id of any other.
func TestReferences(t *testing.T) {
	const staff = `
resource "kira_user" "staff" {
  for_each          = toset(["ana"])
  type              = "individual"
  verification_mode = "verification_link"
  first_name        = "Ana"
  last_name         = "Ruiz"
  email             = "ana@example.com"
}
resource "kira_user" "desk" {
  count             = 1
  type              = "individual"
  verification_mode = "verification_link"
  first_name        = "Eva"
  last_name         = "Ruiz"
  email             = "eva@example.com"
}
`
	users := make(lists).rows("/v1/users", "id", another, ana)
	for name, tt := range map[string]struct {
		managed map[string]string
		user    string
		want    string
		address string
	}{
		"of a user with a key":          {map[string]string{`kira_user.staff["ana"]`: "u1"}, "u1", `user_id    = kira_user.staff["ana"].id`, "kira_recipient.staff_ida_luz"},
		"of a user with an index":       {map[string]string{`kira_user.desk[0]`: "u1"}, "u1", `user_id    = kira_user.desk[0].id`, "kira_recipient.desk_ida_luz"},
		"of a user who is written anew": {nil, "u1", `user_id    = kira_user.ana.id`, "kira_recipient.ana_ida_luz"},
		"of a user without a block":     {map[string]string{`kira_user.gone`: "u1"}, "u1", `user_id    = "u1"`, "kira_recipient.gone_ida_luz"},
	} {
		got, err := found(t, users.of(tt.user, payeeOf(tt.user, "r1")), staff, tt.managed)
		if err != nil {
			t.Fatal(err)
		}
		if text := string(got.HCL); !strings.Contains(text, tt.want+"\n") || !strings.Contains(text, "to = "+tt.address+"\n") {
			t.Errorf("%s: there is no %q, or no %s in\n%s", name, tt.want, tt.address, text)
		}
	}
}

// Accounts say themselves whose they are. Those of a user who lives on without a block have
// the id. What Kira lists newest first is written oldest first, and what it lists by owner
// in its own order.
func TestTheOrder(t *testing.T) {
	const account = `{"id": "a%", "user_id": "u%", "type": "US_BANK", "mode": "fiat", "provider": "act"}`
	of := func(n string) string { return strings.ReplaceAll(account, "%", n) }
	l := make(lists).rows("/v1/users", "id", another, ana).rows("/v1/virtual-accounts", "id", of("7"), of("2"), of("1"))
	l.of("u1", payeeOf("u1", "r1"), payeeOf("u1", "r2"))
	got, err := found(t, l, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	var order []string
	for line := range strings.Lines(string(got.HCL)) {
		if name, value, _ := strings.Cut(strings.TrimSpace(line), "="); strings.TrimSpace(name) == "id" || strings.TrimSpace(name) == "user_id" {
			order = append(order, strings.Trim(value, " \""))
		}
	}
	want := []string{"u1", "u2", "kira_user.ana.id", "a1", "kira_user.ana_2.id", "a2", "u7", "a7", "kira_user.ana.id", "r1", "kira_user.ana.id", "r2"}
	if !slices.Equal(order, want) {
		t.Errorf("%q\nwant %q\n%s", order, want, got.HCL)
	}
	for _, name := range []string{`"kira_virtual_account" "ana_act_fiat"`, `"kira_virtual_account" "ana_2_act_fiat"`, `"kira_virtual_account" "act_fiat"`} {
		if !strings.Contains(string(got.HCL), name) {
			t.Errorf("there is no %s in\n%s", name, got.HCL)
		}
	}
}

// What goes while it is looked at is no failure; a list or an object that cannot be read
// is one, since the configuration would lack it without a word.
func TestWhatCannotBeDiscovered(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(lists)
		want   string // in the error; "" for none
		n      int
	}{
		"all is there":                 {func(lists) {}, "", 3},
		"an object goes":               {func(l lists) { delete(l, "/v1/users/u2") }, "", 2},
		"an object cannot be read":     {func(l lists) { l["/v1/users/u2"] = "403" }, "look at the kira_user u2", 0},
		"a list cannot be read":        {func(l lists) { l["/v1/users"] = "403" }, "list Kira's objects of kira_user", 0},
		"a list of an owner cannot be": {func(l lists) { l["/v1/recipients?user_id=u1"] = "403" }, "list Kira's objects of kira_recipient", 0},
		"a later list cannot be read":  {func(l lists) { l["/v1/virtual-accounts"] = "403" }, "list Kira's objects of kira_virtual_account", 0},
		"an account of nobody is there": {func(l lists) {
			l.rows("/v1/virtual-accounts", "id", `{"id": "a1", "user_id": "u7", "mode": "fiat", "provider": "act"}`)
		}, "", 4},
	} {
		l := make(lists).rows("/v1/users", "id", another, ana).of("u1", payeeOf("u1", "r1"))
		l["/v1/recipients?user_id=u2"] = `{"recipients": []}`
		tt.change(l)
		got, err := found(t, l, "", nil)
		switch {
		case tt.want != "":
			if err == nil || !strings.Contains(err.Error(), tt.want) || got != nil {
				t.Errorf("%s: %+v, %v", name, got, err)
			}
		case err != nil || got.Objects != tt.n:
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}
