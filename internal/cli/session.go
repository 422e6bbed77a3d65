package cli

import (
	"context"
	"errors"

	"kiraform/internal/engine"
	"kiraform/internal/event"
)

// session is a project that is open and locked, and those who follow what is
// done with it.
type session struct {
	*audience
	project *engine.Project
	ctx     context.Context // ends with the second wish to stop
	stop    <-chan struct{} // closed by the first
}

// session opens the project, keeps other runs away, and lets do work. Who
// follows is chosen once the configuration could be read: mistakes in it are
// for a reader.
func (a *app) session(ctx context.Context, command string, f *runFlags, choose func(*engine.Project) (*audience, error), do func(*session) error) (err error) {
	relay := &relay{}
	o, err := a.options(command, f.vars, f.state, relay.handle)
	if err != nil {
		return err
	}
	f.lock.set(&o)
	if err := f.heard.set(a, &o); err != nil {
		return err
	}
	relay.handle(event.Start{Format: 1, Command: command})
	project, err := engine.Open(o)
	if err != nil {
		relay.to(a.reader(false).emit)
		return err
	}
	defer func() { err = errors.Join(err, project.Close()) }()
	if err := relay.place(ctx, project); err != nil {
		relay.to(a.reader(false).emit)
		return err
	}
	who, err := choose(project)
	if err != nil {
		return err
	}
	relay.to(who.emit)
	defer func() { err = errors.Join(err, who.close()) }()
	ctx, stop, done := a.stops(ctx, who)
	defer done()
	unlock, err := lockUnless(ctx, stop, project)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	return do(&session{audience: who, project: project, ctx: ctx, stop: stop})
}

// relay keeps events until it is known who they are for.
type relay struct {
	sink event.Sink
	kept []event.Event
}

func (r *relay) handle(e event.Event) {
	if r.sink == nil {
		r.kept = append(r.kept, e)
		return
	}
	r.sink(e)
}

// place completes the event that starts the run, which is kept still.
func (r *relay) place(ctx context.Context, p *engine.Project) error {
	place, err := p.Where(ctx)
	if err != nil {
		return err
	}
	start := r.kept[0].(event.Start)
	start.Place, start.TurnedDown, start.Extra = engine.Where(place), p.TurnedDown(), p.Extra()
	r.kept[0] = start
	return nil
}

func (r *relay) to(sink event.Sink) {
	r.sink = sink
	for _, e := range r.kept {
		sink(e)
	}
	r.kept = nil
}
