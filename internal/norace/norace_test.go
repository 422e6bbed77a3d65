package norace_test

import (
	"testing"

	"kiraform/internal/norace"
)

// A test that is run without the race detector runs once more, in a process
// that does not look for races.
func TestRun(t *testing.T) {
	raced := norace.On()
	if done := norace.Run(t, t.TempDir()); done != raced {
		t.Errorf("it was run apart: %v, and the race detector is on: %v", done, raced)
	}
}
