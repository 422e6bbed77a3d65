package cli

import (
	"context"
	"errors"

	"kiraform/internal/engine"
	"kiraform/internal/event"
)

// session opens the project for a command that looks at what is live without
// planning, and keeps other runs away meanwhile. The context that it passes
// ends with the second interrupt.
func (a *app) session(ctx context.Context, command string, f *runFlags, emit event.Sink, do func(context.Context, <-chan struct{}, *engine.Project) error) (err error) {
	o, err := a.options(command, f.vars, f.state, emit)
	if err != nil {
		return err
	}
	ctx, stop, done := a.stops(ctx)
	defer done()
	emit(event.Start{Format: 1, Command: command})
	project, err := engine.Open(o)
	if err != nil {
		return err
	}
	unlock, err := project.Lock(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	return do(ctx, stop, project)
}
