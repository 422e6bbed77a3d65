package cli

import (
	"io"
	"slices"

	"kiraform/internal/event"
	"kiraform/internal/ui/text"
)

// epilogue keeps the words that the plain view would have said at the end of a
// run.
type epilogue struct {
	text   func(io.Writer, bool) *text.View
	events []event.Event
	tail   []string // remarks that follow
}

// remark keeps a text for the end.
func (e *epilogue) remark(text string) { e.tail = append(e.tail, text) }

func (e *epilogue) handle(ev event.Event) { e.events = append(e.events, ev) }

// show writes where it was, diagnostics, the summary and the outputs, and leaves
// out the lines that scrolled by before.
func (e *epilogue) show(out io.Writer) {
	w := &gate{to: out}
	v := e.text(w, true)
	planning := false
	applied := slices.ContainsFunc(e.events, func(ev event.Event) bool { f, is := ev.(event.Finish); return is && f.Command == "apply" })
	for _, ev := range e.events {
		switch ev := ev.(type) {
		case event.Start:
			planning = ev.Command == "plan" && !applied // then the outcome says all that the plan does
			w.open = true                               // for the heading, which says where it was
			v.Handle(ev)
			w.open = false
			continue
		case event.Finish:
			w.open = true
		case event.PlanEnd:
			w.open = planning || idle(ev) // there was nothing to look at
		}
		v.Handle(ev)
	}
	v.Flush()
	for _, text := range e.tail {
		_, _ = io.WriteString(out, text)
	}
}

// idle reports whether a plan changes nothing.
func idle(e event.PlanEnd) bool {
	for action, n := range e.Counts {
		if action != event.NoOp && n > 0 {
			return false
		}
	}
	return len(e.Outputs) == 0
}

// gate lets nothing through until it is open.
type gate struct {
	to   io.Writer
	open bool
}

func (g *gate) Write(p []byte) (int, error) {
	if !g.open {
		return len(p), nil
	}
	return g.to.Write(p)
}
