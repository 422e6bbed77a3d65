package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// Sleep has the clock on the wall go on for s, as while a machine sleeps.
func Sleep(s *Store, d time.Duration) {
	l := s.held()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.asked = l.asked.Round(0).Add(-d)
}

// Waited adds up how long statements of s take.
func Waited(s *Store, sum *time.Duration) {
	s.server.config.Tracer = tracer{sum}
}

type tracer struct{ sum *time.Duration }

type began struct{}

func (t tracer) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	return context.WithValue(ctx, began{}, time.Now())
}

func (t tracer) TraceQueryEnd(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryEndData) {
	*t.sum += time.Since(ctx.Value(began{}).(time.Time))
}
