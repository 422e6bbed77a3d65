package postgres

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/jackc/pgx/v5"

	"kiraform/internal/batch"
	"kiraform/state"
)

// Journal implements [state.Store]. Its records are on the server once Append
// returns, under the fence of the lock, and each of them renews the lease.
func (s *Store) Journal(ctx context.Context, st *state.State) (state.Journal, error) {
	o, ok := st.Origin.(*origin)
	if !ok || o.resources == nil || o.lineage != st.Lineage {
		return nil, fmt.Errorf("open journal: %w", state.ErrStale)
	}
	s.work.keep()
	var base bool
	err := s.work.once(ctx, func(ctx context.Context, c *pgx.Conn) error {
		return c.QueryRow(ctx, `select exists (select from kiraform.workspaces where name = $1 and lineage = $2 and serial = $3
				and (select count(*) from kiraform.journal where workspace = $1) <= $4)`,
			s.Name, o.lineage, int64(o.serial), o.records.Load()).Scan(&base)
	})
	if err == nil && !base {
		err = state.ErrStale
	}
	if err != nil {
		s.work.drop()
		return nil, fmt.Errorf("open journal: %w", err)
	}
	j := &journal{store: s, of: o, ctx: context.WithoutCancel(ctx), run: rand.Text()}
	j.batches.Write = j.write
	return j, nil
}

// journal writes the records of all that append meanwhile with one statement.
type journal struct {
	store   *Store
	of      *origin
	ctx     context.Context // never ends: an answer is written down, whoever is told to stop
	run     string          // tells the records of this journal apart
	batches batch.Writer[records]

	// These are for the writes of batches, and between them.
	seq    int64
	err    error // of the first batch that failed; no other is tried
	closed bool
}

// records are those of one statement.
type records struct {
	bodies []string
	plain  [][]byte // of records that tell of an answer
}

// Append implements [state.Journal].
func (j *journal) Append(r state.Record) error {
	content, err := state.EncodeRecord(r)
	if err != nil {
		return fmt.Errorf("write journal: %w", err)
	}
	body := string(j.of.lines.Seal(content))
	return j.batches.Add(func(b *records) {
		b.bodies = append(b.bodies, body)
		if r.Object != nil || len(r.Ends) > 0 || r.Ran != nil {
			b.plain = append(b.plain, content)
		}
	})
}

// write sends a batch, and keeps the answers of one that cannot be written beside.
func (j *journal) write(b *records) error {
	if j.err == nil {
		if err := j.send(b); err != nil {
			j.err = fmt.Errorf("write journal: %w", err)
		}
	}
	if j.err != nil && !j.closed {
		return errors.Join(j.err, j.store.putAside(j.of, b.plain))
	}
	return j.err
}

// send has the server take a batch: unless the state was saved since, or the lock
// is another's. A batch that arrives twice is taken once.
func (j *journal) send(b *records) error {
	s := j.store
	seqs := make([]int64, len(b.bodies))
	for i := range seqs {
		j.seq++
		seqs[i] = j.seq
	}
	j.of.records.Add(int64(len(seqs))) // before it is written: then it may be there
	fence, seconds := s.fence()
	lease := s.held()
	taken := false
	var asked time.Time
	err := s.work.once(j.ctx, func(ctx context.Context, c *pgx.Conn) error {
		asked = time.Now()
		return c.QueryRow(ctx, `
			with ok as (
				update kiraform.workspaces set `+renewal+`
				where name = $1 and lineage = $4 and serial = $5 and `+guard+` returning name),
			come as (
				insert into kiraform.journal (workspace, run, seq, body)
				select ok.name, $6, r.seq, r.body from ok, unnest($7::bigint[], $8::text[]) with ordinality as r(seq, body, at) order by at
				on conflict do nothing)
			select exists (select from ok)`,
			s.Name, fence, seconds, j.of.lineage, int64(j.of.serial), j.run, seqs, b.bodies).Scan(&taken)
	})
	switch {
	case err != nil:
		return err
	case !taken:
		return s.refused(j.ctx, errors.New("the state was saved since it was opened"))
	}
	if lease != nil {
		lease.seen(asked)
	}
	return nil
}

// Close implements [state.Journal].
func (j *journal) Close() error {
	return j.batches.Between(func() error {
		if !j.closed {
			j.closed, j.err = true, fmt.Errorf("write journal: %w", os.ErrClosed)
			j.store.work.drop()
		}
		return nil
	})
}
