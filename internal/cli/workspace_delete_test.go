package cli

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"kiraform/internal/addr"
	"kiraform/state"
)

// stuck is a shelf that nothing can be taken from.
type stuck struct {
	shelf
	err error
}

func (s stuck) remove(context.Context, string, kept) error { return s.err }

func living() *state.State {
	user := func(name string) addr.Resource { return addr.Resource{Kind: "kira_user", Name: name} }
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	st := state.New("l")
	st.Resources[user("eva")], st.Resources[user("ana")] = state.Object{ID: "u2"}, state.Object{ID: "u1"}
	st.Left = []state.LeftBehind{{Addr: user("ida"), ID: "u3"}, {Addr: user("leo"), ID: "u1"}} // the latter is ana's by now
	st.Intents["k1"] = state.Intent{Key: "k1", Addr: user("rosa"), Action: "create", At: noon.Add(time.Hour)}
	st.Intents["k2"] = state.Intent{Key: "k2", Addr: user("rosa"), Action: "create", At: noon}
	st.Intents["k3"] = state.Intent{Key: "k3", Addr: user("ana"), Action: "update", ID: "u1", At: noon.Add(2 * time.Hour)}
	return st
}

// Everything that lives on is named when a workspace goes, each request of it too, also
// where the state does not say of which Kira it is.
func TestADeletedWorkspaceNamesWhatLivesOn(t *testing.T) {
	const objects = "  kira_user.ana u1\n  kira_user.eva u2\n  kira_user.ida u3\n"
	const requests = "  update kira_user.ana, of 2026-03-01 14:00:00 UTC\n  create kira_user.rosa, of 2026-03-01 12:00:00 UTC\n  create kira_user.rosa, of 2026-03-01 13:00:00 UTC\n"
	theirs, ours := "These live on at %, and nothing manages them any more:\n", "These requests had no answer, and their objects may live on at %:\n"
	at := func(text, place string) string { return strings.ReplaceAll(text, "%", place) }
	for name, tt := range map[string]struct {
		change func(*state.State)
		want   string
	}{
		"of no place": {func(*state.State) {}, at(theirs, "Kira") + objects + at(ours, "Kira") + requests},
		"of a place": {func(s *state.State) {
			s.Place = state.Place{Environment: "sandbox", Address: "https://kira.example", Account: "acme"}
		},
			at(theirs, "Kira's PRODUCTION at https://kira.example, account acme") + objects + at(ours, "Kira's PRODUCTION at https://kira.example, account acme") + requests},
		"of a simulated world":  {func(s *state.State) { s.Place.World = "w" }, "Its simulated world went with it.\n"},
		"with requests alone":   {func(s *state.State) { clear(s.Resources); s.Left = nil }, at(ours, "Kira") + requests},
		"with objects alone":    {func(s *state.State) { clear(s.Intents) }, at(theirs, "Kira") + objects},
		"with the ledger alone": {func(s *state.State) { clear(s.Intents); clear(s.Resources); s.Left = s.Left[:1] }, at(theirs, "Kira") + "  kira_user.ida u3\n"},
		"with nothing":          {func(s *state.State) { *s = *state.New("l") }, ""},
	} {
		st := living()
		tt.change(st)
		var out bytes.Buffer
		if err := (&app{Env: Env{Stdout: &out}}).clear(t.Context(), stuck{}, "other", kept{}, st); err != nil || out.String() != "Deleted the workspace other.\n"+tt.want {
			t.Errorf("%s: %v\n%swant\n%s", name, err, &out, tt.want)
		}
	}
}

// A workspace that cannot be deleted is not said to be, and nothing is said to be on its own.
func TestAWorkspaceThatCannotBeDeleted(t *testing.T) {
	var out bytes.Buffer
	full := errors.New("device or resource busy")
	if err := (&app{Env: Env{Stdout: &out}}).clear(t.Context(), stuck{err: full}, "other", kept{}, living()); !errors.Is(err, full) || out.Len() > 0 {
		t.Errorf("%v\n%s", err, &out)
	}
}

// A workspace that is still needed says all that is in the way; an address with two
// requests is named once.
func TestAWorkspaceInTheWay(t *testing.T) {
	st := living()
	const want = `the state of the workspace other manages 2 resources and has 3 requests without an answer.
Run "kiraform destroy" in it first.
Once you have looked at Kira for the objects of the requests without an answer:
  KIRAFORM_WORKSPACE=other kiraform state rm -unanswered kira_user.ana
  KIRAFORM_WORKSPACE=other kiraform state rm -unanswered kira_user.rosa
To forget where they are: kiraform workspace delete -force other`
	if got := inTheWay("other", st).Error(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
