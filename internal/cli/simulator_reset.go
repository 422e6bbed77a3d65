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
	"kiraform/internal/kira"
	"kiraform/internal/simulator"
	"kiraform/internal/tell"
	"kiraform/internal/ui/words"
	"kiraform/state"
)

func (a *app) simulatorResetCommand() *cobra.Command {
	var f importFlags
	c := &cobra.Command{
		Use:   "reset",
		Short: "Begin a new world, and an empty state with it",
		Long: "reset forgets the simulated world that the state is of, be it the embedded simulator's or that of a\n" +
			"\"kiraform simulator\" which KIRA_BASE_URL names, and begins a new one. The state goes into its\n" +
			"history and begins empty. If the state is of a world that is gone, or of another one, only the state\n" +
			"is emptied. Unless kiraform's simulator answers, nothing is touched: a state of Kira's sandbox or\n" +
			"production never is.",
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
		s.acts()
		e, err := s.project.Simulated(s.ctx)
		if err != nil {
			return err
		}
		now := s.project.Place()
		if err := onlySimulators(s.ctx, e.Of, now); err != nil {
			return err
		}
		// A state that says no place, or is not there, may mean somebody else's world:
		// only the embedded one is that of the workspace and nobody else.
		mine := e.Of == now
		if e.Of.IsZero() {
			mine = f.state.file == "" && (now.Address == "" || !e.Known && w.name == defaultWorkspace)
		}
		if mine {
			if err := newWorld(s.ctx, worldPath(dir, w.name), now); err != nil {
				return err
			}
		}
		kept, err := s.project.Empty(context.WithoutCancel(s.ctx))
		if err != nil {
			return err
		}
		fmt.Fprintln(a.Stdout, whatBegan(e, now, mine))
		if kept.Serial > 0 {
			fmt.Fprintf(a.Stdout, "The state is empty. Its former content (%s) is kept as generation %d.\n", words.Count(kept.Resources, "resource"), kept.Serial)
		}
		return nil
	})
}

// whatBegan says the fate of the world at a place, begun anew or not, beside a
// state that is emptied.
func whatBegan(e engine.Emptied, now state.Place, begun bool) string {
	where := tell.Place(now).String()
	switch {
	case begun:
		return fmt.Sprintf("A new world has begun in %s.", where)
	case !e.Known:
		return fmt.Sprintf("There is no state of %s here: the world there is left as it is.", where)
	case e.Of.IsZero():
		return fmt.Sprintf("The state did not name its place: the world of %s is left as it is.", where)
	case e.Of.World != "" && now.Address == "" && now.World == "":
		return "The world that the state was of had been deleted: the next apply begins a new one."
	case e.Of.World != "" && now.Address == "":
		return "The world that the state was of is gone: the one that has begun since is left as it is."
	}
	return fmt.Sprintf("The state was not of %s: the world there is left as it is.", where)
}

// onlySimulators returns an error unless kiraform's simulator answers at the place of
// the run, and whoever answers at that of the state is one as well.
func onlySimulators(ctx context.Context, of, now state.Place) error {
	if now.Address != "" {
		if err := answers(ctx, now); err != nil {
			return err
		}
	}
	if of.Address == "" || of.Address == now.Address {
		return nil
	}
	err := answers(ctx, of)
	if now.Address != "" && errors.Is(err, errUnreached) {
		return nil // it came up at another port
	}
	return err
}

// answers returns an error unless kiraform's simulator answers at a place.
func answers(ctx context.Context, at state.Place) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	return admin(ctx, http.MethodGet, adminURL(at)+"/", at)
}

// newWorld begins a new world in the simulator at a place on this machine.
func newWorld(ctx context.Context, embedded string, at state.Place) error {
	if at.Address == "" {
		sim := &simulator.Server{World: embedded}
		return errors.Join(sim.Reset(), sim.Close())
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	return admin(ctx, http.MethodPost, adminURL(at)+"/reset", at)
}

func adminURL(at state.Place) string { return strings.TrimSuffix(at.Address, "/sandbox") + "/_admin" }

// errUnreached is returned where nobody answers.
var errUnreached = errors.New("nobody answers")

// admin sends a request for the people at Kira, and returns an error unless
// kiraform's simulator itself carried it out.
func admin(ctx context.Context, method, url string, at state.Place) error {
	req, err := http.NewRequestWithContext(ctx, method, url, nil)
	if err != nil {
		return err
	}
	// An answer that leads elsewhere is not that of the simulator.
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	if err != nil {
		return fmt.Errorf("reach the simulator: %w: %w. Nothing was changed", errUnreached, kira.Plain(err))
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, resp.Body)
	switch {
	case resp.Header.Get("X-Kiraform-Simulator") == "":
		return fmt.Errorf("whoever answers as %s is not kiraform's simulator (%s), so neither the world there nor the state is touched. "+
			"Nothing was changed. If a proxy stands before the simulator, let KIRA_BASE_URL lead to the simulator itself", tell.Place(at), resp.Status)
	case resp.StatusCode != http.StatusOK:
		return fmt.Errorf("reset the simulator: %s %s answered %s, and the state was not changed", method, url, resp.Status)
	}
	return nil
}
