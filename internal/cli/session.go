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
func (a *app) session(ctx context.Context, command string, f *runFlags, who *audience, do func(context.Context, <-chan struct{}, *engine.Project) error) (err error) {
	o, err := a.options(command, f.vars, f.state, who.emit)
	if err != nil {
		return err
	}
	f.lock.set(&o)
	ctx, stop, done := a.stops(ctx, who)
	defer done()
	who.emit(event.Start{Format: 1, Command: command})
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
