package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kiraform/internal/engine"
	"kiraform/state"
)

// lockFlags are the flags of commands that keep other runs away.
type lockFlags struct {
	lock bool
	wait time.Duration
}

func (f *lockFlags) bind(c *cobra.Command) {
	c.Flags().BoolVar(&f.lock, "lock", true, "keep other runs away from the state; false is at your own risk")
	c.Flags().DurationVar(&f.wait, "lock-timeout", 0, "wait up to `DURATION` for another run to end")
}

func (f *lockFlags) check() error {
	if f.wait < 0 {
		return usage("-lock-timeout must not be negative")
	}
	return nil
}

func (f *lockFlags) set(o *engine.Options) { o.NoLock, o.LockWait = !f.lock, f.wait }

// lockUnless locks the state. Being told to stop ends the waiting for it.
func lockUnless(ctx context.Context, stop <-chan struct{}, p *engine.Project) (unlock func() error, err error) {
	waiting, cancel := until(ctx, stop)
	defer cancel()
	unlock, err = p.Lock(waiting)
	if closed(stop) && errors.Is(err, context.Canceled) {
		return nil, errInterrupted // who holds the lock was said when the waiting began
	}
	return unlock, err
}

func (a *app) lockCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "lock",
		Short: "Look at the lock that keeps runs apart",
		RunE: func(cmd *cobra.Command, _ []string) error {
			_ = cmd.Help()
			return &exit{code: ExitUsage}
		},
	}
	c.AddCommand(a.lockStatusCommand())
	return c
}

func (a *app) lockStatusCommand() *cobra.Command {
	var st stateFlag
	var as format
	c := &cobra.Command{
		Use:   "status",
		Short: "Say who holds the lock of the state",
		RunE: func(cmd *cobra.Command, _ []string) error {
			store, err := a.stateStore(cmd.Context(), st)
			if err != nil {
				return err
			}
			s, err := store.LockStatus(cmd.Context())
			if err != nil {
				return err
			}
			return a.show(as, reportLock(s))
		},
	}
	st.bind(c)
	as.bind(c)
	return c
}

func (a *app) forceUnlockCommand() *cobra.Command {
	var st stateFlag
	var force bool
	c := &cobra.Command{
		Use:   "force-unlock ID",
		Short: "Take the lock away from a run that is gone",
		Long: "force-unlock takes the lock of the state away from the run that the ID names, which \"kiraform lock\n" +
			"status\" shows. It is for runs on other machines: one that died on this machine has let go of the\n" +
			"lock already. If the run is not gone after all, two runs may do the same work. With a backend block the\n" +
			"lock ends by itself, and a run that has lost it writes and sends nothing any more.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			store, err := a.stateStore(cmd.Context(), st)
			if err != nil {
				return err
			}
			s, err := store.LockStatus(cmd.Context())
			if err != nil {
				return err
			}
			if s.Holder.ID == args[0] && !force { // of another run there is nothing to ask: it is refused below
				if err := a.approveUnlock(cmd.Context(), s); err != nil {
					return err
				}
			}
			if err := store.ForceUnlock(cmd.Context(), args[0]); err != nil {
				return err
			}
			fmt.Fprintln(a.Stdout, "The lock is taken away. The next run can begin.")
			return nil
		},
	}
	st.bind(c)
	c.Flags().BoolVar(&force, "force", false, "do not ask")
	return c
}

// approveUnlock asks whether the run that holds the lock is gone.
func (a *app) approveUnlock(ctx context.Context, s state.LockStatus) error {
	if s.Held {
		fmt.Fprintf(a.Stdout, "The state is locked by %s.\n", s.Holder)
	}
	fmt.Fprint(a.Stdout, "Is that run gone for certain? Only 'yes' will be accepted.\n\n  Enter a value: ")
	ctx, cancel := a.interruptible(ctx)
	defer cancel()
	answer, err := a.readLine(ctx, ctx.Done())
	if err != nil {
		return err
	}
	if strings.TrimSpace(answer) != "yes" {
		return &exit{ExitFailed, "force-unlock cancelled, and nothing was changed"}
	}
	fmt.Fprintln(a.Stdout)
	return nil
}
