package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"kiraform/internal/cipher"
	"kiraform/state"
)

// again is all that is stored, encrypted with another key.
type again struct {
	n          []int64
	name, body []string
	serial     []int64
	head       []string
}

// again reads all rows, the generations too, and encrypts them with lines. Nobody
// else writes meanwhile: the save that follows would find that out.
func (s *Store) again(ctx context.Context, o *origin, lines *cipher.Lines) (*again, error) {
	var a *again
	err := s.work.do(ctx, longTry, func(ctx context.Context, c *pgx.Conn) error {
		a = new(again)
		rows, err := c.Query(ctx, `select 0, n, body from kiraform.entries where workspace = $1
			union all select 1, serial, head from kiraform.generations where workspace = $1`, s.Name)
		if err != nil {
			return err
		}
		var part, n int64
		var body string
		_, err = pgx.ForEachRow(rows, []any{&part, &n, &body}, func() error {
			if part == 0 {
				a.n, a.body = append(a.n, n), append(a.body, body)
			} else {
				a.serial, a.head = append(a.serial, n), append(a.head, body)
			}
			return nil
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	a.name = make([]string, len(a.n))
	err = spread(len(a.n), func(i int) error {
		plain, err := o.lines.Open([]byte(a.body[i]))
		if err != nil {
			return err
		}
		r, err := state.DecodeRecord(plain)
		a.name[i], a.body[i] = lines.Name(nameOf(r)), string(lines.Seal(plain))
		return err
	})
	for i, head := range a.head {
		plain, openErr := o.lines.Open([]byte(head))
		err = errors.Join(err, openErr)
		a.head[i] = string(lines.Seal(plain))
	}
	if err != nil {
		return nil, fmt.Errorf("encrypt for other keys: %w", s.damaged("a row", err))
	}
	return a, nil
}

// nameOf is the name of the row that a record stands in.
func nameOf(r state.Record) string {
	if r.Intent != nil {
		return r.Intent.Key
	}
	return r.Addr.String()
}

func (a *again) write(ctx context.Context, c querier, workspace string) error {
	_, err := c.Exec(ctx, `update kiraform.entries e set name = a.name, body = a.body
		from unnest($2::bigint[], $3::text[], $4::text[]) as a(n, name, body) where e.n = a.n and e.workspace = $1`, workspace, a.n, a.name, a.body)
	if err == nil {
		_, err = c.Exec(ctx, `update kiraform.generations g set head = a.head
			from unnest($2::bigint[], $3::text[]) as a(serial, head) where g.workspace = $1 and g.serial = a.serial`, workspace, a.serial, a.head)
	}
	return err
}
