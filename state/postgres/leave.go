package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"kiraform/state"
)

// Leave marks the state as one that is kept elsewhere from now on, as to says: whoever
// loads it is told. A save brings it back. The lock has to be held.
func (s *Store) Leave(ctx context.Context, to string) error {
	fence, seconds := s.fence()
	var left bool
	err := s.work.once(ctx, func(ctx context.Context, c *pgx.Conn) error {
		tag, err := c.Exec(ctx, `update kiraform.workspaces set moved = $4, `+renewal+` where name = $1 and `+guard, s.Name, fence, seconds, to)
		left = tag.RowsAffected() == 1
		return err
	})
	if err == nil && !left {
		err = s.refused(ctx, state.ErrLost)
	}
	if err != nil {
		return fmt.Errorf("leave the state: %w", err)
	}
	return nil
}

// Remove removes the state with all that is kept of it. The lock has to be held, and
// goes with it.
func (s *Store) Remove(ctx context.Context) error {
	fence, _ := s.fence()
	var gone bool
	err := s.work.once(ctx, func(ctx context.Context, c *pgx.Conn) error {
		tag, err := c.Exec(ctx, "delete from kiraform.workspaces where name = $1 and fence = $2", s.Name, fence)
		if gone = tag.RowsAffected() == 1; err != nil || gone {
			return err
		}
		return c.QueryRow(ctx, "select not exists (select from kiraform.workspaces where name = $1)", s.Name).Scan(&gone)
	})
	if err == nil && !gone {
		err = state.ErrLost
	}
	if err != nil {
		return fmt.Errorf("remove the state: %w", err)
	}
	return nil
}
