package postgres

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"kiraform/internal/addr"
	"kiraform/state"
)

// keepGenerations is how many generations of a state are kept.
const keepGenerations = 10

// Save implements [state.Store]. It writes the rows that differ from those that are
// stored, in one statement.
func (s *Store) Save(ctx context.Context, st *state.State) error {
	if err := s.save(ctx, st); err != nil {
		return fmt.Errorf("save state: %w", err)
	}
	return nil
}

func (s *Store) save(ctx context.Context, st *state.State) error {
	o, err := s.base(ctx, st)
	if err != nil {
		return err
	}
	next := *st
	next.Serial++
	w, err := s.changes(ctx, o, &next)
	if err != nil {
		return err
	}
	token, written := rand.Text(), false
	err = s.work.do(ctx, longTry, func(ctx context.Context, c *pgx.Conn) error {
		if o.fresh {
			if err := room(ctx, c, s.Name); err != nil {
				return err
			}
		}
		if w.again == nil {
			written, err = s.write(ctx, c, o, w, token, next.Serial)
			return err
		}
		return pgx.BeginFunc(ctx, c, func(tx pgx.Tx) error {
			if err := w.again.write(ctx, tx, s.Name); err != nil {
				return err
			}
			if written, err = s.write(ctx, tx, o, w, token, next.Serial); err == nil && !written {
				err = pgx.ErrTxCommitRollback
			}
			return err
		})
	})
	switch {
	case err != nil && !errors.Is(err, pgx.ErrTxCommitRollback):
		return err
	case !written:
		if written, err = s.wrote(ctx, token); err != nil || !written {
			return errors.Join(err, s.refused(ctx, state.ErrStale))
		}
	}
	was := w.after
	maps.Copy(was.resources, w.set)
	for _, a := range w.drop {
		delete(was.resources, a)
	}
	was.serial, was.lineage = next.Serial, st.Lineage
	o.resources, o.intents = nil, nil // they go on in was: who else has o is stale
	st.Serial, st.Origin = next.Serial, was
	s.prune(ctx)
	return nil
}

// base returns the origin of st. A state that no store has seen has none: then nothing
// may be stored yet.
func (s *Store) base(ctx context.Context, st *state.State) (*origin, error) {
	if o, ok := st.Origin.(*origin); ok {
		if o.resources == nil || o.lineage != st.Lineage && !o.fresh {
			return nil, state.ErrStale
		}
		return o, nil
	}
	is, err := s.fetch(ctx)
	if err != nil {
		return nil, err
	}
	if is != nil && is.lineage != "" {
		return nil, state.ErrStale
	}
	return &origin{fresh: true, resources: make(map[addr.Resource]row), intents: make(map[string]sum)}, nil
}

// write is the statement of a save. It reports whether the state is written, also if
// that was by an earlier try.
func (s *Store) write(ctx context.Context, c querier, o *origin, w *writing, token string, serial uint64) (bool, error) {
	fence, seconds := s.fence()
	var ours bool
	err := c.QueryRow(ctx, `
		with ok as (
			update kiraform.workspaces set lineage = $4, serial = $5, head = $6, key = $7, writer = $8, moved = '', `+renewal+`
			where name = $1 and lineage = $9 and serial = $10 and `+guard+`
				and (select count(*) from kiraform.journal where workspace = $1) <= $11
			returning name),
		gone as (
			update kiraform.entries e set until = $5 from ok, unnest($12::text[], $13::text[]) as g(what, name)
			where e.workspace = ok.name and e.what = g.what and e.name = g.name and e.until is null),
		come as (
			insert into kiraform.entries (workspace, what, name, since, body)
			select ok.name, n.what, n.name, $5, n.body from ok, unnest($14::text[], $15::text[], $16::text[]) as n(what, name, body)),
		kept as (
			insert into kiraform.generations (workspace, serial, lineage, resources, head) select ok.name, $5, $4, $17, $6 from ok),
		folded as (
			delete from kiraform.journal j using ok where j.workspace = ok.name)
		select exists (select from ok) or exists (select from kiraform.workspaces where name = $1 and writer = $8)`,
		s.Name, fence, seconds, w.lineage, int64(serial), w.head, w.after.key, token, o.lineage, int64(o.serial), o.records.Load(),
		w.gone.what, w.gone.name, w.come.what, w.come.name, w.come.body,
		w.count).Scan(&ours)
	return ours, err
}

// wrote reports whether the state was written by the save with that token. A try whose
// connection was cut may have gone on at the server, and the next one waited for it
// without a view of its rows.
func (s *Store) wrote(ctx context.Context, token string) (is bool, err error) {
	err = s.work.once(ctx, func(ctx context.Context, c *pgx.Conn) error {
		return c.QueryRow(ctx, "select exists (select from kiraform.workspaces where name = $1 and writer = $2)", s.Name, token).Scan(&is)
	})
	return is, err
}

// querier is a connection, or a transaction on one.
type querier interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

// writing is the changes of a save.
type writing struct {
	lineage, head string
	count         int64 // of resources
	gone          struct{ what, name []string }
	come          struct{ what, name, body []string }
	again         *again // nil while the key stays
	after         *origin

	// The changes of after.resources, made once the save has gone well: there may be
	// very many resources.
	set  map[addr.Resource]row
	drop []addr.Resource
}

// changes compares st with the stored rows. If it is to be encrypted for others than
// before, every row is written again, with the generations: a key that was taken away
// must not open rows that were saved before.
func (s *Store) changes(ctx context.Context, o *origin, st *state.State) (*writing, error) {
	w := &writing{lineage: st.Lineage, count: int64(len(st.Resources))}
	w.after = &origin{lineage: st.Lineage, resources: o.resources, intents: o.intents, lines: o.lines, key: o.key, to: recipients(st)}
	if rekeyed := w.after.to != o.to || o.fresh; rekeyed {
		lines, key, err := s.identity().NewLines(st.Recipients)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.place(), err)
		}
		w.after.lines, w.after.key = lines, key
		if !o.fresh {
			again, err := s.again(ctx, o, lines)
			if err != nil {
				return nil, err
			}
			w.again = again
		}
	}
	head := *st
	head.Resources, head.Intents = nil, nil
	data, err := state.Encode(&head, s.Version)
	if err != nil {
		return nil, err
	}
	w.head = string(w.after.lines.Seal(data))
	if err := w.compareResources(o, st); err != nil {
		return nil, err
	}
	return w, w.compareIntents(o, st)
}

func (w *writing) compareResources(o *origin, st *state.State) error {
	var changed []addr.Resource
	same := 0
	for a, object := range st.Resources {
		was, ok := o.resources[a]
		switch {
		case ok && object.Unchanged(was.object):
			same++
		default:
			changed = append(changed, a)
		}
	}
	slices.SortFunc(changed, addr.Resource.Compare)
	bodies := make([][]byte, len(changed))
	err := spread(len(changed), func(i int) (err error) {
		object := st.Resources[changed[i]]
		bodies[i], err = state.EncodeRecord(state.Record{Addr: changed[i], Object: &object})
		return err
	})
	if err != nil {
		return err
	}
	w.set = make(map[addr.Resource]row, len(changed))
	for i, a := range changed {
		is := row{st.Resources[a], sha256.Sum256(bodies[i])}
		was, had := o.resources[a]
		w.set[a] = is
		if had {
			same++
		}
		if had && was.sum == is.sum {
			continue
		}
		if had {
			w.goes(resource, a.String())
		}
		w.comes(resource, a.String(), bodies[i])
	}
	if same == len(o.resources) {
		return nil
	}
	for a := range o.resources {
		if _, ok := st.Resources[a]; !ok {
			w.drop = append(w.drop, a)
			w.goes(resource, a.String())
		}
	}
	return nil
}

func (w *writing) compareIntents(o *origin, st *state.State) error {
	after := make(map[string]sum, len(st.Intents))
	for _, in := range st.Open() {
		body, err := state.EncodeRecord(state.Record{Addr: in.Addr, Intent: &in})
		if err != nil {
			return err
		}
		after[in.Key] = sha256.Sum256(body)
		was, had := o.intents[in.Key]
		if had && was == after[in.Key] {
			continue
		}
		if had {
			w.goes(intent, in.Key)
		}
		w.comes(intent, in.Key, body)
	}
	for key := range o.intents {
		if _, ok := after[key]; !ok {
			w.goes(intent, key)
		}
	}
	w.after.intents = after
	return nil
}

// goes and comes are called with names in clear.
func (w *writing) goes(what, name string) {
	w.gone.what, w.gone.name = append(w.gone.what, what), append(w.gone.name, w.after.lines.Name(name))
}

func (w *writing) comes(what, name string, body []byte) {
	w.come.what, w.come.name = append(w.come.what, what), append(w.come.name, w.after.lines.Name(name))
	w.come.body = append(w.come.body, string(w.after.lines.Seal(body)))
}

// recipients names whom a state is for.
func recipients(st *state.State) string {
	return strings.Join(slices.Sorted(slices.Values(st.Recipients)), "\n")
}
