package file_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kiraform/internal/addr"
	"kiraform/state"
	"kiraform/state/file"
)

func payout(name string) addr.Resource {
	return addr.Resource{Action: true, Kind: "kira_payout", Name: name}
}

// An older generation does not undo a run: one that is done stays so, and one that
// was begun since is not forgotten.
func TestARestoreForgetsNoRun(t *testing.T) {
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	f := file.Store{Path: filepath.Join(t.TempDir(), "kira.state.json")}
	s := state.New("lineage")
	s.Runs["open"] = state.Run{Key: "open", Addr: payout("a"), At: at}
	s.Runs["lost"] = state.Run{Key: "lost", Addr: payout("d"), At: at, Done: true, ID: "p-9"}
	save := func() {
		t.Helper()
		if err := f.Save(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	save()
	s.Runs["open"] = state.Run{Key: "open", Addr: payout("a"), At: at, Done: true, ID: "p-1"}
	s.Runs["begun"] = state.Run{Key: "begun", Addr: payout("b"), At: at}
	s.Runs["known"] = state.Run{Key: "known", Addr: payout("b"), At: at, Done: true, ID: "p-2", Foreign: true}
	delete(s.Runs, "lost")
	save()
	if _, err := f.Restore(t.Context(), 1, admitted); err != nil {
		t.Fatal(err)
	}
	back, err := f.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if r := back.Runs; len(r) != 4 || !r["open"].Done || r["begun"].Done || !r["known"].Foreign || !r["lost"].Done {
		t.Errorf("after the restore there is %+v", back.Runs)
	}
}

// A kiraform that does not know of runs must not read a state that has some.
func TestAStateWithRunsIsOfAnotherVersion(t *testing.T) {
	s := state.New("lineage")
	for _, want := range []string{`"version": 3`, `"version": 4`} {
		data, err := state.Encode(s, "")
		if err != nil || !strings.Contains(string(data), want) {
			t.Errorf("%s, %v; want %s", data, err, want)
		}
		s.Runs["k"] = state.Run{Key: "k", Addr: payout("a")}
	}
}

// A run that somebody else was said to have done gives way to the run that did
// it.
func TestARunTakesThePlaceOfAForeignOne(t *testing.T) {
	s := state.New("lineage")
	s.Apply(state.Record{Addr: payout("b"), Run: &state.Run{Key: "known", Addr: payout("b"), Done: true, Foreign: true, ID: "p-1"}})
	s.Apply(state.Record{Addr: payout("a"), Run: &state.Run{Key: "k", Addr: payout("a"), Done: true, ID: "p-1"}})
	if r, ok := s.RunOf("p-1"); !ok || r.Foreign || len(s.Runs) != 1 {
		t.Errorf("there is %+v", s.Runs)
	}
}
