package planfile

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"kiraform/internal/addr"
	"kiraform/internal/event"
	"kiraform/internal/tell"
	"kiraform/plan"
)

// Review returns the plan as it is shown. All of it is bound: an apply of the file
// makes each change that is shown, or none.
func (f *File) Review() event.Review { return f.review(f.everything()) }

// Show sends the effects of the plan to a sink.
func (f *File) Show(to event.Sink) {
	var changes []event.Reviewed
	for i := range f.Changes {
		changes = append(changes, event.Reviewed{Planned: f.Changes[i].event()})
	}
	r := f.review(changes)
	r.Send(to)
}

// review is the plan with the changes of resources as they are given.
func (f *File) review(changes []event.Reviewed) event.Review {
	r := event.Review{
		Start:   event.Start{Format: 1, Command: "plan", Place: tell.Place(f.Place), TurnedDown: f.TurnedDown, Extra: f.Extra},
		Version: f.Version, At: f.Saved, Destroy: f.Options.Destroy, Targets: addr.Texts(f.Options.Targets), Diagnostics: f.Diagnostics, Policies: f.Policies, Denied: f.Denied, Checks: f.Checks, Variables: f.Seen, Configuration: f.Configuration, Personal: f.Personal,
		End: event.PlanEnd{Counts: make(map[string]int), Outputs: f.OutputsTo, Ended: f.Ended, Unproven: f.Unproven, Digest: f.Digest, NoDigest: f.Why},
	}
	r.Wait, _ = f.Wait() // which was read when the file was
	if f.Invoke != nil {
		r.End.Counts = f.Invoke.Counts
		for _, e := range f.Invoke.Shown {
			r.Changes = append(r.Changes, event.Reviewed{Planned: e})
		}
		return r
	}
	r.Changes = append(changes, f.triggered()...)
	for _, o := range f.Outputs {
		r.Outputs = append(r.Outputs, event.ReviewedOutput{Name: o.Name, Before: o.Before, After: o.After})
	}
	counts := r.End.Counts
	if f.Unchanged > 0 {
		counts[string(plan.NoOp)] = f.Unchanged
	}
	for i := range f.Changes {
		c := &f.Changes[i]
		if c.Action != string(plan.NoOp) {
			counts[c.Action]++
		}
		if c.From != "" && c.Action != string(plan.Forget) {
			counts[event.Move]++
		}
	}
	for _, e := range f.Triggered {
		counts[e.Counted()]++
	}
	return r
}

// triggered are the actions that the plan triggers, for a review.
func (f *File) triggered() (all []event.Reviewed) {
	for _, e := range f.Triggered {
		r := event.Reviewed{Planned: e}
		if e.Action != event.Invoke {
			r.Final = event.Invoke
		}
		all = append(all, r)
	}
	return all
}

// Packer packs objects: as they are shown, a line of JSON each, compressed.
type Packer struct {
	b    bytes.Buffer
	zip  *gzip.Writer
	line *json.Encoder
}

// NewPacker returns a packer of no objects.
func NewPacker() *Packer {
	p := new(Packer)
	zip, err := gzip.NewWriterLevel(&p.b, gzip.BestSpeed)
	must(err)
	p.zip, p.line = zip, json.NewEncoder(zip)
	return p
}

// Add adds an object. They come in the order of their addresses.
func (p *Packer) Add(r event.Reviewed) { must(p.line.Encode(r)) }

// Bytes returns all objects. None can be added any more.
func (p *Packer) Bytes() []byte {
	must(p.zip.Close())
	return p.b.Bytes()
}

func must(err error) {
	if err != nil {
		panic(fmt.Sprintf("planfile: objects cannot be packed: %v", err))
	}
}

// everything returns all resources of the plan, in the order of their addresses. The
// file is signed, so that a mistake in it is ours.
func (f *File) everything() []event.Reviewed {
	if f.Invoke != nil {
		return nil
	}
	changes := make(map[string]*Change, len(f.Changes))
	for i := range f.Changes {
		changes[f.Changes[i].Addr] = &f.Changes[i]
	}
	all := make([]event.Reviewed, 0, len(f.Changes)+f.Unchanged)
	unpacked, err := gzip.NewReader(bytes.NewReader(f.Objects))
	for dec := json.NewDecoder(unpacked); err == nil; {
		var r event.Reviewed
		if err = dec.Decode(&r); err != nil {
			break
		}
		if c := changes[r.Addr]; c != nil {
			r.Planned, r.Final = c.event(), c.Final
		}
		all = append(all, r)
	}
	if !errors.Is(err, io.EOF) {
		panic(fmt.Sprintf("planfile: the objects of a saved plan cannot be read: %v", err))
	}
	return all
}
