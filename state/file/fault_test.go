package file_test

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"kiraform/internal/disk"
	"kiraform/internal/norace"
	"kiraform/state"
	"kiraform/state/statetest"
)

// badDisk lets calls fail from the nth on: only that one, or all that follow.
type badDisk struct {
	n, calls int
	lasting  bool
	with     error
	short    bool // a write that fails has written half
	hit      []disk.Call
}

func (b *badDisk) fail(c disk.Call) error {
	b.calls++
	if b.calls-1 < b.n || b.calls-1 > b.n && !b.lasting {
		return nil
	}
	reading := c.Op == "read" || c.Op == "open"
	if errors.Is(b.with, syscall.EROFS) && reading || errors.Is(b.with, syscall.ENOSPC) && (reading || c.Op == "remove") {
		return nil // such a disk can still be read
	}
	b.hit = append(b.hit, c)
	if b.short && c.File != nil {
		_, _ = c.File.Write(c.Data[:len(c.Data)/2])
	}
	return b.with
}

// Whatever fails and whenever: the files on disk can be read, everything that a
// journal or a save has taken is in them, and the error names its file.
func TestDiskFaultsAtEveryCall(t *testing.T) {
	if norace.Run(t, t.TempDir()) {
		return
	}
	faults, runs := 0, 0
	for _, kind := range []struct {
		name  string
		with  error
		short bool
	}{
		{"ENOSPC", syscall.ENOSPC, false}, {"EIO", syscall.EIO, false}, {"EROFS", syscall.EROFS, false}, {"short write", syscall.ENOSPC, true},
	} {
		for _, lasting := range []bool{false, true} {
			name := kind.name + map[bool]string{true: ", and from then on"}[lasting]
			for n := 0; ; n++ {
				b := &badDisk{n: n, lasting: lasting, with: kind.with, short: kind.short}
				oneBadRun(t, fmt.Sprintf("%s at call %d", name, n), b)
				runs++
				if len(b.hit) > 0 {
					faults++
				}
				if b.calls <= n {
					break
				}
			}
		}
	}
	if faults < 100 {
		t.Errorf("only %d faults in %d runs", faults, runs)
	}
	if !t.Failed() {
		t.Attr("reliability", fmt.Sprintf("| The disk fails (ENOSPC, EIO, EROFS, short writes) at every call of a run's journal and save, "+
			"once or from then on | %d | 0 | %d | 0 | 0 |", runs, faults))
	}
}

// oneBadRun is a run with two objects on a disk that fails.
func oneBadRun(t *testing.T, name string, b *badDisk) {
	t.Helper()
	good := newFile(t)
	s := state.New("lineage")
	s.Apply(object("old"))
	save(t, good, s)

	bad := good.WithFaults(b.fail)
	taken := []string{"old"}
	err := func() error {
		s, err := bad.Load(t.Context())
		if err != nil {
			return err
		}
		j, err := bad.Journal(t.Context(), s)
		if err != nil {
			return err
		}
		for _, id := range []string{"a", "b"} {
			if appendErr := j.Append(object(id)); appendErr == nil {
				taken = append(taken, id)
			} else {
				err = errors.Join(err, appendErr)
			}
			s.Apply(object(id))
		}
		err = errors.Join(err, j.Close())
		saveErr := bad.Save(t.Context(), s)
		if saveErr == nil {
			taken = []string{"old", "a", "b"}
		}
		return errors.Join(err, saveErr)
	}()
	if (err != nil) != (len(b.hit) > 0) && !pruning(b.hit) {
		t.Errorf("%s: the error is %v, and the faults were %v", name, err, b.hit)
	}
	if err != nil && !namesItsFile(err, good.Path) {
		t.Errorf("%s: the error does not name its file: %v", name, err)
	}
	found, err := good.Load(t.Context())
	if err != nil {
		t.Fatalf("%s: the state cannot be read: %v", name, err)
	}
	for _, id := range taken {
		if found.Resources[user(id)].ID != id {
			t.Errorf("%s: %s is lost", name, id)
		}
	}
	found.Apply(object("next")) // and the disk works again
	save(t, good, found)
	statetest.Same(t, load(t, good), found)
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(good.Path), ".kiraform.state.json.*")); len(left) > 0 {
		t.Errorf("%s: files are left over: %q", name, left)
	}
}

// pruning reports whether all that failed was to clear away.
func pruning(calls []disk.Call) bool {
	for _, c := range calls {
		if c.Op != "remove" || !strings.Contains(c.Path, "history") {
			return false
		}
	}
	return true
}

func namesItsFile(err error, path string) bool {
	e, ok := errors.AsType[*fs.PathError](err)
	return ok && strings.HasPrefix(e.Path, filepath.Dir(path)) && strings.Contains(err.Error(), "kiraform")
}
