package tfjson

import (
	"fmt"
	"io"
	"time"

	"kiraform/internal/event"
)

// TestFile says how far a file of tests has come.
type TestFile struct {
	Path     string `json:"path"`
	Progress string `json:"progress"` // starting or complete
	Status   string `json:"status,omitempty"`
}

// TestRun says how far a run has come.
type TestRun struct {
	Path     string `json:"path"`
	Run      string `json:"run"`
	Progress string `json:"progress"`          // starting or complete
	Elapsed  *int64 `json:"elapsed,omitempty"` // milliseconds
	Status   string `json:"status,omitempty"`
}

// TestSummary counts runs by their outcomes.
type TestSummary struct {
	Status  string `json:"status"`
	Passed  int    `json:"passed"`
	Failed  int    `json:"failed"`
	Errored int    `json:"errored"`
	Skipped int    `json:"skipped"`
}

// How far a file or a run has come.
const (
	starting = "starting"
	complete = "complete"
)

// Tests writes how tests go as Terraform's lines of JSON.
type Tests struct {
	stream Stream
	found  bool
}

// NewTests returns a writer for the tests that this version of kiraform runs. Now may
// be nil, which leaves the times out.
func NewTests(out io.Writer, version string, now func() time.Time) *Tests {
	return &Tests{stream: Stream{Out: out, Version: version, Command: "test", Now: now}}
}

// Found implements the watcher of tests.
func (t *Tests) Found(files []event.TestedFile) {
	t.stream.start(event.Start{Format: 1, Command: "test"})
	t.found = true
	all, runs := make(map[string][]string, len(files)), 0
	for i := range files {
		names := []string{}
		for _, r := range files[i].Runs {
			names = append(names, r.Name)
		}
		all[files[i].Name], runs = names, runs+len(names)
	}
	t.stream.write(Message{Type: "test_abstract", Text: fmt.Sprintf("Found %d files and %d run blocks", len(files), runs), Abstract: all})
}

// BeginFile implements the watcher of tests.
func (t *Tests) BeginFile(f *event.TestedFile) {
	t.stream.write(Message{Type: "test_file", Text: f.Name + "... in progress", InFile: f.Name, File: &TestFile{Path: f.Name, Progress: starting}})
}

// BeginRun implements the watcher of tests.
func (t *Tests) BeginRun(f *event.TestedFile, r *event.TestedRun) {
	t.stream.write(Message{Type: "test_run", Text: fmt.Sprintf("  %q... in progress", r.Name), InFile: f.Name, InRun: r.Name,
		TestRun: &TestRun{Path: f.Name, Run: r.Name, Progress: starting, Elapsed: new(int64)}})
}

// EndRun implements the watcher of tests.
func (t *Tests) EndRun(f *event.TestedFile, r *event.TestedRun) {
	took := r.Took.Milliseconds()
	t.stream.write(Message{Type: "test_run", Text: fmt.Sprintf("  %q... %s", r.Name, r.Status), InFile: f.Name, InRun: r.Name,
		TestRun: &TestRun{Path: f.Name, Run: r.Name, Progress: complete, Elapsed: &took, Status: r.Status}})
	t.diagnostics(r.Diagnostics, f.Name, r.Name)
}

// EndFile implements the watcher of tests.
func (t *Tests) EndFile(f *event.TestedFile) {
	t.diagnostics(f.Diagnostics, f.Name, "")
	t.stream.write(Message{Type: "test_file", Text: f.Name + "... " + f.Status, InFile: f.Name,
		File: &TestFile{Path: f.Name, Progress: complete, Status: f.Status}})
}

// End writes how the tests went as a whole.
func (t *Tests) End(all *event.Tested) {
	s := TestSummary{Status: all.Status(), Passed: all.Count(event.Pass), Failed: all.Count(event.Fail), Errored: all.Count(event.Broke),
		Skipped: all.Count(event.Skipped)}
	text := "Success!"
	if s.Status != event.Pass || s.Skipped > 0 {
		text = "Failure!"
	}
	text += fmt.Sprintf(" %d passed, %d failed", s.Passed, s.Failed+s.Errored)
	if s.Skipped > 0 {
		text += fmt.Sprintf(", %d skipped", s.Skipped)
	}
	t.stream.write(Message{Type: "test_summary", Text: text + ".", Tested: &s})
}

// Refuse writes why no tests could be run.
func (t *Tests) Refuse(err string) {
	if !t.found {
		t.stream.start(event.Start{Format: 1, Command: "test"})
	}
	t.stream.diagnostic(&event.Diagnostic{Severity: severityError, Summary: err})
}

func (t *Tests) diagnostics(all []event.Diagnostic, file, run string) {
	for i := range all {
		level, title := "error", "Error: "
		if all[i].Severity != severityError {
			level, title = "warn", "Warning: "
		}
		d := diagnosticOf(&all[i])
		t.stream.write(Message{Level: level, Type: "diagnostic", Text: title + all[i].Summary, Diagnostic: &d, InFile: file, InRun: run})
	}
}
