package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"kiraform/state"
	"kiraform/state/postgres"
	"kiraform/state/postgres/pgtest"
	"kiraform/state/statetest"
)

func quiet(t *testing.T, err error) {
	t.Helper()
	if err == nil || strings.Contains(err.Error(), pgtest.Password) {
		t.Errorf("%v; want an error without the password", err)
	}
}

// atWork is a run with the lock and a journal open, through a proxy.
type atWork struct {
	*postgres.Store
	st      *state.State
	journal state.Journal
	unlock  func() error
	proxy   *pgtest.Proxy
	url     string
}

func begin(t *testing.T, lease time.Duration) *atWork {
	t.Helper()
	w := &atWork{url: pgtest.URL(t)}
	if err := session(t, dial(t, w.url).Store("default"), "first"); err != nil {
		t.Fatal(err)
	}
	w.proxy = pgtest.NewProxy(t, w.url)
	w.Store = dial(t, w.proxy.URL()).Store("default")
	w.Lease, w.Aside = lease, filepath.Join(t.TempDir(), ".kiraform", "answers.jsonl")
	var err error
	if w.unlock, err = w.Lock(t.Context(), state.Holder{ID: "alice", Who: "alice@acme"}); err != nil {
		t.Fatal(err)
	}
	if w.st, err = w.Load(t.Context()); err == nil {
		w.journal, err = w.Journal(t.Context(), w.st)
	}
	if err != nil {
		t.Fatal(err)
	}
	w.append(t, state.Record{Addr: user("a"), Intent: &state.Intent{Key: "k", Addr: user("a"), Action: "create"}})
	return w
}

func (w *atWork) append(t *testing.T, r state.Record) {
	t.Helper()
	if err := w.journal.Append(r); err != nil {
		t.Fatal(err)
	}
	w.st.Apply(r)
}

// silence has nothing of the run arrive any more.
func (w *atWork) silence() {
	w.proxy.Do(func([]byte) pgtest.Fate { return pgtest.Cut })
	w.proxy.CutAll()
}

// answered is the answer to the request that the run had sent.
var answered = state.Record{Addr: user("a"), Object: &state.Object{ID: "u-1"}, Ends: []string{"k"}}

// lost checks that the run can write nothing, and that it keeps its answer.
func (w *atWork) lost(t *testing.T) {
	t.Helper()
	if err := w.Held(t.Context()); !errors.Is(err, state.ErrLost) {
		t.Errorf("Held = %v, want ErrLost", err)
	}
	err := w.journal.Append(answered)
	if !errors.Is(err, state.ErrLost) || !strings.Contains(err.Error(), "kiraform state push "+w.Aside) {
		t.Errorf("Append = %v, want ErrLost and how to bring the answer in", err)
	}
	if err := w.journal.Append(state.Record{Addr: user("b"), Unsent: "k"}); !errors.Is(err, state.ErrLost) || strings.Contains(err.Error(), "state push") {
		t.Errorf("Append of a record that is no answer = %v, want ErrLost alone", err)
	}
	if err := w.Save(t.Context(), w.st); !errors.Is(err, state.ErrLost) {
		t.Errorf("Save = %v, want ErrLost", err)
	}
	data, err := os.ReadFile(w.Aside)
	if err != nil {
		t.Fatal(err)
	}
	answers, err := state.DecodeAnswers("", w.Aside, data)
	if err != nil || answers == nil || len(answers.Records) != 1 || answers.Records[0].Object.ID != "u-1" {
		t.Fatalf("kept is %s: %+v, %v", data, answers, err)
	}
	now, err := dial(t, w.url).Store("default").Load(t.Context())
	if err != nil || now.Resources[user("a")].ID != "" || len(now.Intents) != 1 {
		t.Errorf("the state has %v and %d open requests, %v", now.Addrs(), len(now.Intents), err)
	}
	if taken := now.Take(answers); len(taken) != 1 || now.Resources[user("a")].ID != "u-1" || len(now.Intents) != 0 {
		t.Errorf("of the answers %d are taken", len(taken))
	}
	if again := now.Take(answers); len(again) != 0 {
		t.Errorf("answers that are known are taken again: %v", again)
	}
}

// bob takes the lock as another run.
func (w *atWork) bob(t *testing.T, within time.Duration) (dead state.Holder) {
	t.Helper()
	s := dial(t, w.url).Store("default")
	s.TookOver = func(h state.Holder) { dead = h }
	unlock, err := state.LockWithin(t.Context(), s, state.Holder{ID: "bob"}, within)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := unlock(); err != nil {
			t.Error(err)
		}
	})
	return dead
}

// A run that is not heard of stops before its lock is another's, and the next waits
// until then.
func TestALeaseEndsInTheMiddle(t *testing.T) {
	w := begin(t, 5*time.Second)
	ctx, done := w.While(t.Context())
	defer done()
	_, err := dial(t, w.url).Store("default").Lock(t.Context(), state.Holder{ID: "bob"})
	if e, locked := errors.AsType[*state.LockedError](err); !locked || e.Until.IsZero() || !strings.Contains(e.Error(), "ends by itself at") {
		t.Fatalf("Lock = %v, want an error that says when the lock ends", err)
	}
	w.silence()
	began := time.Now()
	var stopped time.Duration
	var all sync.WaitGroup
	all.Go(func() {
		<-ctx.Done()
		stopped = time.Since(began)
	})
	dead := w.bob(t, time.Minute)
	taken := time.Since(began)
	all.Wait()
	if !errors.Is(context.Cause(ctx), state.ErrLost) || stopped >= taken {
		t.Errorf("the run was stopped after %v by %v, and the lock taken after %v", stopped, context.Cause(ctx), taken)
	}
	if dead.ID != "alice" {
		t.Errorf("the lock was taken over from %+v", dead)
	}
	w.proxy.Do(nil) // the network is back
	w.lost(t)
	if !t.Failed() {
		t.Attr("fault", "a run on a state in Postgres is not heard of for longer than its lease: it stops sending before that ends, the next one waits until then, "+
			"and an answer that comes late is refused and kept in a file")
	}
}

// A lock that was taken away by force is lost at once.
func TestALockThatIsTakenAway(t *testing.T) {
	w := begin(t, time.Minute)
	if err := w.Held(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := dial(t, w.url).Store("default").ForceUnlock(t.Context(), "alice"); err != nil {
		t.Fatal(err)
	}
	w.append2(t)
	w.lost(t)
	if err := w.unlock(); err != nil {
		t.Error(err)
	}
}

// append2 has the run find out by writing.
func (w *atWork) append2(t *testing.T) {
	t.Helper()
	if err := w.journal.Append(state.Record{Addr: user("b"), Intent: &state.Intent{Key: "k2", Addr: user("b")}}); !errors.Is(err, state.ErrLost) {
		t.Errorf("an intent of a run whose lock was taken away: %v", err)
	}
	j, err := w.Journal(t.Context(), w.st)
	if err != nil {
		t.Fatal(err)
	}
	w.journal = j
}

// A lease that is renewed does not end.
func TestALeaseIsRenewed(t *testing.T) {
	w := begin(t, 5*time.Second)
	ctx, done := w.While(t.Context())
	defer done()
	time.Sleep(6 * time.Second) // longer than it lasts
	if err := errors.Join(ctx.Err(), w.Held(t.Context())); err != nil {
		t.Fatal(err)
	}
	w.append(t, answered)
	if err := errors.Join(w.journal.Close(), w.Save(t.Context(), w.st), w.unlock()); err != nil {
		t.Error(err)
	}
	if err := w.Held(t.Context()); err != nil {
		t.Errorf("a run that gave its lock back has nothing to lose: %v", err)
	}
}

// A clock that jumps takes the lock from nobody, and leaves it with nobody who lost it.
func TestAClockThatJumps(t *testing.T) {
	t.Run("that of the machine, as while it sleeps", func(t *testing.T) {
		w := begin(t, time.Minute)
		postgres.Sleep(w.Store, time.Hour)
		if err := w.Held(t.Context()); err != nil { // the server knows better
			t.Errorf("a run that slept, and whose lock nobody took: %v", err)
		}
		pgtest.Exec(t, w.url, "update kiraform.workspaces set fence = fence + 1, holder = null, lease_until = null")
		postgres.Sleep(w.Store, time.Hour)
		w.lost(t)
	})
	t.Run("that of the server, forward", func(t *testing.T) {
		w := begin(t, time.Minute)
		pgtest.Exec(t, w.url, "update kiraform.workspaces set lease_until = lease_until - interval '1 hour'")
		w.bob(t, 0)
		w.append2(t)
		w.lost(t)
	})
	t.Run("that of the server, back", func(t *testing.T) {
		w := begin(t, time.Minute)
		pgtest.Exec(t, w.url, "update kiraform.workspaces set lease_until = lease_until + interval '1 hour'")
		w.append(t, answered) // which says from when on the lease is
		if err := errors.Join(w.journal.Close(), w.Save(t.Context(), w.st), w.unlock()); err != nil {
			t.Error(err)
		}
		w.bob(t, 0)
	})
	if !t.Failed() {
		t.Attr("fault", "the clock of the Postgres, or of the machine, jumps: nobody writes without the lock, and nobody waits for ever")
	}
}

// Many runs at once: each waits for its turn, and none undoes another's work.
func TestManyWriters(t *testing.T) {
	for _, writers := range []int{2, 20} {
		t.Run(fmt.Sprint(writers), func(t *testing.T) {
			manyWriters(t, pgtest.URL(t), writers)
			if !t.Failed() {
				t.Attr("reliability", fmt.Sprintf("| Postgres: %d writers at once | %[1]d | 0 | 0 | 0 | 0 |", writers))
			}
		})
	}
}

// Behind a pooler, each statement may go out on another connection to the server, and
// nothing that a session holds would hold.
func TestBehindAPooler(t *testing.T) {
	t.Parallel()
	for name, rules := range map[string]func(*testing.T, func() state.Store){
		"store": statetest.TestStore, "history": statetest.TestHistory, "lock": statetest.TestWarden, "arrival": statetest.TestArrival,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := dial(t, pgtest.Pooled(t, pgtest.URL(t)))
			rules(t, func() state.Store { return server.Store("default") })
		})
	}
	t.Run("20 writers at once", func(t *testing.T) { manyWriters(t, pgtest.Pooled(t, pgtest.URL(t)), 20) })
}

func manyWriters(t *testing.T, url string, writers int) {
	t.Helper()
	var all sync.WaitGroup
	for i := range writers {
		all.Go(func() {
			s := dial(t, url).Store("default")
			unlock, err := state.LockWithin(t.Context(), s, state.Holder{ID: fmt.Sprint(i)}, 2*time.Minute)
			if err != nil {
				t.Error(err)
				return
			}
			if err := errors.Join(work(t, s, fmt.Sprint("n", i)), unlock()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	whole(t, dial(t, url), writers)
}

// Without a lock, of those who began from one state one is heard.
func TestWritersWithoutALock(t *testing.T) {
	url := pgtest.URL(t)
	if err := session(t, dial(t, url).Store("default"), "first"); err != nil {
		t.Fatal(err)
	}
	const writers = 10
	stores, states := make([]*postgres.Store, writers), make([]*state.State, writers)
	for i := range writers {
		stores[i] = dial(t, url).Store("default")
		st, err := stores[i].Load(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		states[i] = st
	}
	saved := make([]error, writers)
	var all sync.WaitGroup
	for i := range writers {
		all.Go(func() { saved[i] = stores[i].Save(t.Context(), states[i]) })
	}
	all.Wait()
	heard := 0
	for _, err := range saved {
		switch {
		case err == nil:
			heard++
		case !errors.Is(err, state.ErrStale):
			t.Error(err)
		}
	}
	if heard != 1 {
		t.Errorf("%d of %d were heard", heard, writers)
	}
	w := dial(t, url).Store("default")
	unlock, err := w.Lock(t.Context(), state.Holder{ID: "maria", Who: "maria@acme"})
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	st, err := stores[0].Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, locked := errors.AsType[*state.LockedError](stores[0].Save(t.Context(), st)); !locked {
		t.Error("a run without a lock writes while another one has it")
	}
}
