package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kiraform/internal/addr"
	"kiraform/internal/config"
	"kiraform/internal/diag"
	"kiraform/internal/engine"
	"kiraform/internal/ui/words"
	"kiraform/state"
)

func (a *app) stateCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "state",
		Short: "Look at the state, move resources or take them out, and bring earlier states back",
		RunE: func(cmd *cobra.Command, _ []string) error {
			_ = cmd.Help()
			return &exit{code: ExitUsage}
		},
	}
	c.AddCommand(a.stateListCommand(), a.stateShowCommand(), a.stateMvCommand(), a.stateRmCommand(),
		a.stateHistoryCommand(), a.stateRestoreCommand(), a.stateOrphansCommand(), a.stateRebindCommand(),
		a.stateRekeyCommand(), a.stateTrustCommand(), a.statePullCommand(), a.statePushCommand())
	return c
}

func (a *app) stateListCommand() *cobra.Command {
	var st stateFlag
	var as format
	c := &cobra.Command{
		Use:   "list [ADDR...]",
		Short: "List the resources in the state",
		Args:  cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			only, err := areas(args)
			if err != nil {
				return err
			}
			s, err := a.loadState(cmd.Context(), st)
			if err != nil {
				return err
			}
			if len(s.Resources) == 0 && as.forPeople() {
				fmt.Fprintln(a.Stderr, "The state is empty: nothing is managed here.")
			}
			for _, at := range only {
				if len(s.Resources) > 0 && len(reportList(s, []addr.Resource{at})) == 0 {
					return notInState(s, at)
				}
			}
			return a.show(as, reportList(s, only))
		},
	}
	st.bind(c)
	as.bind(c)
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

// areas parses the addresses of resources, or of whole modules.
func areas(args []string) (out []addr.Resource, err error) {
	for _, s := range args {
		r, err := addr.Parse(s)
		if m, is := addr.ParseModule(s); is && !strings.Contains(s, "*") {
			r, err = addr.Resource{Module: m}, nil
		}
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
	var as format
	c := &cobra.Command{
		Use:   "show ADDR",
		Short: "Show one resource in the state",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			only, err := addresses(args)
			if err != nil {
				return err
			}
			s, err := a.loadState(cmd.Context(), st)
			if err != nil {
				return err
			}
			if _, ok := s.Resources[only[0]]; !ok {
				return notInState(s, only[0])
			}
			return a.show(as, a.reportResource(s, only[0]))
		},
	}
	st.bind(c)
	as.bind(c)
	return c
}

func notInState(s *state.State, r addr.Resource) error {
	var known []string
	for _, k := range s.Addrs() {
		known = append(known, k.String())
	}
	if len(s.OpenAt(r)) > 0 {
		return fmt.Errorf("the state has no %s, but a request for it that was never answered. If you know its outcome, end it: "+
			"kiraform state rm -unanswered %s", r, r.Shell())
	}
	if of := under(s, r); len(of) > 0 && r.Kind != "" {
		return fmt.Errorf("the state has no %s, but %s of it. Name one, such as %s", r, words.Count(len(of), "instance"), of[0].Shell())
	}
	if hint := diag.DidYouMean(r.String(), known); hint != "" || len(known) == 0 {
		return fmt.Errorf("the state has no %s.%s", r, hint)
	}
	return fmt.Errorf("the state has no %s. \"kiraform state list\" lists what it has", r)
}

func (a *app) stateRmCommand() *cobra.Command {
	var st stateFlag
	var unanswered, consent, dry bool
	c := &cobra.Command{
		Use:   "rm ADDR...",
		Short: "Take resources out of the state; they live on at Kira",
		Long: "rm takes resources, or all of a module, out of the state. Kira cannot delete: the objects live on\n" +
			"there, and are entered in the ledger of objects that were left behind. With -unanswered it takes out the\n" +
			"memory of requests that no answer came to, and leaves the resources alone; with -consent, leave to\n" +
			"replace them that was given with -replace and could not be carried out yet.",
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			rm, err := areas(args)
			if err != nil {
				return err
			}
			remove := a.remove
			switch {
			case unanswered && consent:
				return usage("-unanswered and -consent do not go together")
			case dry && (unanswered || consent):
				return usage("-dry-run goes with neither of -unanswered and -consent")
			case dry:
				return a.wouldRemove(cmd.Context(), st, rm)
			case consent:
				remove = a.removeConsent
			case unanswered:
				remove = a.removeUnanswered
			}
			err = a.changeState(cmd.Context(), "state rm", st, func(s *state.State) error {
				for _, r := range rm {
					if err := remove(s, r); err != nil {
						return err
					}
				}
				return nil
			})
			if err == nil && !unanswered && !consent {
				fmt.Fprint(a.Stdout, a.nextLines("While its block is there, an apply makes another one. To see that, and to list the objects left at Kira", "kiraform plan", "kiraform state orphans"))
			}
			return err
		},
	}
	st.bind(c)
	c.Flags().BoolVar(&dry, "dry-run", false, "only print the resources")
	c.Flags().BoolVar(&consent, "consent", false, "take back leave to replace that no run could use yet")
	c.Flags().BoolVar(&unanswered, "unanswered", false, "take out requests that were never answered")
	return c
}

// remove takes all that r covers out of s.
func (a *app) remove(s *state.State, r addr.Resource) error {
	return removal(s, r, func(k addr.Resource, id string) {
		s.Forget(k, state.Removed, time.Now().UTC())
		fmt.Fprintf(a.Stdout, "Removed %s. It lives on at Kira as %s.\n", k, id)
	})
}

// wouldRemove prints the resources that a removal would take out, and changes nothing.
func (a *app) wouldRemove(ctx context.Context, st stateFlag, rm []addr.Resource) error {
	s, err := a.loadState(ctx, st)
	if err != nil {
		return err
	}
	for _, r := range rm {
		if err := removal(s, r, func(k addr.Resource, id string) {
			fmt.Fprintf(a.Stdout, "Would remove %s. It would live on at Kira as %s.\n", k, id)
		}); err != nil {
			return err
		}
	}
	return nil
}

// removal calls each with all that r covers in s, and is an error if that is nothing.
func removal(s *state.State, r addr.Resource, each func(k addr.Resource, id string)) error {
	n := 0
	for _, k := range s.Addrs() {
		if r.Covers(k) {
			each(k, s.Resources[k].ID)
			n++
		}
	}
	if n == 0 {
		return notInState(s, r)
	}
	return nil
}

// removeUnanswered takes the requests for all that r covers out of s.
func (a *app) removeUnanswered(s *state.State, r addr.Resource) error {
	n := 0
	for _, in := range s.OpenAt(r) {
		fmt.Fprintf(a.Stdout, "Removed the request to %s %s, of %s.\n", in.Action, in.Addr, words.Moment(in.At))
		delete(s.Intents, in.Key)
		n++
	}
	if n += a.removeRuns(s, r); n == 0 {
		return fmt.Errorf("the state has no request for %s that was never answered", r)
	}
	return nil
}

// removeConsent takes the consents for all that r covers out of s.
func (a *app) removeConsent(s *state.State, r addr.Resource) error {
	n := 0
	for _, k := range s.Addrs() {
		if _, ok := s.Consented(k); ok && r.Covers(k) {
			fmt.Fprintf(a.Stdout, "Took back the consent to replace %s.\n", k)
			delete(s.Consents, k)
			n++
		}
	}
	if n == 0 {
		return fmt.Errorf("the state has no consent to replace %s", r)
	}
	return nil
}

// changeState loads the state, changes it and saves it, with other runs kept
// away.
func (a *app) changeState(ctx context.Context, command string, st stateFlag, change func(*state.State) error) (err error) {
	store, err := a.stateStore(ctx, st)
	if err != nil {
		return err
	}
	unlock, err := store.Lock(ctx, a.holder(command))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	s, err := a.loadState(ctx, st)
	if err != nil {
		return err
	}
	if err := a.encryptFor(s, st); err != nil {
		return err
	}
	if err := change(s); err != nil {
		return err
	}
	return store.Save(ctx, s)
}

// encryptFor makes s one that is encrypted for whom the configuration says.
func (a *app) encryptFor(s *state.State, st stateFlag) error {
	dir, err := a.dir()
	if err != nil {
		return err
	}
	folder, err := a.openFiles(dir, nil)
	if err != nil {
		return err
	}
	module, _ := config.Load(folder) // there may be none, and mistakes in it are for other commands
	return engine.EncryptFor(module, s, rekeyCommand(st))
}
