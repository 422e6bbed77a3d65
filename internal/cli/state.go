package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"kiraform/internal/addr"
	"kiraform/internal/diag"
	"kiraform/state"
)

func (a *app) stateCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "state",
		Short: "Look at the state, and take resources out of it",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return fmt.Errorf("there is no command \"state %s\".%s", args[0], diag.DidYouMean(args[0], []string{"list", "rm", "show"}))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error {
			_ = cmd.Help()
			return &exit{code: ExitUsage}
		},
	}
	c.AddCommand(a.stateListCommand(), a.stateShowCommand(), a.stateRmCommand(), a.stateOrphansCommand())
	return c
}

func (a *app) stateListCommand() *cobra.Command {
	var st stateFlag
	c := &cobra.Command{
		Use:   "list [ADDR...]",
		Short: "List the resources in the state",
		Args:  cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			only, err := addresses(args)
			if err != nil {
				return err
			}
			s, err := a.loadState(cmd.Context(), st.path)
			if err != nil {
				return err
			}
			for _, r := range s.Addrs() {
				if len(only) == 0 || covered(only, r) {
					fmt.Fprintln(a.Stdout, r)
				}
			}
			return nil
		},
	}
	st.bind(c)
	return c
}

func addresses(args []string) (out []addr.Resource, err error) {
	for _, s := range args {
		r, err := addr.Parse(s)
		if err != nil {
			return nil, usage("%v", err)
		}
		out = append(out, r)
	}
	return out, nil
}

func covered(by []addr.Resource, r addr.Resource) bool {
	return slices.ContainsFunc(by, func(b addr.Resource) bool { return b.Covers(r) })
}

func (a *app) stateShowCommand() *cobra.Command {
	var st stateFlag
	c := &cobra.Command{
		Use:   "show ADDR",
		Short: "Show one resource in the state",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			only, err := addresses(args)
			if err != nil {
				return err
			}
			s, err := a.loadState(cmd.Context(), st.path)
			if err != nil {
				return err
			}
			if _, ok := s.Resources[only[0]]; !ok {
				return notInState(s, only[0])
			}
			a.showResource(s, only[0])
			return nil
		},
	}
	st.bind(c)
	return c
}

func notInState(s *state.State, r addr.Resource) error {
	var known []string
	for _, k := range s.Addrs() {
		known = append(known, k.String())
	}
	return fmt.Errorf("the state has no %s.%s", r, diag.DidYouMean(r.String(), known))
}

func (a *app) stateRmCommand() *cobra.Command {
	var st stateFlag
	c := &cobra.Command{
		Use:   "rm ADDR...",
		Short: "Take resources out of the state; they live on at Kira",
		Args:  cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			rm, err := addresses(args)
			if err != nil {
				return err
			}
			return a.removeFromState(cmd.Context(), st, rm)
		},
	}
	st.bind(c)
	return c
}

func (a *app) removeFromState(ctx context.Context, st stateFlag, rm []addr.Resource) (err error) {
	dir, err := a.dir()
	if err != nil {
		return err
	}
	store := a.store(dir, st.path)
	unlock, err := store.Lock(ctx, a.holder("state rm"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	s, err := a.loadState(ctx, st.path)
	if err != nil {
		return err
	}
	for _, r := range rm {
		n := 0
		for _, k := range s.Addrs() {
			if r.Covers(k) {
				id := s.Resources[k].ID
				s.Forget(k, "removed from the state", time.Now().UTC())
				fmt.Fprintf(a.Stdout, "Removed %s. It lives on at Kira as %s.\n", k, id)
				n++
			}
		}
		if n == 0 {
			return notInState(s, r)
		}
	}
	return store.Save(ctx, s)
}
