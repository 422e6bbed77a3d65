package text

import (
	"fmt"
	"io"
	"strings"

	"kiraform/internal/event"
)

// Tests shows how tests go: a line for each run once it has ended, and its failures.
type Tests struct {
	Options
	Verbose bool // the plan and the outcome of each run, too
}

// Found implements the watcher of tests.
func (t *Tests) Found([]event.TestedFile) {}

// BeginFile implements the watcher of tests.
func (t *Tests) BeginFile(f *event.TestedFile) {
	t.write(inline(f.Name) + "... " + t.paint("in progress", grey) + "\n")
}

// BeginRun implements the watcher of tests.
func (t *Tests) BeginRun(*event.TestedFile, *event.TestedRun) {}

// EndRun implements the watcher of tests.
func (t *Tests) EndRun(_ *event.TestedFile, r *event.TestedRun) {
	t.write(fmt.Sprintf("  run %q... %s\n", inline(r.Name), t.status(r.Status)))
	if t.Verbose && len(r.Events) > 0 {
		var b strings.Builder
		o := t.Options
		o.Out, o.Err = &b, &b
		v := New(o)
		for _, e := range r.Events {
			v.Handle(e)
		}
		v.Flush()
		t.write("\n" + strings.Trim(b.String(), "\n") + "\n\n")
	}
	t.diagnostics(r.Diagnostics)
}

// EndFile implements the watcher of tests.
func (t *Tests) EndFile(f *event.TestedFile) {
	t.diagnostics(f.Diagnostics)
	t.write(inline(f.Name) + "... " + t.status(f.Status) + "\n")
}

// End shows how the tests went as a whole.
func (t *Tests) End(all *event.Tested) {
	failed := all.Count(event.Fail) + all.Count(event.Broke)
	line := fmt.Sprintf("%d passed, %d failed", all.Count(event.Pass), failed)
	if n := all.Count(event.Skipped); n > 0 {
		line += fmt.Sprintf(", %d skipped", n)
	}
	if all.Status() == event.Pass && all.Count(event.Skipped) == 0 {
		t.write("\n" + t.paint("Success!", bold, green) + " " + line + ".\n")
		return
	}
	for i := range all.Files {
		if f := &all.Files[i]; f.Unread() {
			line += ", " + inline(f.Name) + " could not be run"
		}
	}
	t.write("\n" + t.paint("Failure!", bold, red) + " " + line + ".\n")
}

func (t *Tests) diagnostics(all []event.Diagnostic) {
	for _, d := range all {
		diagnosticText(t.Err, d, t.Options)
	}
}

func (t *Tests) status(s string) string {
	color := map[string]string{event.Pass: green, event.Skipped: yellow}[s]
	if color == "" {
		color = red
	}
	return t.paint(s, color)
}

func (t *Tests) paint(s string, codes ...string) string { return style{t.Color}.paint(s, codes...) }

func (t *Tests) write(s string) { _, _ = io.WriteString(t.Out, s) }
