package engine

import (
	"context"

	"kiraform/internal/discover"
)

// Discover writes configuration for the objects at Kira that are neither in the
// state nor in an import block. It changes nothing.
func (p *Project) Discover(ctx context.Context) (*discover.Found, error) {
	s, err := p.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer s.Close() // nothing was written, so nothing can be lost
	found, err := discover.All(ctx, s.conn.call(""), p.program.Program, s.State)
	if found != nil {
		for _, im := range p.program.Imports() {
			if _, lives := s.State.Resources[im.To]; !lives {
				found.Named++
			}
		}
	}
	return found, p.secrets.Error(err)
}
