package engine_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kiraform/internal/engine"
	"kiraform/internal/event"
	"kiraform/internal/norace"
	"kiraform/internal/planfile"
	"kiraform/state"
)

// Law 5, for saved plans: a plan is read as it was written, and it holds
// against the plan that it was made from.
func TestLawPlanFileRoundTrip(t *testing.T) {
	law(t, func(rt *rapid.T) {
		w := fresh(t, rt)
		w.run(rt, random(rt), engine.PlanOptions{}, true)
		o := engine.PlanOptions{Same: changeable, Destroy: rapid.Bool().Draw(rt, "destroy"), Wait: rapid.Bool().Draw(rt, "wait")}
		src := random(rt)
		pl := w.run(rt, src, o, false)
		saved := savedOf(rt, pl, time.Duration(rapid.IntRange(0, 90).Draw(rt, "wait for"))*time.Second)
		data, err := pl.Encode(t.Context(), &saved)
		if err != nil {
			rt.Fatal(err)
		}
		got, err := planfile.Read(data, w.options("").Key)
		if err != nil || !reflect.DeepEqual(*got, saved) {
			rt.Fatalf("read back %+v, %v\nwant %+v", got, err, saved)
		}
		if err := w.run(rt, src, o, false).Check(t.Context(), got); err != nil {
			rt.Fatalf("stale although nothing moved: %v", err)
		}
	})
}

// savedOf is a plan as a file.
func savedOf(t failer, pl *engine.Proposal, wait time.Duration) planfile.File {
	t.Helper()
	f, err := pl.Saved(context.Background(), wait)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return f
}

// The file that is made while a plan is shown is the one that is made after it.
func TestLawSavedWhileShown(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := fresh(t, rt)
		w.run(rt, random(rt), engine.PlanOptions{}, true)
		o := engine.PlanOptions{Same: changeable, Destroy: rapid.Bool().Draw(rt, "destroy"), Wait: rapid.Bool().Draw(rt, "wait")}
		src := random(rt)
		var files []planfile.File
		for _, o.Save = range []bool{false, true} {
			f := savedOf(rt, w.run(rt, src, o, false), 0)
			f.ID, f.Saved, f.Planned = "", time.Time{}, time.Time{}
			files = append(files, f)
		}
		if !reflect.DeepEqual(files[0], files[1]) {
			rt.Fatalf("made after it was shown:\n%+v\nwhile it was:\n%+v", files[0], files[1])
		}
	})
}

// Work on a file that nobody wants any more ends, whatever it is at.
func TestSavedIsGivenUp(t *testing.T) {
	w := newWorld(t)
	pl := w.run(t, many(1), engine.PlanOptions{}, false)
	saved := savedOf(t, pl, 0)
	ended, end := context.WithCancel(t.Context())
	end()
	if _, err := pl.Saved(ended, 0); err == nil {
		t.Error("a file was made")
	}
	if data, err := pl.Encode(ended, &saved); err == nil {
		t.Errorf("a file of %d bytes was written", len(data))
	}
	p, err := engine.Open(w.options(many(1)))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	shown := len(w.events)
	p.Emit = func(e event.Event) {
		w.events = append(w.events, e)
		if _, is := e.(event.Planned); is {
			stop()
		}
	}
	if _, err := p.Plan(ctx, engine.PlanOptions{Save: true}); err == nil {
		t.Error("a plan was made of which somebody has seen the first change and wanted no more")
	}
	var after int
	for _, e := range w.events[shown:] {
		if _, is := e.(event.Planned); is {
			after++
		}
	}
	if after != 1 {
		t.Errorf("%d changes were shown, want the one that was", after)
	}
}

// Law 4, for saved plans: a saved plan sends the events that planning sent.
func TestLawReviewSendsThePlan(t *testing.T) {
	law(t, func(rt *rapid.T) {
		w := fresh(t, rt)
		w.run(rt, random(rt), engine.PlanOptions{}, true)
		o := engine.PlanOptions{Same: changeable, Destroy: rapid.Bool().Draw(rt, "destroy"), Wait: rapid.Bool().Draw(rt, "wait")}
		pl := w.run(rt, random(rt), o, false)
		var live, saved []event.Event
		for _, e := range w.events {
			switch e.(type) {
			case event.Planned, event.PlanEnd:
				live = append(live, e)
			}
		}
		r := pl.Review(0)
		r.Send(func(e event.Event) {
			if _, start := e.(event.Start); !start {
				saved = append(saved, e)
			}
		})
		if !reflect.DeepEqual(live, saved) {
			rt.Fatalf("planning said\n%+v\nthe saved plan says\n%+v", live, saved)
		}
		if r.Applies() == pl.Empty() {
			rt.Fatalf("an apply does something: %v; the plan is empty: %v", r.Applies(), pl.Empty())
		}
		for _, c := range r.Changes {
			if lives, becomes := c.Before != nil, c.Result != nil; lives != (c.ID != "") || becomes == (c.Action == "forget" || c.Action == "gone") {
				rt.Fatalf("%s, %s: an object before: %v; an object after: %v", c.Addr, c.Action, lives, becomes)
			}
		}
	})
}

// TestPlanFileEdits holds that no edit of a saved plan goes unseen: neither of a
// single bit, nor of a part of it that is well formed.
func TestPlanFileEdits(t *testing.T) {
	if norace.Run(t, scratch) {
		return
	}
	w := newWorld(t)
	pl := w.run(t, `provider "kira" { environment = "sandbox" }
		resource "kira_webhook" "w" { webhook_url = "https://hooks.example.com/kira" }
		output "x" { value = "1" }`, engine.PlanOptions{}, false)
	saved := savedOf(t, pl, time.Minute)
	data, err := pl.Encode(t.Context(), &saved)
	if err != nil {
		t.Fatal(err)
	}
	key := w.options("").Key
	refused := func(name string, edited []byte) {
		t.Helper()
		if f, err := planfile.Read(edited, key); err == nil || f != nil {
			t.Errorf("%s: it is read: %+v", name, f)
		}
	}
	for i := range data {
		edited := bytes.Clone(data)
		edited[i] ^= 1
		refused("a bit", edited)
	}
	text := string(data)
	for _, edit := range [][2]string{
		{"hooks.example.com", "hooks.example.org"},
		{`"action": "create"`, `"action": "update"`},
		{`"wait": "1m0s"`, `"wait": "9m0s"`},
		{`"unchanged": 0`, `"unchanged":  0`}, // the same JSON
		{"{\n", "{\n  \"view\": \"\",\n"},
		{`"kiraform_plan": 5`, `"kiraform_plan": 4`}, {`"kiraform_plan": 5`, `"kiraform_plan": 2`},
		{"hmac-sha256:", ""},
		{"\nhmac", "\n{}\nhmac"},
	} {
		edited := strings.Replace(text, edit[0], edit[1], 1)
		if edited == text {
			t.Fatalf("%q is not in\n%s", edit[0], text)
		}
		refused(edit[0], []byte(edited))
	}
	refused("cut off", data[:len(data)/2])
	refused("gone on with", append(bytes.Clone(data), "{}\n"...))

	if _, err := planfile.Read(data, state.Keys{Env: "another key of 16", Paths: []string{"none"}}.Have); err == nil ||
		!strings.Contains(err.Error(), "signed with the key") {
		t.Errorf("with another key: %v", err)
	}
	_, err = planfile.Read(data, func(string) (state.Key, error) { return state.Key{}, fs.ErrNotExist })
	if _, ok := errors.AsType[*planfile.UntrustedError](err); !ok {
		t.Errorf("without a key: %v", err)
	}
}
