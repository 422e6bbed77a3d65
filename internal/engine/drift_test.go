package engine_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"kiraform/internal/engine"
	"kiraform/internal/event"
)

const driftSource = `
provider "kira" { environment = "simulator" }

resource "kira_user" "maria" {
  type            = "individual"
  first_name      = "Maria"
  last_name       = "Gonzalez"
  birth_date      = "1990-05-15"
  nationality     = "MEX"
  email           = "maria@example.com"
  phone           = "+525512345678"
  source_of_funds = "salary"
  metadata        = { tier = "gold", note = "x" }
  identifying_information = [{ type = "passport", issuing_country = "MEX", number = "G12345678", expiration = "2030-05-15" }]
}

resource "kira_user" "otto" {
  type            = "individual"
  first_name      = "Otto"
  last_name       = "Klein"
  birth_date      = "1985-02-03"
  nationality     = "DEU"
  email           = "otto@example.com"
  source_of_funds = "salary"
}
`

// put changes a user behind kiraform's back.
func (w *world) put(t *testing.T, id, body string) {
	t.Helper()
	token := struct {
		Data struct {
			Token string `json:"access_token"`
		} `json:"data"`
	}{}
	w.ask(t, "POST", "/auth", `{"client_id":"51000000-0000-4000-8000-000000000000","password":"p"}`, "", &token)
	w.ask(t, "PUT", "/v1/users/"+id, body, token.Data.Token, nil)
}

func (w *world) ask(t *testing.T, method, path, body, token string, out any) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, w.url+"/sandbox"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("x-api-key", "k")
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode >= 300 {
		t.Fatalf("%s %s: %s %s %v", method, path, res.Status, data, err)
	}
	if out != nil {
		if err := json.Unmarshal(data, out); err != nil {
			t.Fatal(err)
		}
	}
}

func (w *world) userID(t *testing.T, email string) string {
	t.Helper()
	for _, u := range w.sim.Users() {
		if u["email"] == email {
			return u["id"].(string)
		}
	}
	t.Fatalf("there is no user %s", email)
	return ""
}

// drift returns the report, one line for each difference.
func (w *world) drift(t *testing.T, src string) (out []string, drifted bool) {
	t.Helper()
	p, err := engine.Open(w.options(src))
	if err != nil {
		t.Fatalf("%v\n%s", err, w.said())
	}
	d, err := p.Drift(context.Background(), engine.PlanOptions{})
	if err != nil {
		t.Fatalf("%v\n%s", err, w.said())
	}
	for _, r := range d.Resources {
		if r.Gone {
			out = append(out, r.Addr.String()+" gone")
		}
		for _, a := range r.Attrs {
			out = append(out, fmt.Sprintf("%s.%s %s %s/%s", r.Addr, a.Path, a.Cause, shown(a.Written), shown(a.Live)))
		}
	}
	return out, d.Drifted()
}

func shown(l event.Leaf) string {
	switch {
	case l.Text != nil:
		return string(*l.Text)
	case l.Sensitive:
		return "(sensitive)"
	}
	return l.Literal
}

func TestDriftTellsWhoMadeTheDifference(t *testing.T) {
	for _, tt := range []struct {
		name  string
		put   string // the change at Kira
		edit  []string
		want  []string
		drift bool
	}{
		{name: "nothing differs"},
		{name: "Kira changed it", put: `{"first_name":"Mary"}`,
			want: []string{"kira_user.maria.first_name drifted Maria/Mary"}, drift: true},
		{name: "the configuration changed it", edit: []string{`"Gonzalez"`, `"Lopez"`},
			want: []string{"kira_user.maria.last_name configured Lopez/Gonzalez"}},
		{name: "both changed it", put: `{"first_name":"Mary"}`, edit: []string{`"Maria"`, `"Marie"`},
			want: []string{"kira_user.maria.first_name both Marie/Mary"}, drift: true},
		{name: "the configuration follows Kira", put: `{"first_name":"Mary"}`, edit: []string{`"Maria"`, `"Mary"`}},
		{name: "a member of a map", put: `{"metadata":{"tier":"lead"}}`,
			want: []string{`kira_user.maria.metadata["tier"] drifted gold/lead`}, drift: true},
		{name: "a member that is not ours", put: `{"metadata":{"other":"1"}}`},
		{name: "something sensitive in an entry", put: `{"identifying_information":[{"type":"passport","number":"X1","issuing_country":"MEX"}]}`,
			want: []string{"kira_user.maria.identifying_information[0].number drifted (sensitive)/(sensitive)"}, drift: true},
		{name: "what Kira cannot show", edit: []string{`"salary"`, `"gifts"`},
			want: []string{"kira_user.maria.source_of_funds configured gifts/"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			w.run(t, driftSource, engine.PlanOptions{}, true)
			if tt.put != "" {
				w.put(t, w.userID(t, "maria@example.com"), tt.put)
			}
			src := driftSource
			if tt.edit != nil {
				src = strings.Replace(src, tt.edit[0], tt.edit[1], 1)
			}
			got, drifted := w.drift(t, src)
			if !reflect.DeepEqual(got, tt.want) || drifted != tt.drift {
				t.Errorf("got %q, drifted: %t; want %q, %t", got, drifted, tt.want, tt.drift)
			}
		})
	}
}

// An attribute that Kira itself sets never counts, and one that it changed is
// not taken for an error of the plan, even where it could not be changed back.
func TestDriftIgnoresWhatKiraSets(t *testing.T) {
	w := newWorld(t)
	w.run(t, driftSource, engine.PlanOptions{}, true)
	if err := w.sim.SetUserStatus(w.userID(t, "maria@example.com"), "REVIEW"); err != nil {
		t.Fatal(err)
	}
	if got, drifted := w.drift(t, driftSource); len(got) > 0 || drifted {
		t.Errorf("a status was taken for drift: %q", got)
	}
}

func TestDriftSaysWhatIsGone(t *testing.T) {
	w := newWorld(t)
	w.run(t, driftSource, engine.PlanOptions{}, true)
	if err := w.sim.Reset(); err != nil {
		t.Fatal(err)
	}
	got, drifted := w.drift(t, strings.Split(driftSource, `resource "kira_user" "otto"`)[0])
	if want := []string{"kira_user.maria gone", "kira_user.otto gone"}; !drifted || !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, drifted: %t; want %q, whether it is still written or not", got, drifted, want)
	}
}

// refresh looks, and takes the changes that it sees into the state if accept
// says so.
func (w *world) refresh(t *testing.T, accept bool) (planned []event.Planned, moved int) {
	t.Helper()
	p, err := engine.Open(w.options(driftSource))
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.Refresh(context.Background(), engine.PlanOptions{GoneOK: engine.GoneOK{N: 2}})
	if err != nil {
		t.Fatal(err)
	}
	if accept {
		if err := p.Accept(context.Background(), r); err != nil {
			t.Fatal(err)
		}
	}
	for _, e := range w.events {
		if e, ok := e.(event.Planned); ok {
			planned = append(planned, e)
		}
	}
	return planned, r.Moved
}

func TestRefreshOnlyTakesWhatIsLiveIntoTheState(t *testing.T) {
	w := newWorld(t)
	w.run(t, driftSource, engine.PlanOptions{}, true)
	maria := w.userID(t, "maria@example.com")
	w.put(t, maria, `{"first_name":"Mary","metadata":{"tier":"lead"}}`)
	for range 2 { // a look changes nothing
		planned, moved := w.refresh(t, false)
		if moved != 1 || len(planned) != 1 || planned[0].Action != "drift" || planned[0].ID != maria {
			t.Fatalf("saw %d move: %+v; want maria", moved, planned)
		}
		text, err := json.Marshal(planned[0].Nodes)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{`"first_name"`, `"Maria"`, `"Mary"`, `"tier"`, `"gold"`, `"lead"`} {
			if !strings.Contains(string(text), want) {
				t.Errorf("%s is not in %s", want, text)
			}
		}
	}
	w.refresh(t, true)
	if _, moved := w.refresh(t, false); moved != 0 {
		t.Errorf("after it was accepted, %d still moved", moved)
	}
	if got, drifted := w.drift(t, driftSource); !drifted || len(got) != 2 {
		t.Errorf("the report says %q; what is accepted is still not what is written", got)
	}
}

func TestRefreshOnlyDropsWhatIsGone(t *testing.T) {
	w := newWorld(t)
	w.run(t, driftSource, engine.PlanOptions{}, true)
	if err := w.sim.Reset(); err != nil {
		t.Fatal(err)
	}
	planned, moved := w.refresh(t, true)
	if moved != 2 || len(planned) != 2 || planned[0].Action != "gone" {
		t.Errorf("saw %d move: %+v; want both gone", moved, planned)
	}
	st, err := w.store().Load(t.Context())
	if err != nil || len(st.Resources) != 0 || len(st.Left) != 2 || st.Left[0].Why != "gone" {
		t.Errorf("the state has %v and the ledger %v (%v); want both in the ledger", st.Resources, st.Left, err)
	}
}
