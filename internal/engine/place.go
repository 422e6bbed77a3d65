package engine

import (
	"context"
	"fmt"

	"kiraform/internal/addr"
	"kiraform/internal/event"
	"kiraform/internal/tell"
	"kiraform/schema/kinds"
	"kiraform/state"
)

// ErrOtherPlace is returned when the state, or a saved plan, is of another
// place than the run. It was said as a diagnostic, and nothing was sent.
var ErrOtherPlace = fmt.Errorf("%w: another place", ErrReported)

// Where says where the project is at work, as far as that is known before the
// state is locked. It sends nothing, but may ask for credentials; if the project
// is not used for anything else, Close gives up the connection that it opened.
func (p *Project) Where(ctx context.Context) (state.Place, error) {
	if p.ready == nil {
		conn, err := p.Connect(ctx, p.program.Provider())
		if err != nil {
			return state.Place{}, err
		}
		p.ready, p.place = &conn, conn.Place
	}
	return p.place, nil
}

// Place is where the project is at work, once [Project.Where] has found out.
func (p *Project) Place() state.Place { return p.place }

// Close gives up the connection that Where made, unless it is in use.
func (p *Project) Close() error {
	if p.ready == nil || p.ready.Close == nil {
		return nil
	}
	conn := p.ready
	p.ready = nil
	return conn.Close()
}

// connect returns the connection for work with st, which has to be of the same
// place or of none yet. The state has to be locked.
func (p *Project) connect(ctx context.Context, st *state.State) (Connection, error) {
	if _, err := p.Where(ctx); err != nil {
		return Connection{}, err
	}
	conn := *p.ready
	if conn.Hide != nil {
		conn.Hide(p.secrets.Text)
	}
	if err := p.admit(st.Place, conn.Place); err != nil {
		return Connection{}, err
	}
	if conn.Begin != nil {
		var err error
		if conn.Place, err = conn.Begin(); err != nil {
			return Connection{}, err
		}
		if err := p.admit(st.Place, conn.Place); err != nil {
			return Connection{}, err
		}
	}
	p.ready, p.place = nil, conn.Place // whoever uses the connection closes it
	return conn, nil
}

// admit refuses a run at another place than the state is of.
func (p *Project) admit(of, now state.Place) error {
	if of.IsZero() || of == now {
		return nil
	}
	summary := "The state is of another place"
	detail := fmt.Sprintf("%s, so nothing was sent.\n  the state is of %s\n  this run is for %s", otherIn(of, now), tell.Place(of), tell.Place(now))
	if of.World != "" && now.Address == "" {
		summary, detail = "The simulated world is gone", otherIn(of, now)+", so nothing was sent."
	}
	p.Emit(event.Diagnostic{Severity: "error", Code: "other-place", Summary: summary, Detail: detail + wayOn(of, now)})
	return ErrOtherPlace
}

// otherIn names the part in which two places differ.
func otherIn(of, now state.Place) string {
	switch {
	case of.Environment != now.Environment:
		return "The environment is another one"
	case of.Address != now.Address:
		return "The address is another one"
	case of.Account != now.Account:
		return "The account is another one: KIRA_CLIENT_ID has changed"
	case now.World == "":
		return "The world that the objects lived in was deleted, or is in another working copy"
	}
	return "Another world has begun since the objects were made"
}

// wayOn is how to go on, as lines to paste.
func wayOn(of, now state.Place) string {
	const anew = "\nTo begin anew in a new world; the state goes into its history, and begins empty:\n  kiraform simulator reset"
	var lines string
	switch {
	case of.Address == "" && now.Address == "":
		return anew
	case of.Loopback() && now.Loopback() && !of.Production() && !now.Production():
		lines = anew // which production refuses
	}
	if elsewhere := of; of.Loopback() && now.Loopback() && of.Address != "" && now.Address != "" {
		elsewhere.Address = now.Address
		if elsewhere == now {
			return "\nIf it is the same world at another port:\n  kiraform state rebind" + lines
		}
	}
	return fmt.Sprintf("\nTo work with both, let each have a state of its own:\n  kiraform workspace new %s\n"+
		"If it is the same account of the same Kira, under another name:\n  kiraform state rebind", now.Environment) + lines
}

// placeless reports whether nothing in st belongs to any place.
func placeless(st *state.State) bool {
	return len(st.Resources)+len(st.Intents)+len(st.Left)+len(st.Runs) == 0
}

// recognise binds a state of format 1, which does not say where its objects
// live, once they were found here: all that Kira can show, but for a few that
// are gone by two witnesses.
func (p *Project) recognise(s *Session) error {
	if !s.State.Place.IsZero() || s.conn.Place.IsZero() {
		return nil
	}
	gone, all := s.countGone()
	switch {
	case len(s.was.Resources)+len(s.was.Intents)+len(s.was.Runs) == 0:
	case len(readable(s.was)) == 0:
		return p.unknownPlace(s, "Kira shows none of its objects at")
	case len(s.unread) > 0:
		return p.unknownPlace(s, "not all of its objects can be looked at at")
	case len(gone) == all:
		return p.unknownPlace(s, "none of its objects is at")
	case len(gone) > 1 && 2*len(gone) > all:
		return p.unknownPlace(s, "most of its objects are not at")
	}
	s.bind()
	return nil
}

// readable returns the addresses of the objects that Kira can show.
func readable(st *state.State) (out []addr.Resource) {
	for _, a := range st.Addrs() {
		if k, ok := kinds.ByName(a.Kind); ok && k.Read != nil {
			out = append(out, a)
		}
	}
	return out
}

// settle binds a state of format 1 for a command that does not look at live
// objects by itself.
func (p *Project) settle(ctx context.Context, s *Session) error {
	if !s.State.Place.IsZero() || s.conn.Place.IsZero() {
		return nil
	}
	st := s.State
	err := s.refresh(ctx, PlanOptions{})
	s.State = st
	if err != nil {
		return err
	}
	return p.recognise(s)
}

// mustBeBound refuses to change anything with a state that may be of another
// place: one of format 1 whose objects were not looked for.
func (p *Project) mustBeBound(s *Session) error {
	if !s.State.Place.IsZero() || s.conn.Place.IsZero() {
		return nil
	}
	return p.unknownPlace(s, "with -refresh=false nobody looks whether its objects are at")
}

func (p *Project) unknownPlace(s *Session, why string) error {
	line := "If it is of this place, and N of its objects are gone:\n  kiraform state rebind -missing-ok=N"
	if len(readable(s.was)) == 0 {
		line = "If it is of this place:\n  kiraform state rebind"
	}
	p.Emit(event.Diagnostic{Severity: "error", Code: "unknown-place", Summary: "Nobody knows where the objects live",
		Detail: fmt.Sprintf("An earlier kiraform wrote the state, without the place that it is of, and %s %s. "+
			"Nothing was changed.\n%s", why, tell.Place(s.conn.Place), line)})
	return ErrReported
}

// sameAsSaved refuses to make a saved plan again at another place.
func (p *Project) sameAsSaved(s *Session, o PlanOptions) error {
	if o.Place.IsZero() || o.Place == s.conn.Place {
		return nil
	}
	p.Emit(event.Diagnostic{Severity: "error", Code: "other-place", Summary: "The saved plan is for another place",
		Detail: fmt.Sprintf("%s, so nothing was sent.\n  the plan was saved for %s\n  this run is for %s\nTo plan again:\n  %s",
			otherIn(o.Place, s.conn.Place), tell.Place(o.Place), tell.Place(s.conn.Place), o.Again)})
	return ErrOtherPlace
}
