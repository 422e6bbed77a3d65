package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"kiraform/internal/cipher"
	"kiraform/state"
)

// History implements [state.Historian].
func (s *Store) History(ctx context.Context) ([]state.Generation, error) {
	all, lines, err := s.generations(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the history: %w", err)
	}
	for i := range all {
		g := &all[i]
		st, err := s.decode(g.head, lines)
		if g.Damaged = err; err == nil {
			g.Place, g.Applied = st.Place, st.Applied
		}
	}
	kept := make([]state.Generation, len(all))
	for i, g := range all {
		kept[i] = g.Generation
	}
	return kept, nil
}

// generation is one with its head as it is stored.
type generation struct {
	state.Generation
	head string
}

// generations returns those that are kept, newest first, and the key that opens them.
func (s *Store) generations(ctx context.Context) (all []generation, lines *cipher.Lines, err error) {
	var key string
	err = s.work.once(ctx, func(ctx context.Context, c *pgx.Conn) error {
		all, key = nil, ""
		there, err := prepared(ctx, c)
		if err != nil || !there {
			return err
		}
		rows, err := c.Query(ctx, `select w.key, g.serial, g.lineage, `+instant("g.at")+`, g.resources, g.head
			from kiraform.generations g join kiraform.workspaces w on w.name = g.workspace where w.name = $1 order by g.serial desc`, s.Name)
		if err != nil {
			return err
		}
		var g generation
		var serial, at, resources int64
		_, err = pgx.ForEachRow(rows, []any{&key, &serial, &g.Lineage, &at, &resources, &g.head}, func() error {
			g.Serial, g.At, g.Resources = uint64(serial), time.UnixMicro(at), int(resources)
			all = append(all, g)
			return nil
		})
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	lines, err = s.identity().OpenLines(key)
	return all, lines, state.CipherError(s.place(), err)
}

func (s *Store) decode(head string, lines *cipher.Lines) (*state.State, error) {
	plain, err := lines.Open([]byte(head))
	if err != nil {
		return nil, err
	}
	return state.Decode(plain)
}

// Restore implements [state.Historian].
func (s *Store) Restore(ctx context.Context, serial uint64, admit func(*state.State) error) (state.Restored, error) {
	now, err := s.Load(ctx)
	if err == nil && now == nil {
		err = state.NotKept(serial, nil)
	}
	if err != nil {
		return state.Restored{}, err
	}
	st, err := s.then(ctx, serial)
	if err != nil {
		return state.Restored{}, err
	}
	if st.Elsewhere(now) {
		return state.Restored{}, &state.OtherPlaceError{Serial: serial, Of: st.Place, Now: now.Place}
	}
	left := st.Over(now)
	if err := admit(st); err != nil {
		return state.Restored{}, err
	}
	if err := s.Save(ctx, st); err != nil {
		return state.Restored{}, err
	}
	return state.Restored{Serial: st.Serial, Left: left}, nil
}

// then returns the state as it was with that serial.
func (s *Store) then(ctx context.Context, serial uint64) (*state.State, error) {
	all, _, err := s.generations(ctx)
	if err != nil {
		return nil, err
	}
	var kept []uint64
	for _, g := range all {
		kept = append(kept, g.Serial)
		if g.Serial == serial {
			var key string
			var rows []string
			err := s.work.do(ctx, longTry, func(ctx context.Context, c *pgx.Conn) error {
				rows = nil
				if err := c.QueryRow(ctx, "select key from kiraform.workspaces where name = $1", s.Name).Scan(&key); err != nil {
					return err
				}
				found, err := c.Query(ctx, `select body from kiraform.entries
					where workspace = $1 and since <= $2 and (until is null or until > $2)`, s.Name, int64(serial))
				if err == nil {
					rows, err = pgx.CollectRows(found, pgx.RowTo[string])
				}
				return err
			})
			if err != nil {
				return nil, err
			}
			st, _, err := s.build(g.head, key, rows)
			return st, err
		}
	}
	return nil, state.NotKept(serial, kept)
}

// prune drops the oldest generations, and the rows that only they had. A row that
// cannot be dropped stays.
func (s *Store) prune(ctx context.Context) {
	_ = s.work.once(ctx, func(ctx context.Context, c *pgx.Conn) error {
		_, err := c.Exec(ctx, `
			with old as (
				delete from kiraform.generations where workspace = $1 and serial < (
					select min(serial) from (select serial from kiraform.generations where workspace = $1 order by serial desc limit $2) as kept)
				returning serial)
			delete from kiraform.entries where workspace = $1 and until <= (
				select min(serial) from (select serial from kiraform.generations where workspace = $1 order by serial desc limit $2) as kept)`,
			s.Name, keepGenerations)
		return err
	})
}
