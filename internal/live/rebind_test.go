package live

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"slices"
	"testing"
	"time"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/kira"
	"kiraform/schema/kinds"
	"kiraform/state"
)

var (
	shown   = addr.Resource{Kind: "kira_user", Name: "shown"}
	unshown = addr.Resource{Kind: "kira_webhook", Name: "unshown"}
)

// Nothing speaks for an object that Kira never shows where no other was found, or where
// the account is another one.
func TestObjectsThatNothingSpeaksFor(t *testing.T) {
	mine, theirs := state.Place{Address: "https://a", Account: "mine"}, state.Place{Address: "https://b", Account: "theirs"}
	for name, tt := range map[string]struct {
		Rebinding
		want bool
	}{
		"another was found, in the same account": {Rebinding{Of: mine, To: mine, Found: 1, Unshown: []addr.Resource{unshown}}, false},
		"another was found, in another account":  {Rebinding{Of: mine, To: theirs, Found: 1, Unshown: []addr.Resource{unshown}}, true},
		"no other was found":                     {Rebinding{Of: mine, To: mine, Unshown: []addr.Resource{unshown}}, true},
		"every object is shown":                  {Rebinding{Of: mine, To: theirs}, false},
	} {
		if got := tt.Unproven(); got != tt.want {
			t.Errorf("%s: unproven is %v", name, got)
		}
	}
}

// The ledger has an object that is not at the new place; one that cannot be read may be
// there.
func TestBind(t *testing.T) {
	for name, failed := range map[string]error{"gone": nil, "cannot be read": errors.New("500")} {
		st := state.New("l")
		st.Resources[shown] = state.Object{ID: "u1"}
		r := &Rebinding{Of: state.Place{Address: "https://a"}, To: state.Place{Address: "https://b"}, Missing: []addr.Resource{shown}, Failed: map[addr.Resource]error{}, state: st}
		if failed != nil {
			r.Failed[shown] = failed
		}
		r.Bind(time.Now())
		if left := len(st.Left) > 0; left != (failed == nil) {
			t.Errorf("%s: the ledger has it: %v", name, left)
		}
		if st.Place != r.To {
			t.Errorf("%s: the state is of %v", name, st.Place)
		}
	}
}

// answers are the failures of a Kira, by the id that is asked for; every other object lives.
type answers map[string]error

// Do implements [kinds.API].
func (a answers) Do(_ context.Context, r kira.Request, out any) error {
	id := path.Base(r.Path)
	if err := a[id]; err != nil {
		return err
	}
	return json.Unmarshal(fmt.Appendf(nil, `{"id": %q, "type": "individual", "status": "CREATED"}`, id), out)
}

// Each object is found, is missing, may be there, or is one that Kira never shows. Where
// nothing can be looked at, nothing is told of any.
func TestRebindLooksAtEachObject(t *testing.T) {
	st := state.New("l")
	user := func(name string) addr.Resource { return addr.Resource{Kind: "kira_user", Name: name} }
	for _, name := range []string{"a", "b", "broken", "gone", "lost"} {
		st.Resources[user(name)] = state.Object{ID: name}
	}
	st.Resources[unshown] = state.Object{ID: "w"}
	missing, broken := &kira.Error{Status: 404, Code: "not_found"}, &kira.Error{Status: 500}
	to := state.Place{Address: "https://b"}
	r, err := Rebind(t.Context(), st, state.Place{}, to, kinds.Call{API: answers{"lost": missing, "gone": missing, "broken": broken}}, 2)
	if err != nil {
		t.Fatal(err)
	}
	if r.Found != 2 || !slices.Equal(r.Missing, []addr.Resource{user("broken"), user("gone"), user("lost")}) || !slices.Equal(r.Unshown, []addr.Resource{unshown}) ||
		len(r.Failed) != 1 || !errors.Is(r.Failed[user("broken")], broken) {
		t.Errorf("it is told as %+v", r)
	}
	for name, err := range map[string]error{"it knows nobody": &kira.Error{Status: 401}, "it does not answer": &kira.NoAnswer{Err: errors.New("cut off")}} {
		if _, got := Rebind(t.Context(), st, state.Place{}, to, kinds.Call{API: answers{"b": err}}, 2); !errors.Is(got, err) {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// A create that was never answered may go out once more at the place that it was for, and
// nowhere else. Where nothing speaks for what Kira never shows, it counts as never sent.
func TestBindToAnotherPlace(t *testing.T) {
	mine, theirs := state.Place{Address: "https://a", Account: "mine"}, state.Place{Address: "https://b", Account: "theirs"}
	for name, tt := range map[string]struct {
		of, to     state.Place
		found      int
		unanswered bool
		sent       bool
	}{
		"the same place":                       {mine, mine, 1, false, true},
		"another account":                      {mine, theirs, 1, true, false},
		"another account with nothing in it":   {mine, theirs, 0, true, false},
		"another address of the account":       {mine, state.Place{Address: "https://b", Account: "mine"}, 1, true, true},
		"another port of this machine":         {state.Place{Address: "http://127.0.0.1:1"}, state.Place{Address: "http://127.0.0.1:2"}, 1, false, true},
		"another world on this machine":        {state.Place{Address: "http://127.0.0.1:1"}, state.Place{Address: "http://127.0.0.1:2"}, 0, true, false},
		"from this machine to another":         {state.Place{Address: "http://127.0.0.1:1"}, state.Place{Address: "https://b"}, 1, true, true},
		"a state without a place, and objects": {state.Place{}, state.Place{Address: "https://b"}, 1, false, true},
		"a state without a place, and nothing": {state.Place{}, state.Place{Address: "https://b"}, 0, true, false},
	} {
		st := state.New("l")
		st.Place = tt.of
		key, err := state.NewKey([]byte("a key of 16 bytes"))
		if err != nil {
			t.Fatal(err)
		}
		webhook, _ := kinds.ByName("kira_webhook")
		st.Resources[unshown] = state.Object{ID: "w", Sent: key.Seal(webhook.Schema, "", cty.ObjectVal(map[string]cty.Value{"webhook_url": cty.StringVal("https://x")}))}
		st.Intents["k"] = state.Intent{Key: "k", Addr: shown, Action: "create"}
		st.Intents["u"] = state.Intent{Key: "u", Addr: unshown, Action: "update", ID: "w"}
		r := &Rebinding{Of: tt.of, To: tt.to, Found: tt.found, Unshown: []addr.Resource{unshown}, state: st}
		if got := r.Unanswered(); slices.Equal(got, []addr.Resource{shown}) != tt.unanswered || len(got) > 1 {
			t.Errorf("%s: creates without an answer are %v", name, got)
		}
		r.Bind(time.Now())
		if got := !st.Resources[unshown].Sent.IsZero(); got != tt.sent {
			t.Errorf("%s: that it was sent is %v", name, got)
		}
	}
}
