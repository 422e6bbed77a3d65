package disk

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func TestWritable(t *testing.T) {
	dir := t.TempDir()
	if at, err := Writable(filepath.Join(dir, "a", "b")); err != nil || at != dir {
		t.Errorf("a folder that can be made: %v, at %s", err, at)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("it leaves %v behind, %v", left, err)
	}
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Writable(filepath.Join(file, "below")); err == nil {
		t.Error("nothing can be made below a file")
	}
	if err := Changeable(file); err != nil {
		t.Error(err)
	}
	if err := Changeable(filepath.Join(dir, "nothing")); err != nil {
		t.Errorf("a file that is not there can be made: %v", err)
	}
	if err := Changeable(dir); err == nil {
		t.Error("a folder is no file to write to")
	}
	for _, refuses := range refusing(t) {
		at, err := Writable(refuses)
		if _, is := errors.AsType[*fs.PathError](err); !is || at != refuses {
			t.Errorf("in %s: %v, at %s; want that it refuses", refuses, err, at)
		}
	}
}

// refusing are folders where nobody can make a file: not even root, under Linux.
func refusing(t *testing.T) (all []string) {
	t.Helper()
	if _, err := os.Stat("/proc/self/fd"); err == nil {
		all = append(all, "/proc/self")
	}
	if os.Geteuid() > 0 {
		dir := t.TempDir()
		if err := os.Chmod(dir, 0o500); err != nil { //nolint:gosec // on purpose
			t.Fatal(err)
		}
		all = append(all, dir)
	}
	return all
}
