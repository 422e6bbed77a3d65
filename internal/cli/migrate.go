package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"kiraform/internal/config"
	"kiraform/internal/ui/words"
	"kiraform/state"
)

// mover is a store that can be left for another one.
type mover interface {
	backend
	Leave(ctx context.Context, to string) error
}

// migrate moves the states of all workspaces to where the configuration says.
func (a *app) migrate(ctx context.Context, dir string) error {
	m, b, err := a.written(dir)
	if err != nil {
		return err
	}
	if m.Broken {
		return errors.New("the configuration cannot be read, so it does not say where the state shall be. \"kiraform validate\" lists the mistakes")
	}
	was, err := readChosen(dir)
	if err != nil {
		return err
	}
	var from, to shelf = beside{a, dir}, beside{a, dir}
	var now *chosen
	label := "files beside the configuration"
	switch {
	case b != nil:
		r, err := a.remote(dir, m, b)
		if err != nil {
			return err
		}
		to, now = r, chose(b, r)
		if was != nil && *was != *now {
			return fmt.Errorf("the state is in %s, as %s. Move it into a file first: take the backend block away and run this again", was, was.Workspace)
		}
		label = now.String()
	case was != nil:
		r, err := backends[was.Type].open(a, dir, &config.Backend{Type: was.Type, Workspace: was.Workspace})
		if err != nil {
			return err
		}
		if r.at() != was.Address {
			return fmt.Errorf("the state is in %s, and %s names the one at %s. Set it to the first one", was, backends[was.Type].variable, r.at())
		}
		from = r
	default:
		fmt.Fprintln(a.Stdout, "The state is in files beside the configuration, and stays there: there is no backend block.")
		return nil
	}
	return a.moveAll(ctx, dir, from, to, now, label)
}

func (a *app) moveAll(ctx context.Context, dir string, from, to shelf, now *chosen, label string) error {
	names, err := from.names(ctx)
	if err != nil {
		return err
	}
	moved := 0
	for _, name := range names {
		if err := to.room(ctx, name); err != nil {
			return err
		}
		some, err := a.move(ctx, from.open(name).backend.(mover), to.open(name).backend.(mover), label)
		if err != nil {
			return fmt.Errorf("workspace %s: %w", name, err)
		}
		if some {
			fmt.Fprintf(a.Stdout, "Moved the state of the workspace %s.\n", name)
			moved++
		}
	}
	if err := writeChosen(dir, now); err != nil {
		return err
	}
	if moved == 0 {
		fmt.Fprintf(a.Stdout, "There was no state to move. From now on it is kept in %s.\n", label)
	}
	return nil
}

// move moves one state, with both places locked. Wherever it stops, the state is whole
// at one of them, and moving it again brings it to its end.
func (a *app) move(ctx context.Context, from, to mover, label string) (moved bool, err error) {
	who := a.holder("init -migrate-state")
	for _, store := range []mover{from, to} {
		unlock, err := store.Lock(ctx, who)
		if err != nil {
			return false, err
		}
		defer func() { err = errors.Join(err, unlock()) }()
	}
	s, err := from.Load(ctx)
	if err != nil || s == nil {
		return false, err
	}
	there, left, err := received(ctx, to)
	switch {
	case err != nil:
		return false, err
	case there != nil && there.Lineage != s.Lineage:
		return false, fmt.Errorf("there is another state already in %s: its lineage is %s, and that of the state to be moved %s. Nothing was changed", label, there.Lineage, s.Lineage)
	case there != nil && !left:
		return a.finish(ctx, from, s, there, label)
	case there != nil:
		s.Serial, s.Origin = max(s.Serial, there.Serial), there.Origin
	default:
		s.Origin = nil
	}
	if err := a.encryptFor(s, stateFlag{}); err != nil {
		return false, err
	}
	if err := to.Save(ctx, s); err != nil {
		return false, err
	}
	return true, from.Leave(context.WithoutCancel(ctx), a.leaving(label))
}

// leaving says where a state went, for those who look for it.
func (a *app) leaving(label string) string {
	return fmt.Sprintf("to %s, by %s on %s", label, a.holder("").Who, words.Moment(time.Now()))
}

// received loads the state at the place that one is to be moved to, and reports whether it
// was left there for another place.
func received(ctx context.Context, to mover) (s *state.State, left bool, err error) {
	s, err = to.Load(ctx)
	if _, moved := errors.AsType[*state.MovedError](err); !moved {
		return s, false, err
	}
	to.(interface{ Return() }).Return()
	s, err = to.Load(ctx)
	return s, true, err
}

// finish brings a move to its end that died once the state was at both places. If they
// differ, one of them has gone on, and a person has to say which.
func (a *app) finish(ctx context.Context, from mover, s, there *state.State, label string) (bool, error) {
	was, is := *s, *there
	was.Serial, is.Serial = 0, 0
	x, err := state.Encode(&was, "")
	y, err2 := state.Encode(&is, "")
	if err := errors.Join(err, err2); err != nil {
		return false, err
	}
	if !bytes.Equal(x, y) {
		return false, fmt.Errorf("the state is in %s already, where it has the serial %d, and differs from the one to be moved, with the serial %d. Nothing was changed. "+
			"Move the one here out of the way; if it is the right one after all, give it to \"kiraform state push\" then", label, there.Serial, s.Serial)
	}
	return true, from.Leave(context.WithoutCancel(ctx), a.leaving(label))
}
