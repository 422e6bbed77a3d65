package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"

	"kiraform/internal/addr"
	"kiraform/internal/diag"
	"kiraform/internal/event"
	"kiraform/internal/tell"
	"kiraform/internal/trust"
	"kiraform/plan"
	"kiraform/schema"
)

// Standing is how one resource stands that people at Kira have a part in.
type Standing string

// A resource is in one of these.
const (
	Ready   Standing = "ready"   // it waits for nothing
	Waits   Standing = "waits"   // for the gate in Status.Waits
	HasEnd  Standing = "ended"   // it cannot be used, and does not become usable by itself
	Unknown Standing = "unknown" // it could not be looked at
)

// Status is where one resource stands, and its next step.
type Status struct {
	Addr     addr.Resource
	ID       string // "" while there is no object
	Status   string // that Kira shows; "" for none
	Standing Standing
	Waits    string
	Since    *time.Time // when Kira last changed the object, as far as it says so
	Then     string     // the advice, in sentences

	Rejection *Rejection // why it has ended, if an event said so
}

// lastSeen says that there is no newer observation.
const lastSeen = "it could not be looked at; this is the last observation"

// Statuses is where all of them stand, sorted by address.
type Statuses struct {
	Place     event.Place
	Resources []Status
	Unread    []string // addresses of objects that could not be looked at
	Unproven  int      // objects of which something was never compared with Kira
	Requests  int64    // that were sent to Kira
}

// Status returns the gates that users, accounts, the objects made of them and payouts
// that are under way wait for: of those that only names, or else of all. Nothing is changed, neither at
// Kira nor in the state. A run that waits for just these may be at work, so that
// nothing is locked.
func (p *Project) Status(ctx context.Context, o PlanOptions, only []addr.Resource) (all *Statuses, err error) {
	s, err := p.glance(ctx, o)
	defer func() { err = errors.Join(err, s.Close()) }()
	if err != nil {
		return nil, err
	}
	made, diags, err := makeUntil(ctx, plan.Input{Program: p.program, Prior: s.State, Kinds: p.schemas, Key: s.key, Stay: true, Gone: s.gone})
	if err != nil {
		return nil, err
	}
	heard := s.rejections()
	diags = slices.DeleteFunc(unplanned(diags), func(d *hcl.Diagnostic) bool { return d.Severity != hcl.DiagError })
	if err := p.report(diags); err != nil {
		return nil, err
	}
	all = &Statuses{Place: tell.Place(cmp.Or(s.conn.Place, s.State.Place)), Resources: []Status{}, Unread: s.Unread(), Requests: s.Requests()}
	all.Unproven = trust.Unproven(s.project.schemas, s.key, made.Changes)
	ended := endedNeeds(made)
	for i := range made.Changes {
		c := &made.Changes[i]
		if k := c.Kind(p.schemas); k != nil && !c.Addr.Data && takesPeople(k) && covers(only, c.Addr) {
			all.Resources = append(all.Resources, s.status(made, c, k, heard, ended))
		}
	}
	paid, err := s.payouts(ctx, o, only)
	if err != nil {
		return nil, err
	}
	for _, st := range paid {
		if all.Resources = append(all.Resources, st); st.Standing == Unknown {
			all.Unread = append(all.Unread, st.Addr.String())
		}
	}
	all.Requests = s.Requests()
	for _, a := range only {
		if !slices.ContainsFunc(all.Resources, func(st Status) bool { return a.Covers(st.Addr) }) {
			var known []string
			for i := range made.Changes {
				if c := &made.Changes[i]; c.Kind(p.schemas) != nil && !c.Addr.Data && takesPeople(c.Kind(p.schemas)) {
					known = append(known, c.Addr.String())
				}
			}
			return nil, fmt.Errorf("neither the configuration nor the state has a user, an account or a payout under way called %s.%s", a, diag.DidYouMean(a.String(), known))
		}
	}
	return all, nil
}

// takesPeople reports whether people at Kira decide about objects of k.
func takesPeople(k *schema.Kind) bool { return k.Course.Pending != nil || len(k.Gates) > 0 }

func covers(only []addr.Resource, a addr.Resource) bool {
	return len(only) == 0 || slices.ContainsFunc(only, func(o addr.Resource) bool { return o.Covers(a) })
}

// status says where the resource of c stands.
func (s *Session) status(made *plan.Plan, c *plan.Change, k *schema.Kind, heard map[string]Rejection, ended func(*plan.Change) string) Status {
	st := Status{Addr: c.Addr, ID: c.Prior.ID, Standing: Waits}
	if o, gone := s.gone[c.Former()]; gone {
		st.ID, st.Waits, st.Then = "", "an apply: "+o.ID+" is gone at Kira", "Make it again: kiraform apply"
		return st
	}
	if st.ID == "" {
		st.Waits, st.Then = unmade(c)
		if names := ended(c); names != "" {
			st.Then = "It cannot be made of an object that has ended: see " + names
		}
		st.Since = s.since(c, k)
		return st
	}
	st.Status = schema.Text(c.Prior.Seen.Member("status"))
	if at := s.updated[c.Former()]; !at.IsZero() {
		st.Since = &at
	}
	seen := c.Prior.Seen.Shown()
	stalled, lacks := k.LacksOf(seen)
	switch end, pending := k.EndOf(seen), k.PendingOf(seen); {
	case s.unread[c.Former()] != nil:
		st.Standing, st.Waits = Unknown, lastSeen
	case end != "":
		st.Standing = HasEnd
		if r, said := heard[st.ID]; said {
			st.Rejection, st.Then = &r, k.Course.Mend(r.String(), c.Config, c.Addr.Shell())
		} else {
			st.Then = k.Course.Mend("", c.Config, c.Addr.Shell())
		}
	case stalled:
		st.Waits = "more to be sent: " + k.Course.Unbegun
		st.Then = incomplete(lacks) + strings.TrimPrefix(k.Course.Completing(c.Addr.Shell()), ". ")
	case pending != "":
		st.Waits, st.Then = pending, s.person(k)
	default:
		st.Standing = Ready
	}
	return st
}

// unmade names the gate of a resource that has no object yet.
func unmade(c *plan.Change) (waits, next string) {
	switch {
	case c.Action == plan.Defer:
		return c.Why, "Once that is so: kiraform apply"
	case c.Waits != "":
		return "an apply, which waits " + c.Waits, "Make it: kiraform apply"
	}
	return "an apply", "Make it: kiraform apply"
}

// endedNeeds finds, for a change, the names of the resources that it waits for and that
// do not become usable by themselves; "" for none.
func endedNeeds(made *plan.Plan) func(c *plan.Change) string {
	at := make(map[addr.Resource][]int) // in Ended, by the needs that they are, or belong to
	for i, e := range made.Ended {
		for _, need := range append(e.Addr.Wholes(), e.Addr) {
			at[need] = append(at[need], i)
		}
	}
	return func(c *plan.Change) string {
		var ended []int
		for _, need := range c.Needs {
			ended = append(ended, at[need]...)
		}
		if len(ended) == 0 || c.Action != plan.Defer {
			return ""
		}
		slices.Sort(ended)
		var names []string
		for _, i := range slices.Compact(ended) {
			names = append(names, made.Ended[i].Addr.String())
		}
		return strings.Join(names, ", ")
	}
}

// since is when Kira last changed the object that one which is not made yet
// waits for, if there is no doubt which that is.
func (s *Session) since(c *plan.Change, k *schema.Kind) *time.Time {
	var found []addr.Resource
	for _, n := range c.Needs {
		if slices.ContainsFunc(k.Gates, func(g schema.Gate) bool { return g.Kind == n.Kind && !n.Data }) {
			found = append(found, n)
		}
	}
	if len(found) != 1 || c.Action != plan.Defer || s.updated[found[0]].IsZero() {
		return nil
	}
	at := s.updated[found[0]]
	return &at
}

// person names those who do Kira's work on objects of k, in a sentence.
func (s *Session) person(k *schema.Kind) string {
	if place := cmp.Or(s.conn.Place, s.State.Place); place.Environment == "simulator" && place.Address == "" {
		return `In the embedded simulator that is done by "verify_after" and "activate_after", in the block "simulator" of the provider block.`
	}
	return k.Course.Person
}

func incomplete(lacks []string) string {
	if len(lacks) == 0 {
		return ""
	}
	return "It lacks " + strings.Join(lacks, ", ") + ". "
}
