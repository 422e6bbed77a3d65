package postgres_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"kiraform/state/postgres/pgtest"
)

// A save is slow at the server, and its connection is cut meanwhile. The server goes
// on with it, and the save that is tried again finds the state written by the first:
// that is no state of another run.
func TestASaveThatTheServerGoesOnWith(t *testing.T) {
	url := pgtest.URL(t)
	if err := session(t, dial(t, url).Store("default"), "first"); err != nil {
		t.Fatal(err)
	}
	proxy := pgtest.NewProxy(t, url)
	s := dial(t, proxy.URL()).Store("default")
	st, err := s.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	slow, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer slow.Close(t.Context())
	tx, err := slow.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), "select from kiraform.workspaces for update"); err != nil {
		t.Fatal(err)
	}
	saved := make(chan error, 1)
	go func() { saved <- s.Save(t.Context(), st) }()
	waiting := func(n int) {
		for end := time.Now().Add(5 * time.Minute); ; time.Sleep(20 * time.Millisecond) {
			rows := pgtest.Rows(t, url, "select pid::text from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()")
			if len(rows) >= n {
				return
			}
			if time.Now().After(end) {
				t.Fatalf("%d statements wait, want %d", len(rows), n)
			}
		}
	}
	waiting(1)
	proxy.Do(func(message []byte) pgtest.Fate { // the wish to give the first up does not arrive either
		if bytes.HasPrefix(message, []byte{0, 0, 0, 16, 4, 210, 22, 46}) {
			return pgtest.Cut
		}
		return pgtest.Pass
	})
	proxy.CutAll()
	waiting(2)
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-saved; err != nil {
		t.Errorf("the save that was written: %v", err)
	}
	now, err := dial(t, url).Store("default").Load(t.Context())
	if err != nil || now.Serial != st.Serial {
		t.Errorf("the serial is %d, want %d, %v", now.Serial, st.Serial, err)
	}
	if err := session(t, s, "second"); err != nil {
		t.Error(err)
	}
}
