package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kiraform/internal/engine"
	"kiraform/internal/simulator"
	"kiraform/state"
)

func (a *app) simulatorResetCommand() *cobra.Command {
	var f importFlags
	c := &cobra.Command{
		Use:   "reset",
		Short: "Begin a new world, and an empty state with it",
		Long: "reset forgets the simulated world that the state is of, be it the embedded simulator's or that of a\n" +
			"\"kiraform simulator\" which KIRA_BASE_URL names, and begins a new one. The state goes into its\n" +
			"history and begins empty. If the state is of a world that is gone, only the state is emptied. A\n" +
			"state of Kira's sandbox or production is never touched.",
		RunE: func(cmd *cobra.Command, _ []string) error { return a.resetSimulator(cmd.Context(), &f) },
	}
	f.bind(c)
	return c
}

func (a *app) resetSimulator(ctx context.Context, f *importFlags) error {
	dir, w, err := a.selected()
	if err != nil {
		return err
	}
	run := runFlags{vars: f.vars, state: f.state, lock: f.lock}
	return a.session(ctx, "simulator reset", &run, a.read, func(s *session) error {
		e, err := s.project.Simulated(s.ctx)
		if err != nil {
			return err
		}
		where, begun := engine.Where(s.project.Place()), false
		if e.Mine {
			if begun, err = a.newWorld(s.ctx, worldPath(dir, w.name), s.project.Place()); err != nil {
				return err
			}
		}
		kept, err := s.project.Empty(context.WithoutCancel(s.ctx))
		if err != nil {
			return err
		}
		switch {
		case begun:
			fmt.Fprintf(a.Stdout, "A new world has begun in %s.\n", where)
		case e.Mine:
			fmt.Fprintf(a.Stdout, "Whoever answers as %s is not kiraform's simulator: the world there is left as it is.\n", where)
		default:
			fmt.Fprintf(a.Stdout, "The state was not of %s: the world there is left as it is.\n", where)
		}
		if kept.Serial > 0 {
			fmt.Fprintf(a.Stdout, "The state is empty. What it held (%s) is kept as generation %d.\n", plural(kept.Resources, "resource"), kept.Serial)
		}
		return nil
	})
}

// newWorld begins a new world at a place on this machine, if a simulator is
// there.
func (a *app) newWorld(ctx context.Context, embedded string, at state.Place) (begun bool, err error) {
	if at.Address == "" {
		sim := &simulator.Server{World: embedded}
		return true, errors.Join(sim.Reset(), sim.Close())
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	base := strings.TrimSuffix(at.Address, "/sandbox") + "/_admin"
	if simulated, err := admin(ctx, http.MethodGet, base+"/"); err != nil || !simulated {
		return false, err
	}
	return admin(ctx, http.MethodPost, base+"/reset")
}

// admin sends a request for the people at Kira, and reports whether a simulator
// answered it.
func admin(ctx context.Context, method, url string) (simulated bool, err error) {
	req, err := http.NewRequestWithContext(ctx, method, url, nil)
	if err != nil {
		return false, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return false, fmt.Errorf("reach the simulator: %w", err)
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, resp.Body)
	simulated = resp.Header.Get("X-Kiraform-Simulator") != ""
	if simulated && resp.StatusCode != http.StatusOK {
		return true, fmt.Errorf("reset the simulator: %s %s answered %s", method, url, resp.Status)
	}
	return simulated, nil
}
