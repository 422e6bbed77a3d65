package engine_test

import (
	"net/http"
	"strings"
	"testing"

	"kiraform/internal/addr"
	"kiraform/internal/engine"
	"kiraform/internal/event"
	"kiraform/plan"
)

const account = `provider "kira" {
  environment = "simulator"
}
resource "kira_virtual_account" "act" {
  user_id  = "USER"
  type     = "US_BANK"
  provider = "act"
  mode     = "fiat"
}
`

func TestWhatExistsIsNotAdoptedUnlessThatIsAllowed(t *testing.T) {
	w := newWorld(t)
	src := "provider \"kira\" {\n  environment = \"simulator\"\n}\n" + human
	pl := w.run(t, src, engine.PlanOptions{}, true)
	id := pl.State.Resources[addr.Resource{Kind: "kira_user", Name: "maria"}].ID
	own := strings.Replace(account, "USER", id, 1)
	w.run(t, own+human, engine.PlanOptions{}, true)

	st, err := w.store().Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	delete(st.Resources, addr.Resource{Kind: "kira_virtual_account", Name: "act"})
	if err := w.store().Save(t.Context(), st); err != nil {
		t.Fatal(err)
	}

	p, err := engine.Open(w.options(own + human))
	if err != nil {
		t.Fatal(err)
	}
	pl, err = p.Plan(t.Context(), engine.PlanOptions{})
	if err != nil {
		t.Fatal(err)
	}
	only := engine.Limits{Allow: []plan.Action{plan.Create}}
	if pl.Within(only) != nil {
		return // it was found when planning
	}
	sum, err := p.Apply(t.Context(), pl, engine.ApplyOptions{Allow: only.Allow})
	if err != nil || sum.Failed != 1 || !strings.Contains(w.said(), "-allow does not allow that") {
		t.Errorf("%+v, %v\n%s", sum, err, w.said())
	}
	for _, e := range w.events {
		if _, ok := e.(event.Adopted); ok {
			t.Error("it was adopted")
		}
	}
}

const human = `resource "kira_user" "maria" {
  type = "individual"
  verification_mode = "automatic"
  first_name = "Maria"
  last_name = "Gonzalez"
  birth_date = "1990-05-15"
  email = "maria@example.com"
  phone = "+525512345678"
  nationality = "MEX"
  address_street = "Av. Reforma 123"
  address_city = "Ciudad de Mexico"
  address_state = "CDMX"
  address_zip_code = "06600"
  address_country = "MEX"
  document_type = "passport"
  document_number = "G12345678"
  document_country = "MEX"
  immigration_status = "Non-Resident of U.S."
  employment_status = "employed"
  current_employer = "Self"
  occupation = "Engineer"
  source_of_funds = "salary"
  account_purpose = "receive_payments"
  additional_info = {
    has_us_bank_account = "no"
    has_denied_bank_account = "no"
  }
}
`

// In production unknown attributes need a consent where the plan sends them, and not
// where it puts the change off.
func TestUnknownAttributesThatAreNotSent(t *testing.T) {
	w := newWorld(t)
	src := `provider "kira" {
  environment = "production"
}
` + strings.Replace(human, "additional_info", "extra = { tier = \"gold\" }\n  extra_on = [\"create\", \"update\"]\n  additional_info", 1)
	w.run(t, src, engine.PlanOptions{}, true)
	id := w.userID(t, "maria@example.com")
	gateway := false
	w.answer(t, func(r *http.Request) (int, string) {
		if gateway && r.Method == "GET" && strings.HasSuffix(r.URL.Path, "/v1/users/"+id) {
			return 404, "404 page not found: /v1/users/" + id
		}
		return 0, ""
	})
	for _, tt := range []struct {
		unread bool
		does   plan.Action
	}{{false, plan.Update}, {true, plan.Defer}} {
		gateway = tt.unread
		pl := w.run(t, strings.Replace(src, "gold", "silver", 1), engine.PlanOptions{Full: true}, false)
		if len(pl.Changes) != 1 || pl.Changes[0].Action != tt.does || len(pl.Changes[0].Because) == 0 {
			t.Fatalf("unread %t: the plan has %+v", tt.unread, pl.Changes)
		}
		err := pl.Within(engine.Limits{})
		if asked := err != nil && strings.Contains(w.said(), "extra-not-allowed"); asked == tt.unread {
			t.Errorf("unread %t: %v\n%s", tt.unread, err, w.said())
		}
	}
}
