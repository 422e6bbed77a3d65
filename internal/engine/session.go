package engine

import (
	"context"
	"maps"
	"time"

	"kiraform/internal/addr"
	"kiraform/internal/live"
	"kiraform/state"
)

// Session is a state at work: as it was loaded and as it is seen now, with the
// key of its fingerprints and a connection to the Kira of its objects. It knows
// nothing of a plan; see [Proposal]. Close it when it is no longer needed.
type Session struct {
	State *state.State // as seen now; a plan puts the objects that moved at their new addresses
	// Refreshed tells that the state on disk is older than State.
	Refreshed bool

	gone   map[addr.Resource]state.Object // objects of the state that Kira has no more
	unread map[addr.Resource]error        // why an object could not be looked at
	failed []string                       // addresses of these that the run has to answer for

	// looked has the addresses that were looked at by a run that does not look at
	// everything; nil in any other.
	looked map[addr.Resource]bool

	updated   map[addr.Resource]time.Time // when Kira last changed an object
	undecided map[addr.Resource]error     // why it is not known whether an object exists, by its address in the plan

	early   *early // the plan that is made beside the look; nil if there is none
	plans   int    // that were made, each as more was known
	project *Project
	options PlanOptions  // of the plan that is made in it
	was     *state.State // as loaded
	bound   bool         // the state was bound to its place by this run: the state on disk does not say so yet
	key     state.Key
	deaf    bool       // that events cannot be read was said
	conn    Connection // the zero Connection where nobody looks
}

// begin loads the state and connects, to look at Kira.
func (p *Project) begin(ctx context.Context) (*Session, error) {
	st, key, err := p.load(ctx)
	if err != nil {
		return nil, err
	}
	conn, err := p.connect(ctx, st)
	if err != nil {
		return nil, err
	}
	s := &Session{State: st, was: st, project: p, key: key, conn: conn}
	if st.Place.IsZero() && placeless(st) {
		s.bind()
	}
	return s, nil
}

// live loads the state and, unless o says not to, looks at the live objects.
// The session has to be closed, also after an error.
func (p *Project) live(ctx context.Context, o PlanOptions) (s *Session, err error) {
	if s, err = p.begin(ctx); err != nil {
		return nil, err
	}
	p.session = s
	if err := p.sameAsSaved(s, o); err != nil {
		return s, err
	}
	if s.narrow(o) { // the finder looks, once there is a plan to look for
		s.State, s.looked = s.State.Clone(), make(map[addr.Resource]bool)
		return s, nil
	}
	if !o.NoRefresh {
		s.early = s.planEarly(ctx, o)
		err = s.refresh(ctx, o)
		if s.settleEarly(err == nil && s.asLoaded()); err != nil {
			return s, err
		}
		err = p.recognise(s)
	}
	return s, err
}

// glance loads the state and, unless o says not to, looks at its objects. Without
// resources there is nothing to look at, and nothing is asked of Kira. The
// session has to be closed, also after an error.
func (p *Project) glance(ctx context.Context, o PlanOptions) (*Session, error) {
	st, key, err := p.load(ctx)
	if err != nil {
		return nil, err
	}
	s := &Session{State: st, was: st, project: p, key: key}
	if o.NoRefresh || len(st.Resources) == 0 {
		return s, nil
	}
	if s.conn, err = p.connect(ctx, st); err != nil {
		return s, err
	}
	if err := s.refresh(ctx, o); err != nil {
		return s, err
	}
	s.warnUnread()
	return s, nil
}

// refresh looks at each object of the state. The state on disk is not touched.
func (s *Session) refresh(ctx context.Context, o PlanOptions) error {
	s.gone, s.unread, s.updated = nil, nil, nil
	return s.look(ctx, o, nil)
}

// look is refresh for the objects at some addresses, beside those that were looked at
// before; nil is all.
func (s *Session) look(ctx context.Context, o PlanOptions, only map[addr.Resource]bool) error {
	seen, err := live.Refresh(ctx, s.State, live.Options{Call: s.conn.call(""), Key: s.key, Emit: s.project.Emit,
		Workers: o.Workers, Full: o.Full, Rows: o.rows, Only: only, Moved: s.early.giveUp})
	if err != nil {
		return s.project.hide(err)
	}
	s.State = seen.State
	s.gone, s.unread, s.updated = besides(s.gone, seen.Gone), besides(s.unread, seen.Unread), besides(s.updated, seen.Updated)
	s.Refreshed = s.Refreshed || seen.Moved
	return nil
}

func besides[V any](a, b map[addr.Resource]V) map[addr.Resource]V {
	if a == nil {
		return b
	}
	maps.Copy(a, b)
	return a
}

// Close gives up the connection that the session has.
func (s *Session) Close() error {
	if s == nil || s.conn.Close == nil {
		return nil
	}
	return s.conn.Close()
}

// Requests is how many requests were sent to Kira so far.
func (s *Session) Requests() int64 {
	if s.conn.Requests == nil {
		return 0
	}
	return s.conn.Requests()
}

// Place is where the session looks.
func (s *Session) Place() state.Place { return s.conn.Place }

// bind makes the state one of the session's place. That is kept with the next
// thing that is.
func (s *Session) bind() {
	s.State.Place, s.bound = s.conn.Place, !s.conn.Place.IsZero()
}
