package engine

import (
	"context"

	"kiraform/internal/discover"
	"kiraform/schema/kinds"
)

// Discover writes configuration for the objects at Kira that are neither in the
// state nor in an import block. It changes nothing.
func (p *Project) Discover(ctx context.Context) (*discover.Found, error) {
	pl, err := p.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer pl.Close() // nothing was written, so nothing can be lost
	found, err := discover.All(ctx, kinds.Call{API: pl.conn.API, ClientID: pl.conn.ClientID}, p.program.Program, pl.State)
	return found, p.secrets.Error(err)
}
