package file_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kiraform/internal/disk"
	"kiraform/state"
)

// A file that is taken away, or replaced, while it is being locked locks nothing: one run
// has the lock, and no two.
func TestALockThatIsTakenAwayMeanwhile(t *testing.T) {
	f := newFile(t)
	luis := state.Holder{ID: "run-2", Who: "luis@acme"}
	away := func() {
		if err := os.Remove(f.Path + ".lock"); err != nil {
			t.Fatal(err)
		}
	}
	once := func(then func()) func(string) {
		return func(string) {
			if do := then; do != nil {
				then = nil
				do()
			}
		}
	}

	unlock, err := f.WithDisk(once(away), nil).Lock(t.Context(), maria)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.Lock(t.Context(), luis)
	if e, ok := errors.AsType[*state.LockedError](err); !ok || e.Holder != maria {
		t.Errorf("Lock = %v, want that maria holds the file that is there", err)
	}
	if err := unlock(); err != nil {
		t.Error(err)
	}

	var theirs func() error
	_, err = f.WithDisk(once(func() {
		away()
		if theirs, err = f.Lock(t.Context(), luis); err != nil {
			t.Fatal(err)
		}
	}), nil).Lock(t.Context(), maria)
	if e, ok := errors.AsType[*state.LockedError](err); !ok || e.Holder != luis {
		t.Errorf("Lock = %v, want that luis was faster", err)
	}
	if err := theirs(); err != nil {
		t.Error(err)
	}
}

// A run that cannot say that it holds the lock does not hold it, and keeps nobody out.
func TestAHolderThatCannotBeWrittenDown(t *testing.T) {
	f := newFile(t)
	full := errors.New("no space left on device")
	if _, err := f.WithFaults(func(disk.Call) error { return full }).Lock(t.Context(), maria); !errors.Is(err, full) {
		t.Errorf("Lock = %v", err)
	}
	unlock, err := f.Lock(t.Context(), maria)
	if err != nil {
		t.Fatal(err)
	}
	if err := unlock(); err != nil {
		t.Error(err)
	}
}

// A lock that can be neither taken nor read is an error, and nobody's.
func TestALockThatIsNoFile(t *testing.T) {
	f := newFile(t)
	write(t, f.Path+".lock.info", []byte(`{"id": "run-1"}`))
	if err := os.MkdirAll(filepath.Join(f.Path+".lock", "x"), 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := f.Lock(t.Context(), maria)
	_, status := f.LockStatus(t.Context())
	for name, err := range map[string]error{"Lock": err, "LockStatus": status, "ForceUnlock": f.ForceUnlock(t.Context(), "run-1")} {
		if _, locked := errors.AsType[*state.LockedError](err); err == nil || locked {
			t.Errorf("%s = %v", name, err)
		}
	}
	if _, err := os.Stat(f.Path + ".lock.info"); err != nil {
		t.Errorf("force-unlock went on: %v", err)
	}
}

// Who held the lock of a run that died may be unreadable, or missing: it is said, and
// no run is made up.
func TestAHolderOfADeadRunThatCannotBeRead(t *testing.T) {
	f := newFile(t)
	if s, err := f.LockStatus(t.Context()); err != nil || s != (state.LockStatus{}) {
		t.Errorf("of a new state: %+v, %v", s, err)
	}
	if _, err := os.Stat(f.Path + ".lock"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("looking leaves a lock behind: %v", err)
	}
	told := 0
	f.TookOver = func(state.Holder) { told++ }
	take := func() {
		t.Helper()
		unlock, err := f.Lock(t.Context(), maria)
		if err != nil {
			t.Fatal(err)
		}
		if err := unlock(); err != nil {
			t.Error(err)
		}
	}
	take()
	write(t, f.Path+".lock.info", []byte("{"))
	if s, err := f.LockStatus(t.Context()); err == nil || s.Held || !strings.Contains(err.Error(), ".lock.info") {
		t.Errorf("with half a name: %+v, %v", s, err)
	}
	if err := f.ForceUnlock(t.Context(), "run-1"); err == nil || !strings.Contains(err.Error(), ".lock.info") {
		t.Errorf("ForceUnlock = %v", err)
	}
	take()
	if told != 0 {
		t.Errorf("told %d times of a run that nobody knows", told)
	}
	write(t, f.Path+".lock.info", []byte(`{"id": "run-1"}`))
	if err := os.Remove(f.Path + ".lock"); err != nil {
		t.Fatal(err)
	}
	if err := f.ForceUnlock(t.Context(), "run-1"); err != nil {
		t.Errorf("with the name alone: %v", err)
	}
}
