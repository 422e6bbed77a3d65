package cli

import (
	"cmp"
	"fmt"
	"io"
	"time"

	"kiraform/internal/addr"
	"kiraform/internal/tell"
	"kiraform/internal/ui/words"
	"kiraform/state"
)

// historyReport lists the generations of a state, newest first.
type historyReport []generation

type generation struct {
	Serial    uint64    `json:"serial"`
	Saved     time.Time `json:"saved"`
	Resources int       `json:"resources"`
	Lineage   string    `json:"lineage"`
	Place     string    `json:"place,omitempty"`
	Damaged   string    `json:"damaged,omitempty"` // why it cannot be read
}

func reportHistory(all []state.Generation) historyReport {
	r := make(historyReport, len(all))
	for i, g := range all {
		r[i] = generation{Serial: g.Serial, Saved: g.At.UTC(), Resources: g.Resources, Lineage: g.Lineage, Place: tell.Place(g.Place).String()}
		if g.Damaged != nil {
			r[i].Damaged = g.Damaged.Error()
		}
	}
	return r
}

func (r historyReport) json() any { return r }

func (r historyReport) text(to io.Writer) error {
	if len(r) == 0 {
		return nil
	}
	all := table{{"SERIAL", "SAVED", "RESOURCES", "LINEAGE", "PLACE"}}
	one, same := r.oneOrigin()
	if same { // it stands above, and not in each row
		all = table{all[0][:3]}
		fmt.Fprintf(to, "Of %s, lineage %s.\n\n", cmp.Or(one.Place, "no place yet"), one.Lineage)
	}
	for _, g := range r {
		at := words.Moment(g.Saved)
		switch {
		case g.Damaged != "" && same:
			all.row("?", at, "damaged")
		case g.Damaged != "":
			all.row("?", at, "?", "damaged", "?")
		case same:
			all.row(g.Serial, at, g.Resources)
		default:
			all.row(g.Serial, at, g.Resources, g.Lineage, cmp.Or(g.Place, "-"))
		}
	}
	return all.write(to)
}

// oneOrigin returns a generation whose lineage and place all have that can be read, and
// false if they differ.
func (r historyReport) oneOrigin() (one generation, same bool) {
	for _, g := range r {
		switch {
		case g.Damaged != "":
		case one.Lineage == "":
			one = g
		case g.Lineage != one.Lineage || g.Place != one.Place:
			return one, false
		}
	}
	return one, one.Lineage != ""
}

// lockReport says how it stands with the lock of a state.
type lockReport struct {
	Held   bool        `json:"held"`
	Holder *lockHolder `json:"holder,omitempty"` // who holds it or, if nobody does, who died with it
	Until  *time.Time  `json:"until,omitempty"`  // when a lock that ends by itself does
	named  state.Holder
}

type lockHolder struct {
	ID      string    `json:"id"`
	Who     string    `json:"who"`
	PID     int       `json:"pid"`
	Command string    `json:"command"`
	Since   time.Time `json:"since"`
}

func reportLock(s state.LockStatus) lockReport {
	r := lockReport{Held: s.Held, named: s.Holder}
	if s.Holder != (state.Holder{}) {
		h := lockHolder(s.Holder)
		r.Holder = &h
	}
	if !s.Until.IsZero() {
		r.Until = new(s.Until.UTC())
	}
	return r
}

func (r lockReport) json() any { return r }

func (r lockReport) text(w io.Writer) error {
	_, err := io.WriteString(w, r.sentences())
	return err
}

func (r lockReport) sentences() string {
	switch {
	case r.Held && r.Until != nil:
		return fmt.Sprintf("The state is locked by %s.\nThe lock's id is %s.\nIt ends by itself at %s, unless that run goes on.\n", r.named, r.named.ID, words.Clock(*r.Until))
	case r.Held:
		return fmt.Sprintf("The state is locked by %s.\nThe lock's id is %s.\n", r.named, r.named.ID)
	case r.Holder != nil:
		return fmt.Sprintf("The state is not locked. %s died with the lock; the next run takes it over.\n", r.named)
	}
	return "The state is not locked.\n"
}

// listReport lists the resources of a state.
type listReport []listedResource

type listedResource struct {
	Addr string `json:"address"`
	ID   string `json:"id"`
}

func reportList(s *state.State, only []addr.Resource) listReport {
	r := listReport{}
	for _, at := range s.Addrs() {
		if len(only) == 0 || covered(only, at) {
			r = append(r, listedResource{at.String(), s.Resources[at].ID})
		}
	}
	return r
}

func (r listReport) json() any { return r }

func (r listReport) text(w io.Writer) error {
	for _, l := range r {
		fmt.Fprintln(w, l.Addr)
	}
	return nil
}
