package cli

import (
	"fmt"
	"maps"
	"slices"

	"github.com/spf13/cobra"

	"kiraform/internal/addr"
	"kiraform/state"
)

func (a *app) stateMvCommand() *cobra.Command {
	var st stateFlag
	var dry bool
	c := &cobra.Command{
		Use:   "mv SOURCE DESTINATION",
		Short: "Give resources in the state another address",
		Long: "mv gives an object in the state another address, as after a resource block was renamed by hand. It\n" +
			"changes nothing at Kira. A source without an index that has instances moves with all of them, and\n" +
			"module.NAME with all that is in it. A moved block in the configuration does the same as part of plan\n" +
			"and apply, for everybody who shares it.",
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			ends, err := areas(args)
			if err != nil {
				return err
			}
			var to map[addr.Resource]addr.Resource
			move := func(s *state.State) (err error) {
				if to, err = renames(s, ends[0], ends[1]); err == nil {
					*s = *s.Move(to)
				}
				return err
			}
			if dry {
				s, err := a.loadState(cmd.Context(), st)
				if err == nil {
					err = move(s)
				}
				a.sayMoved("Would move", to)
				return err
			}
			if err := a.changeState(cmd.Context(), "state mv", st, move); err != nil {
				return err
			}
			a.sayMoved("Move", to)
			fmt.Fprintf(a.Stdout, "Successfully moved %d object(s).\n", len(to))
			return nil
		},
	}
	st.bind(c)
	c.Flags().BoolVar(&dry, "dry-run", false, "only print the moves")
	return c
}

func (a *app) sayMoved(verb string, to map[addr.Resource]addr.Resource) {
	for _, from := range slices.SortedFunc(maps.Keys(to), addr.Resource.Compare) {
		fmt.Fprintf(a.Stdout, "%s \"%s\" to \"%s\"\n", verb, from, to[from])
	}
}

// renames returns the new address of each object that moves with from. Objects
// that live and requests that were not answered count alike.
func renames(s *state.State, from, to addr.Resource) (map[addr.Resource]addr.Resource, error) {
	source, there := under(s, from), under(s, to)
	switch {
	case from.Kind == "" || to.Kind == "":
		return renamesModule(s, from, to)
	case len(source) == 0:
		return nil, notInState(s, from)
	case from == to:
		return nil, fmt.Errorf("%s is its address already. Give another destination", to)
	case from.Schema() != to.Schema():
		return nil, fmt.Errorf("%s is a %s, and %s is a %s: an object cannot become one of another kind", from, from.Schema(), to, to.Schema())
	case has(s, from):
		source = []addr.Resource{from}
		if !has(s, to) {
			there = nil
		}
	case !to.Key.IsZero():
		return nil, fmt.Errorf("%s has instances, such as %s. Say which of them moves to %s, or leave the index out to move them all", from, source[0], to)
	}
	if len(there) > 0 {
		return nil, fmt.Errorf("the state has %s already, so %s cannot move there. Choose another address, or move that one away first", there[0], from)
	}
	moved := make(map[addr.Resource]addr.Resource, len(source))
	for _, r := range source {
		moved[r] = to
		if r != from {
			moved[r] = to.Instance(r.Key)
		}
	}
	return moved, nil
}

// renamesModule is renames for all that is in a module, or in one instance of it.
func renamesModule(s *state.State, from, to addr.Resource) (map[addr.Resource]addr.Resource, error) {
	source, there := under(s, from), under(s, to)
	switch {
	case from.Kind != to.Kind:
		return nil, fmt.Errorf("%s and %s are not two modules: a resource moves to the address of a resource, and a module to that of a module", from, to)
	case len(source) == 0:
		return nil, notInState(s, from)
	case from == to:
		return nil, fmt.Errorf("%s is its address already. Give another destination", to)
	case len(there) > 0:
		return nil, fmt.Errorf("the state has %s already, so %s cannot move to %s. Choose another address, or move that one away first", there[0], from, to)
	}
	moved := make(map[addr.Resource]addr.Resource, len(source))
	for _, r := range source {
		outer, inner, _ := r.Module.Cut(from.Module.Depth())
		target := to.Module
		switch {
		case outer == from.Module:
		case from.Module.Key().IsZero() && outer.Rekey(addr.Key{}) == from.Module && to.Module.Key().IsZero():
			target = to.Module.Rekey(outer.Key())
		default:
			return nil, fmt.Errorf("%s has instances, such as %s. Say which of them moves to %s", from, outer, to)
		}
		next := r
		next.Module = target.Join(inner)
		moved[r] = next
	}
	return moved, nil
}

// has reports whether s knows an object at r, or a request for one that was
// not answered.
func has(s *state.State, r addr.Resource) bool {
	_, lives := s.Resources[r]
	return lives || slices.ContainsFunc(s.Open(), func(in state.Intent) bool { return in.Addr == r })
}

// under returns the addresses of s that r covers, sorted.
func under(s *state.State, r addr.Resource) []addr.Resource {
	all := s.Addrs()
	for _, in := range s.Open() {
		all = append(all, in.Addr)
	}
	all = slices.DeleteFunc(all, func(k addr.Resource) bool { return !r.Covers(k) })
	slices.SortFunc(all, addr.Resource.Compare)
	return slices.Compact(all)
}
