package engine

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/event"
	"kiraform/plan"
	"kiraform/schema"
	"kiraform/state"
)

// PlanFile is a saved plan. It holds what a person saw and a digest of what
// each change rests on, but none of the values that would be sent: to apply
// it, the plan is made again, and has to come out the same.
type PlanFile struct {
	Format     int           `json:"kiraform_plan"` // planFormat, or an earlier one
	Version    string        `json:"version"`       // of kiraform
	Place      state.Place   `json:"place"`         // where it was made; zero in format 1, which does not say it
	Lineage    string        `json:"lineage"`       // of the state; "" if there was none
	Destroy    bool          `json:"destroy,omitempty"`
	Wait       bool          `json:"wait,omitempty"`
	NoRefresh  bool          `json:"no_refresh,omitempty"`
	Targets    []string      `json:"targets,omitempty"`
	Replace    []string      `json:"replace,omitempty"`
	SamePerson []string      `json:"same_person,omitempty"`
	GoneOK     string        `json:"gone_ok,omitempty"`
	Moves      []SavedMove   `json:"moves,omitempty"` // sorted by the new address
	Changes    []SavedChange `json:"changes"`         // sorted by address; no-ops are left out
	View       []byte        `json:"view"`            // the events that show it, as event.JSON writes them
}

// planFormat is the format of plan files that is written, and the newest that is
// read. One of format 1 can be shown, but not carried out: it does not say which
// Kira it is for.
const planFormat = 2

// SavedChange is one change of a saved plan.
type SavedChange struct {
	Addr   string `json:"address"`
	Action string `json:"action"`
	Digest string `json:"digest"` // keyed; equal if the change and what it rests on are equal
}

// SavedMove is an object of a saved plan that changed its address.
type SavedMove struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// StaleError says in what a saved plan is not true any more.
type StaleError struct{ Moved []string }

func (e *StaleError) Error() string {
	return "the saved plan is stale, and nothing was done. What moved since:\n  " + strings.Join(e.Moved, "\n  ") + "\nPlan again."
}

// Saved returns pl as a file. The options must be those that it was made with.
func (pl *Planned) Saved(o PlanOptions) PlanFile {
	var view bytes.Buffer
	emit := event.JSON(&view)
	emit(event.Start{Format: 1, Command: "plan", Place: Where(pl.Place())})
	counts := pl.project.each(pl, emit)
	emit(event.PlanEnd{Counts: counts, Outputs: pl.project.outputNodes(pl.Outputs)})
	return PlanFile{
		Format: planFormat, Version: pl.project.Version, Place: pl.Place(), Lineage: pl.lineage(),
		Destroy: o.Destroy, Wait: o.Wait, NoRefresh: o.NoRefresh, Targets: texts(o.Targets), Replace: texts(o.Replace), SamePerson: texts(o.Same),
		GoneOK: o.GoneOK.String(), Moves: pl.savedMoves(), Changes: pl.saved(), View: view.Bytes(),
	}
}

// lineage is that of the state on disk, or "" before there is one.
func (pl *Planned) lineage() string {
	if pl.State.Serial == 0 {
		return ""
	}
	return pl.State.Lineage
}

func (pl *Planned) saved() (out []SavedChange) {
	for i := range pl.Changes {
		if c := &pl.Changes[i]; c.Action != plan.NoOp {
			out = append(out, SavedChange{c.Addr.String(), string(c.Action), pl.digest(c)})
		}
	}
	return out
}

func (pl *Planned) savedMoves() (out []SavedMove) {
	for _, m := range pl.moved() {
		out = append(out, SavedMove{m.From.String(), m.To.String()})
	}
	return out
}

// digest covers what is written, and what could be written and was seen.
func (pl *Planned) digest(c *plan.Change) string {
	k, ok := pl.project.schemas[c.Addr.Schema()]
	config, seen := cty.EmptyTupleVal, cty.EmptyTupleVal
	if ok && !c.Config.IsNull() {
		config = known(pl.key.Seal(k, c.Config))
	}
	if ok && c.Prior.Seen != cty.NilVal {
		seen = known(writable(k, c.Prior.Seen))
	}
	return pl.key.Digest(cty.TupleVal([]cty.Value{cty.StringVal(string(c.Action)), cty.StringVal(c.Prior.ID), config, seen}))
}

func known(v cty.Value) cty.Value {
	out, _ := cty.Transform(v, func(_ cty.Path, v cty.Value) (cty.Value, error) {
		if !v.IsKnown() {
			return cty.StringVal("(known after apply)"), nil
		}
		return v, nil
	})
	return out
}

// writable returns the attributes of seen that can be written. What Kira
// itself sets may move at any time.
func writable(k *schema.Kind, seen cty.Value) cty.Value {
	attrs := make(map[string]cty.Value)
	for i := range k.Attrs {
		if a := &k.Attrs[i]; !a.Computed {
			attrs[a.Name] = schema.Member(seen, a.Name)
		}
	}
	return cty.ObjectVal(attrs)
}

// Check compares a saved plan with the plan that was made just now. It returns
// a *StaleError if they are not the same.
func (f *PlanFile) Check(pl *Planned) error {
	if f.Lineage != pl.lineage() {
		return &StaleError{[]string{"the state: it was first written, or replaced by another one"}}
	}
	was, is := make(map[string]SavedChange), make(map[string]SavedChange)
	var moved []string
	for _, c := range f.Changes {
		was[c.Addr] = c
	}
	for _, c := range pl.saved() {
		is[c.Addr] = c
		switch old, ok := was[c.Addr]; {
		case !ok:
			moved = append(moved, fmt.Sprintf("%s: %s was not planned", c.Addr, c.Action))
		case old.Action != c.Action:
			moved = append(moved, fmt.Sprintf("%s: planned was %s, now it is %s", c.Addr, old.Action, c.Action))
		case old.Digest != c.Digest:
			moved = append(moved, fmt.Sprintf("%s: the configuration, or the object at Kira, changed", c.Addr))
		}
	}
	for _, c := range f.Changes {
		if _, ok := is[c.Addr]; !ok {
			moved = append(moved, fmt.Sprintf("%s: %s is not needed any more", c.Addr, c.Action))
		}
	}
	if !slices.Equal(f.Moves, pl.savedMoves()) {
		moved = append(moved, "the moves of objects to other addresses are not those that were planned")
	}
	if len(moved) > 0 {
		return &StaleError{moved}
	}
	return nil
}

// Placed returns a *StaleError if f does not say where it is to be carried out.
func (f *PlanFile) Placed() error {
	if !f.Place.IsZero() {
		return nil
	}
	return &StaleError{[]string{"kiraform " + f.Version + " saved it, and did not note the place that it is for: environment, address and account"}}
}

// Options returns the options that the plan was made with.
func (f *PlanFile) Options() (o PlanOptions, err error) {
	o = PlanOptions{Destroy: f.Destroy, Wait: f.Wait, NoRefresh: f.NoRefresh, Place: f.Place}
	if o.Targets, err = parsed(f.Targets); err == nil {
		o.Replace, err = parsed(f.Replace)
	}
	if err == nil {
		o.Same, err = parsed(f.SamePerson)
	}
	if err == nil {
		o.GoneOK, err = ParseGoneOK(f.GoneOK)
	}
	return o, err
}

// Show sends what the plan shows to a sink.
func (f *PlanFile) Show(to event.Sink) error { return event.Replay(bytes.NewReader(f.View), to) }

// Encode writes f; [ReadPlanFile] reads it back.
func (f *PlanFile) Encode() ([]byte, error) {
	data, err := json.MarshalIndent(f, "", "  ")
	return append(data, '\n'), err
}

// ReadPlanFile reads a saved plan. The error says what is wrong with it.
func ReadPlanFile(data []byte) (*PlanFile, error) {
	var f PlanFile
	dec := json.NewDecoder(bytes.NewReader(data))
	if err := dec.Decode(&f); err != nil || f.Format == 0 {
		return nil, errors.New("this is not a saved plan of kiraform")
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, errors.New("there is something after the end of the saved plan")
	}
	if f.Format < 1 || f.Format > planFormat {
		return nil, fmt.Errorf("the saved plan has format %d, which kiraform %s wrote and this one does not know", f.Format, f.Version)
	}
	if _, err := f.Options(); err != nil {
		return nil, fmt.Errorf("the saved plan is damaged: %w", err)
	}
	return &f, nil
}

func texts(addrs []addr.Resource) (out []string) {
	for _, a := range addrs {
		out = append(out, a.String())
	}
	return out
}

func parsed(texts []string) (out []addr.Resource, err error) {
	for _, s := range texts {
		a, err := addr.Parse(s)
		if err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	return out, nil
}
