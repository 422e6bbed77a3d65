package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"kiraform/internal/tell"
	"kiraform/state"
)

func (a *app) stateHistoryCommand() *cobra.Command {
	var st stateFlag
	var as format
	c := &cobra.Command{
		Use:   "history",
		Short: "List the generations of the state that are kept",
		Long: "history lists the last generations of the state, newest first. The first is the state as it was last\n" +
			"saved. \"state restore SERIAL\" brings one back.",
		RunE: func(cmd *cobra.Command, _ []string) error { return a.history(cmd.Context(), st, as) },
	}
	st.bind(c)
	as.bind(c)
	return c
}

func (a *app) history(ctx context.Context, st stateFlag, as format) error {
	store, err := a.stateStore(ctx, st)
	if err != nil {
		return err
	}
	all, err := store.History(ctx)
	if err != nil {
		return err
	}
	if len(all) == 0 && as.forPeople() {
		fmt.Fprintln(a.Stderr, "No generation of the state is kept: it was never saved.")
	}
	return a.show(as, reportHistory(all))
}

func (a *app) stateRestoreCommand() *cobra.Command {
	var st stateFlag
	c := &cobra.Command{
		Use:   "restore SERIAL",
		Short: "Bring back a generation of the state",
		Long: "restore makes an earlier generation the state. Nothing is changed at Kira, and nothing is forgotten:\n" +
			"objects that the generation does not know live on, and are entered in the ledger of objects that\n" +
			"were left behind. It is also the way back from a state file that is empty, cut or gone: the records\n" +
			"that a run left in the journal are taken in, and a copy of the damaged file is kept.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			serial, err := strconv.ParseUint(args[0], 10, 64)
			if err != nil {
				return usage("%q is not the serial of a generation; \"kiraform state history\" lists them", args[0])
			}
			return a.restore(cmd.Context(), st, serial)
		},
	}
	st.bind(c)
	return c
}

func (a *app) restore(ctx context.Context, st stateFlag, serial uint64) (err error) {
	store, err := a.stateStore(ctx, st)
	if err != nil {
		return err
	}
	unlock, err := store.Lock(ctx, a.holder("state restore"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	r, err := store.Restore(ctx, serial, func(s *state.State) error { return a.encryptFor(s, st) })
	if other, ok := errors.AsType[*state.OtherPlaceError](err); ok {
		return otherGeneration(other)
	}
	if err != nil {
		return err
	}
	a.restored(serial, r)
	return nil
}

// otherGeneration says where the objects of a generation live, and where those of
// the state do.
func otherGeneration(e *state.OtherPlaceError) error {
	if e.Of.World != "" && e.Now.World != "" {
		return fmt.Errorf("generation %d is of another world of the embedded simulator, which is gone with all that lived in it, "+
			"so the state stays as it is", e.Serial)
	}
	now := cmp.Or(tell.Place(e.Now).String(), "not known")
	return fmt.Errorf("generation %d is of another place than the state, so the state stays as it is.\n"+
		"  the generation is of %s\n  the place of the state is %s\n"+
		"\"kiraform state rebind\" binds the state to that place, if its objects live there. Then restore the generation",
		e.Serial, tell.Place(e.Of), now)
}

func (a *app) restored(serial uint64, r state.Restored) {
	fmt.Fprintf(a.Stdout, "Generation %d is the state again, with serial %d.\n", serial, r.Serial)
	if r.Damaged != "" {
		fmt.Fprintf(a.Stdout, "What was there before is kept as %s.\n", r.Damaged)
	}
	if r.Replayed > 0 {
		fmt.Fprintf(a.Stdout, "The journal beside it tells of %d more steps, which hold.\n", r.Replayed)
	}
	for _, l := range r.Left {
		fmt.Fprintf(a.Stdout, "%s is not managed any more. It lives on at Kira as %s.\n", l.Addr, l.ID)
	}
	a.sayf(a.Stdout, "Run \"kiraform plan\" to see how it compares with the live objects.\n")
}
