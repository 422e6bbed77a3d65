package cli

import (
	"fmt"
	"io"
	"strings"

	"kiraform/internal/addr"
	"kiraform/internal/event"
	"kiraform/internal/ui/words"
	"kiraform/schema/kinds"
	"kiraform/state"
)

// doctorReport says how it stands with all that a run rests on.
type doctorReport struct {
	OK     bool      `json:"ok"` // nothing fails
	Checks []checked `json:"checks"`
}

type checked struct {
	Name   string `json:"name"`
	Status string `json:"status"` // ok, warn or fail
	Text   string `json:"text"`
	Next   string `json:"next,omitempty"` // a line to paste
}

func (d *doctor) add(name, status, text, next string) {
	d.report.Checks = append(d.report.Checks, checked{name, status, d.carry(text), d.carry(next)})
}

func (d *doctor) ok(name, text string)         { d.add(name, "ok", text, "") }
func (d *doctor) warn(name, text, next string) { d.add(name, "warn", text, next) }

func (d *doctor) fail(name, text, next string) {
	d.add(name, "fail", text, next)
	d.report.OK = false
}

func (r *doctorReport) json() any { return r }

func (r *doctorReport) text(w io.Writer) error {
	n := make(map[string]int)
	for _, c := range r.Checks {
		n[c.Status]++
		first, text := fmt.Sprintf("%-4s  %-13s  ", c.Status, c.Name), event.Foreign(c.Text).String()
		fmt.Fprintln(w, words.Hang(first, text, widthOf(w)))
		if c.Next != "" {
			fmt.Fprintf(w, "%21s> %s\n", "", c.Next)
		}
	}
	text := fmt.Sprintf("%d ok, %d warn, %d fail.", n["ok"], n["warn"], n["fail"])
	_, err := fmt.Fprintln(w, "\n"+strings.NewReplacer(", 0 warn", "", ", 0 fail", "").Replace(text))
	return err
}

// are counts things with the verb that fits, such as "is 1 mistake".
func are(n int, noun string) string {
	if n == 1 {
		return "is " + words.Count(n, noun)
	}
	return "are " + words.Count(n, noun)
}

// lookAtObjects looks at the parts of the set-up that only the state can tell of.
func (d *doctor) lookAtObjects(s *state.State) {
	for _, part := range kinds.Setups {
		at, there := only(s, part.Kind)
		if !there {
			d.warn(part.Name, part.Missing, "kiraform explain "+part.Kind)
			continue
		}
		if text, fine := part.Held(s.Resources[at].Seen.Shown(), at.String()); fine {
			d.ok(part.Name, text)
		} else {
			d.warn(part.Name, text, "kiraform plan")
		}
	}
}

// only is the address of the one object of a kind, or of the first.
func only(s *state.State, kind string) (addr.Resource, bool) {
	for _, at := range s.Addrs() {
		if at.Kind == kind {
			return at, true
		}
	}
	return addr.Resource{}, false
}
