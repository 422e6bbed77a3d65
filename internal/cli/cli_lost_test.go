package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"
	"testing"
)

// A failure is that of standard output alone if nothing else is in it, however it is
// wrapped: another one is never left unsaid.
func TestIsOnly(t *testing.T) {
	lost := &fs.PathError{Op: "write", Path: "/dev/stdout", Err: syscall.EPIPE}
	later := &fs.PathError{Op: "write", Path: "/dev/stdout", Err: syscall.EPIPE}
	other := &fs.PathError{Op: "write", Path: "kiraform.state.json", Err: syscall.EPIPE}
	for _, c := range []struct {
		err  error
		want bool
	}{
		{nil, false},
		{lost, true},
		{later, true},
		{fmt.Errorf("write the graph: %w", lost), true},
		{errors.Join(nil, later), true},
		{errors.Join(errors.Join(lost, later), fmt.Errorf("x: %w", later)), true},
		{other, false},
		{errors.New("save the state"), false},
		{errors.Join(lost, errors.New("save the state")), false},
	} {
		if got := isOnly(c.err, lost); got != c.want {
			t.Errorf("%v: %v", c.err, got)
		}
	}
}
