package postgres_test

import (
	"errors"
	"fmt"
	"testing"

	"kiraform/internal/addr"
	"kiraform/state"
	"kiraform/state/postgres"
	"kiraform/state/postgres/pgtest"
	"kiraform/state/statetest"
)

func user(name string) addr.Resource { return addr.Resource{Kind: "kira_user", Name: name} }

// session is the work of a run with its store: the lock, a request with its intent and
// its answer, and the state with both in it.
func session(t *testing.T, s *postgres.Store, name string) error {
	unlock, err := s.Lock(t.Context(), state.Holder{ID: name, Who: "maria@acme"})
	if err != nil {
		return err
	}
	return errors.Join(work(t, s, name), unlock())
}

func work(t *testing.T, s *postgres.Store, name string) error {
	st, err := s.Load(t.Context())
	if err != nil {
		return err
	}
	if st == nil {
		st = state.New("lineage")
		if err := s.Save(t.Context(), st); err != nil {
			return err
		}
	}
	j, err := s.Journal(t.Context(), st)
	if err != nil {
		return err
	}
	for _, r := range []state.Record{
		{Addr: user(name), Intent: &state.Intent{Key: "key of " + name, Addr: user(name), Action: "create"}},
		{Addr: user(name), Object: &state.Object{ID: "id of " + name}, Ends: []string{"key of " + name}},
	} {
		if err := j.Append(r); err != nil {
			return errors.Join(err, j.Close())
		}
		st.Apply(r)
	}
	return errors.Join(j.Close(), s.Save(t.Context(), st))
}

// A connection is cut at every message, before it arrives and
// after: the work goes on with another connection, and is done once.
func TestAConnectionThatIsCutAnywhere(t *testing.T) {
	t.Parallel()
	everywhere(t, "a run whose connection is cut before or after a message, at every message", map[string]pgtest.Fate{"before a message arrives": pgtest.Cut, "before the answer to it arrives": pgtest.CutNext})
}

// A message is late: its connection is gone, the work goes on with another one, and
// the message arrives when all is done. It changes nothing any more.
func TestAMessageThatIsLate(t *testing.T) {
	t.Parallel()
	everywhere(t, "a run of which a message arrives when all is done, for every message", map[string]pgtest.Fate{"until all is done": pgtest.Late})
}

func everywhere(t *testing.T, what string, fates map[string]pgtest.Fate) {
	runs, faults := 0, 0
	for name, fate := range fates {
		url := pgtest.URL(t)
		for n := 0; ; n++ {
			pgtest.Exec(t, url, "drop schema if exists kiraform cascade") // an empty database again
			if err := session(t, dial(t, url).Store("default"), "first"); err != nil {
				t.Fatal(err)
			}
			proxy, hit, seen := pgtest.NewProxy(t, url), false, 0
			proxy.Do(func([]byte) pgtest.Fate {
				if seen++; seen-1 == n {
					hit = true
					return fate
				}
				return pgtest.Pass
			})
			if err := session(t, dial(t, proxy.URL()).Store("default"), "second"); err != nil {
				t.Fatalf("message %d, %s: %v", n, name, err)
			}
			before := whole(t, dial(t, url), 2)
			proxy.Release()
			statetest.Same(t, whole(t, dial(t, url), 2), before)
			if err := session(t, dial(t, url).Store("default"), "third"); err != nil {
				t.Fatalf("message %d, %s: the next run: %v", n, name, err)
			}
			whole(t, dial(t, url), 3)
			runs++
			if !hit {
				break
			}
			faults++
		}
	}
	if !t.Failed() {
		t.Attr("reliability", fmt.Sprintf("| Postgres: %s | %d | 0 | %d | 0 | 0 |", what, runs, faults))
	}
}

// whole checks that the work of n sessions is done, once each, and that nothing else is.
func whole(t *testing.T, server *postgres.Server, n int) *state.State {
	t.Helper()
	st, err := server.Store("default").Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(st.Resources) != n || len(st.Intents) != 0 || st.Serial != uint64(n)+1 {
		t.Fatalf("after %d runs the state has %d resources, %d requests and the serial %d", n, len(st.Resources), len(st.Intents), st.Serial)
	}
	if status, err := server.Store("default").LockStatus(t.Context()); err != nil || status.Held {
		t.Fatalf("the lock is %+v, %v", status, err)
	}
	return st
}

// Whatever is wrong with the connection, no error says the password.
func TestNoErrorHasThePassword(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	proxy := pgtest.NewProxy(t, url)
	proxy.Do(func([]byte) pgtest.Fate { return pgtest.Cut })
	_, err := dial(t, proxy.URL()).Store("default").Load(t.Context())
	quiet(t, err)
	_, err = postgres.Open("postgres://kiraform:" + pgtest.Password + "@[::1/broken")
	quiet(t, err)
	_, err = postgres.Open("postgres://kiraform:" + pgtest.Password + "@db.example.com/state")
	quiet(t, err)
}
