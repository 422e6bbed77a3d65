// Package silence keeps the terminal from being asked whether it is dark before
// somebody wants to know.
//
// Bubble Tea v1 asks in an init function, and has no option against it (its
// issue 1771; v2 does without). Each command, even one that prints a line, would
// write escape codes first, and wait for five seconds where nothing answers
// them. It asks through termenv, which leaves the terminal alone where CI is
// set; so CI is set while Bubble Tea is initialised, and only then.
//
// Go initialises a package as soon as all that it imports has been, and of
// several the one whose path comes first. This one imports nothing but os, so it
// is early; Lip Gloss, which Bubble Tea imports, waits for text/template.
// internal/cli/testdata/script/terminal.txtar fails if that does not hold.
package silence

import "os"

var end = begin()

func begin() (end func()) {
	if _, set := os.LookupEnv("CI"); set {
		return func() {}
	}
	_ = os.Setenv("CI", "true") // where that does not work, the terminal is asked, and that is all
	return func() { _ = os.Unsetenv("CI") }
}

// End puts the environment back as it was when the process began.
func End() { end() }
