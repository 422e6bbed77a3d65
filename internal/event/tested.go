package event

import (
	"slices"
	"time"
)

// The outcomes of a run of a test, and of a file of them.
const (
	Pass    = "pass"
	Fail    = "fail"  // something does not hold
	Broke   = "error" // it could not be found out whether everything holds
	Skipped = "skip"  // it was not begun
)

// Tested is the outcome of tests. Like an event it has nothing in it that is secret.
type Tested struct {
	Files []TestedFile // in the order in which they were run
	Took  time.Duration
}

// TestedFile is a file of tests.
type TestedFile struct {
	Name        string
	Status      string
	Diagnostics []Diagnostic // about the file, which could not be read
	Runs        []TestedRun  // as written
}

// Unread reports whether mistakes in the file itself keep its runs from being begun.
func (f *TestedFile) Unread() bool {
	return f.Status == Broke && slices.ContainsFunc(f.Diagnostics, func(d Diagnostic) bool { return d.Severity == "error" })
}

// TestedRun is a run of a file of tests.
type TestedRun struct {
	Name        string
	Command     string // "plan" or "apply"
	Status      string
	Line        int
	Took        time.Duration
	Diagnostics []Diagnostic // but for those that were expected
	Events      []Event      // of the run, in order, without diagnostics
}

// Count returns how many runs have ended with a status.
func (t *Tested) Count(status string) (n int) {
	for i := range t.Files {
		for j := range t.Files[i].Runs {
			if t.Files[i].Runs[j].Status == status {
				n++
			}
		}
	}
	return n
}

// Status is the worst of the files.
func (t *Tested) Status() string {
	worst := Pass
	for i := range t.Files {
		worst = Worse(worst, t.Files[i].Status)
	}
	return worst
}

// Worse returns the worse of two outcomes. To have skipped something is no outcome of
// the rest.
func Worse(a, b string) string {
	for _, s := range []string{Broke, Fail, Pass} {
		if a == s || b == s {
			return s
		}
	}
	return a
}
