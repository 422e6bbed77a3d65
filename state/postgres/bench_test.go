package postgres_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/schema"
	"kiraform/state"
	"kiraform/state/postgres"
	"kiraform/state/postgres/pgtest"
)

// many is a store with n resources in it, of the size of a user, and the state.
func many(t testing.TB, n int) (*postgres.Store, *state.State, string) {
	t.Helper()
	url := pgtest.URL(t)
	s := dial(t, url).Store("default")
	st := state.New("lineage")
	for i := range n {
		st.Resources[user("staff").Instance(addr.Int(i))] = state.Object{ID: fmt.Sprint("u-", i), Salt: "salt", Sent: sealed(i, "Maria"), Seen: sealed(i, "Maria")}
	}
	if err := s.Save(t.Context(), st); err != nil {
		t.Fatal(err)
	}
	return dial(t, url).Store("default"), st, url
}

var sealing = sync.OnceValue(func() state.Key {
	key, err := state.NewKey([]byte("a key for the tests"))
	if err != nil {
		panic(err)
	}
	return key
})

func sealed(i int, name string) state.Sealed {
	attrs := map[string]cty.Value{"email": cty.StringVal(fmt.Sprintf("maria%d@acme.test", i)), "first_name": cty.StringVal(name),
		"last_name": cty.StringVal("Ruiz"), "address_street": cty.StringVal("Av. Reforma 1"), "address_country": cty.StringVal("MX")}
	kind := &schema.Kind{Name: "kira_user"}
	for name := range attrs {
		kind.Attrs = append(kind.Attrs, schema.Attr{Name: name, Type: cty.String})
	}
	return sealing().Seal(kind, "salt", cty.ObjectVal(attrs))
}

// Of many resources, a save writes the one that changed.
func TestOneChangeWritesOneRow(t *testing.T) {
	s, st, url := many(t, 3000)
	unlock, err := s.Lock(t.Context(), state.Holder{ID: "run"})
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	loaded, err := s.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	a := user("staff").Instance(addr.Int(7))
	o := loaded.Resources[a]
	o.Seen = sealed(7, "Mary")
	loaded.Resources[a] = o
	if err := s.Save(t.Context(), loaded); err != nil {
		t.Fatal(err)
	}
	if rows := pgtest.Rows(t, url, "select name from kiraform.entries where since = 2 or until = 2"); len(rows) != 2 || rows[0] != a.String() || rows[1] != a.String() {
		t.Errorf("for one change these rows were written: %d", len(rows))
	}
	_ = st
}

// BenchmarkSaveOneOf100000 changes one resource of 100,000 and saves the state. The
// metric "statement-ms" is the time that the server was waited for.
func BenchmarkSaveOneOf100000(b *testing.B) {
	s, _, _ := many(b, 100_000)
	var waited time.Duration
	postgres.Waited(s, &waited)
	st, err := s.Load(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	unlock, err := s.Lock(b.Context(), state.Holder{ID: "run"})
	if err != nil {
		b.Fatal(err)
	}
	defer unlock()
	a := user("staff").Instance(addr.Int(7))
	waited = 0
	for i := 0; b.Loop(); i++ {
		o := st.Resources[a]
		o.Seen = sealed(7, fmt.Sprint("Mary ", i))
		st.Resources[a] = o
		if err := s.Save(b.Context(), st); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(waited.Microseconds())/1000/float64(b.N), "statement-ms/op")
}

// BenchmarkJournalOneOf100000 writes down one request and its answer.
func BenchmarkJournalOneOf100000(b *testing.B) {
	s, st, _ := many(b, 100_000)
	unlock, err := s.Lock(b.Context(), state.Holder{ID: "run"})
	if err != nil {
		b.Fatal(err)
	}
	defer unlock()
	j, err := s.Journal(b.Context(), st)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := j.Append(state.Record{Addr: user("new"), Object: &state.Object{ID: "u", Sent: sealed(1, "x")}}); err != nil {
			b.Fatal(err)
		}
	}
	if err := j.Close(); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkLoad100000 reads a state of 100,000 resources.
func BenchmarkLoad100000(b *testing.B) {
	s, _, _ := many(b, 100_000)
	for b.Loop() {
		if _, err := s.Load(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}
