package file

import (
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// A lock that is not there cannot be opened because its folder lets nobody write: that
// is said, and not that the lock may not be opened.
func TestAFolderThatNobodyMayWriteIn(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "kiraform.state.json.lock")
	err := &fs.PathError{Op: "open", Path: path, Err: syscall.EACCES}
	if got, want := refused(path, err).Error(), "you may not write in "+dir+", where the state is to be kept"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := refused("nowhere.lock", err).Error(), "you may not write in this folder, where the state is to be kept"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := refused(path, err); got != err {
		t.Errorf("got %v of a lock that is there", got)
	}
}
