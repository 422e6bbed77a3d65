package cli

import (
	"context"
	"errors"
	"time"

	"kiraform/internal/engine"
	"kiraform/internal/event"
	"kiraform/internal/tell"
	"kiraform/state"
)

// session is a project that is open and locked, and those who follow its run.
type session struct {
	*audience
	project *engine.Project
	ctx     context.Context // ends with the second wish to stop
	stop    <-chan struct{} // closed by the first
	acts    func()          // says that the run begins to change something

	left  bool // the run has left something that another run may take up
	more  bool // it is such a run
	waits bool // the person wants to wait for Kira

	began    time.Time
	pondered time.Duration // by the person who was asked
}

// started is the time since when the run was at work, without a pause: the time that a
// person took to decide is none of its own.
func (s *session) started() time.Time { return s.began.Add(s.pondered) }

// ponders counts the time until the call of the function that it returns as one in
// which a person decided.
func (s *session) ponders() func() {
	asked := time.Now()
	return func() { s.pondered += time.Since(asked) }
}

// decide asks whoever follows the run, who may leave some addresses out.
func (s *session) decide(command string, place state.Place) (apply bool, without []string, err error) {
	defer s.ponders()()
	return s.ask(s, command, place)
}

// session opens the project, keeps other runs away, and lets do work. Who
// follows is chosen once the configuration could be read: mistakes in it are
// for a reader.
func (a *app) session(ctx context.Context, command string, f *runFlags, choose func(*engine.Project) (*audience, error), do func(*session) error) (err error) {
	relay := &relay{with: append(f.invoke.flag(), a.carried()...)}
	o, err := a.options(ctx, command, f.vars, f.state, relay.handle)
	if err != nil {
		return err
	}
	f.lock.set(&o)
	if err := f.heard.set(a, &o); err != nil {
		return err
	}
	relay.handle(event.Start{Format: 1, Command: command, With: relay.with, Wait: f.wait})
	project, err := engine.Open(o)
	haveRead()
	f.project = project
	if err != nil {
		reader := a.early(f)
		relay.to(reader.emit)
		return errors.Join(err, reader.close())
	}
	defer func() { err = errors.Join(err, project.Close()) }()
	if err := relay.place(ctx, project); err != nil {
		reader := a.early(f)
		relay.to(reader.emit)
		return errors.Join(err, reader.close())
	}
	who, err := choose(project)
	if err != nil {
		return err
	}
	relay.to(who.emit)
	defer func() { err = errors.Join(err, who.close()) }()
	stops := a.stops(ctx, who)
	defer func() { stops.end() }()
	s := &session{audience: who, project: project}
	for {
		s.ctx, s.stop = stops.ctx, stops.first
		stops.acting.Store(false)
		s.acts = func() { stops.acting.Store(true) }
		err := s.locked(do)
		if s.left && closed(s.stop) && stops.stays() { // and may go on from there
			stops = a.stops(ctx, who)
			s.ctx, s.stop = stops.ctx, stops.first
		}
		if !s.wantsMore() {
			return err
		}
		who.emit(relay.start)
	}
}

// locked lets do work while other runs are kept away. They are not while a person
// only looks at how it went.
func (s *session) locked(do func(*session) error) (err error) {
	unlock, err := lockUnless(s.ctx, s.stop, s.project)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	s.left, s.began, s.pondered = false, time.Now(), 0
	return do(s)
}

// looking lets then look at Kira, which changes nothing there: the first wish to stop
// ends it.
func (s *session) looking(then func(context.Context) error) error {
	ctx, done := until(s.ctx, s.stop)
	defer done()
	err := then(ctx)
	if err != nil && closed(s.stop) {
		return errInterrupted
	}
	return err
}

// wantsMore reports whether a run has left something, and the person who looks at
// it asks for another one.
func (s *session) wantsMore() bool {
	if !s.left || s.again == nil || closed(s.stop) {
		return false
	}
	d, ok := s.again(s.ctx, s.stop)
	s.more, s.waits = ok, d.Wait
	return ok
}

// relay keeps events until it is known who they are for.
type relay struct {
	sink  event.Sink
	start event.Start
	kept  []event.Event
	with  []string // flags of the run
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
	start.Place, start.TurnedDown, start.Extra = tell.Place(place), p.TurnedDown(), p.Extra()
	r.kept[0], r.start = start, start
	if d, unused := unusedAddress(p.Env, place); unused {
		r.handle(d)
	}
	return nil
}

// unusedAddress warns of an address in the environment that no run can lead to: that
// of the embedded simulator is none.
func unusedAddress(env map[string]string, place state.Place) (event.Diagnostic, bool) {
	return event.Diagnostic{Severity: "warning", Code: "base-url-unused", Summary: "KIRA_BASE_URL is not used",
		Detail: "The configuration says environment = \"simulator\", which is a Kira inside of kiraform, without an address. " +
			"Write environment = \"sandbox\" if the run is for the address in KIRA_BASE_URL, or unset it."}, env["KIRA_BASE_URL"] != "" && place.Environment == "simulator"
}

func (r *relay) to(sink event.Sink) {
	r.sink = sink
	for _, e := range r.kept {
		sink(e)
	}
	r.kept = nil
}
