package postgres

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/jackc/pgx/v5"

	"kiraform/internal/addr"
	"kiraform/internal/cipher"
	"kiraform/state"
)

// origin is the memory of a Store of a state that it loaded or saved: the rows as they
// are, so that a save writes those that differ.
type origin struct {
	lineage string
	serial  uint64
	fresh   bool         // nothing is stored yet
	records atomic.Int64 // of the journal that the state knows of

	resources map[addr.Resource]row
	intents   map[string]sum
	lines     *cipher.Lines
	key       string // of lines, as it is kept
	to        string // whom for, as recipients names them
}

// row is a resource as it is stored.
type row struct {
	object state.Object
	sum    sum
}

type sum [sha256.Size]byte

// The words in the column entries.what.
const (
	resource = "resource"
	intent   = "intent"
)

// stored is all that is stored of a state.
type stored struct {
	lineage, head, key, moved string
	serial                    int64
	rows, records             []string
}

// Load implements [state.Store].
func (s *Store) Load(ctx context.Context) (*state.State, error) {
	st, err := s.load(ctx)
	if err != nil {
		return nil, fmt.Errorf("load state: %w", err)
	}
	return st, nil
}

func (s *Store) load(ctx context.Context) (*state.State, error) {
	is, err := s.fetch(ctx)
	if err != nil || is == nil || is.lineage == "" {
		return nil, err
	}
	if is.moved != "" && !s.returned {
		return nil, &state.MovedError{Place: s.place(), To: is.moved}
	}
	st, o, err := s.build(is.head, is.key, is.rows)
	if err != nil {
		return nil, err
	}
	o.lineage, o.serial = is.lineage, uint64(is.serial)
	for _, line := range is.records {
		plain, err := o.lines.Open([]byte(line))
		if err != nil {
			return nil, s.damaged("a record of the journal", err)
		}
		r, err := state.DecodeRecord(plain)
		if err != nil {
			return nil, s.damaged("a record of the journal", err)
		}
		st.Apply(r)
	}
	o.records.Store(int64(len(is.records)))
	st.Origin = o
	return st, nil
}

// fetch reads everything in one statement, and so as of one moment. It returns nil if
// there is nothing under the name.
func (s *Store) fetch(ctx context.Context) (is *stored, err error) {
	err = s.work.do(ctx, longTry, func(ctx context.Context, c *pgx.Conn) error {
		is = nil
		there, err := prepared(ctx, c)
		if err != nil || !there {
			return err
		}
		rows, err := c.Query(ctx, `
			select 0::bigint as part, head, lineage, key, moved, serial from kiraform.workspaces where name = $1
			union all select -1, body, '', '', '', n from kiraform.entries where workspace = $1 and until is null
			union all select n, body, '', '', '', n from kiraform.journal where workspace = $1`, s.Name)
		if err != nil {
			return err
		}
		type record struct {
			n    int64
			body string
		}
		var found stored
		var records []record
		var part, n int64
		var body, lineage, key, moved string
		some := false
		_, err = pgx.ForEachRow(rows, []any{&part, &body, &lineage, &key, &moved, &n}, func() error {
			switch {
			case part == 0:
				some = true
				found.head, found.lineage, found.key, found.moved, found.serial = body, lineage, key, moved, n
			case part < 0:
				found.rows = append(found.rows, body)
			default:
				records = append(records, record{n, body})
			}
			return nil
		})
		if err != nil || !some {
			return err
		}
		slices.SortFunc(records, func(a, b record) int { return cmp.Compare(a.n, b.n) })
		for _, r := range records {
			found.records = append(found.records, r.body)
		}
		is = &found
		return nil
	})
	return is, err
}

// build makes a state of its head and rows.
func (s *Store) build(head, key string, rows []string) (*state.State, *origin, error) {
	lines, err := s.identity().OpenLines(key)
	if err != nil {
		return nil, nil, state.CipherError(s.place(), err)
	}
	plain, err := lines.Open([]byte(head))
	if err != nil {
		return nil, nil, s.damaged("its head", err)
	}
	st, err := state.Decode(plain)
	if err != nil {
		return nil, nil, s.say(err)
	}
	o := &origin{resources: make(map[addr.Resource]row, len(rows)), intents: make(map[string]sum), lines: lines, key: key, to: recipients(st)}
	decoded := make([]state.Record, len(rows))
	sums := make([]sum, len(rows))
	err = spread(len(rows), func(i int) error {
		plain, err := lines.Open([]byte(rows[i]))
		if err == nil {
			sums[i] = sha256.Sum256(plain)
			decoded[i], err = state.DecodeRecord(plain)
		}
		return err
	})
	if err != nil {
		return nil, nil, s.damaged("a row", err)
	}
	for i, r := range decoded {
		switch {
		case r.Object != nil:
			st.Resources[r.Addr] = *r.Object
			o.resources[r.Addr] = row{*r.Object, sums[i]}
		case r.Intent != nil:
			st.Intents[r.Intent.Key] = *r.Intent
			o.intents[r.Intent.Key] = sums[i]
		}
	}
	return st, o, nil
}

func (s *Store) identity() cipher.Identity { return cipher.Identity(s.Identity) }

func (s *Store) damaged(what string, err error) error {
	return &state.DamagedError{Path: "the state " + s.place(), What: what + ": " + err.Error(),
		Advice: "nothing was changed; \"kiraform state history\" lists the generations that are kept"}
}

// say tells an error of Decode which state it is about.
func (s *Store) say(err error) error {
	if e, ok := errors.AsType[*state.NewerError](err); ok {
		e.Path = "the state " + s.place()
	}
	if e, ok := errors.AsType[*state.DamagedError](err); ok {
		return s.damaged("its head", errors.New(e.What))
	}
	return err
}

// spread calls do for 0 up to n, on all processors, and returns one of the errors.
func spread(n int, do func(i int) error) error {
	workers := runtime.GOMAXPROCS(0)
	errs := make([]error, workers)
	var all sync.WaitGroup
	for w := range workers {
		all.Go(func() {
			for i := w; i < n && errs[w] == nil; i += workers {
				errs[w] = do(i)
			}
		})
	}
	all.Wait()
	return cmp.Or(errs...)
}
