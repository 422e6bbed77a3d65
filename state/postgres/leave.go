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
