package file

import (
	"os"

	"kiraform/internal/disk"
	"kiraform/state"
)

// WithDisk returns f with a function that is called before each step on the
// disk, and one that is called in place of flushing a file; nil changes nothing.
func (f Store) WithDisk(step func(what string), sync func(*os.File) error) Store {
	f.disk = &disk.Disk{Step: step, Sync: sync}
	return f
}

// WithFaults returns f with a function that is asked before each call on the
// disk how it is to fail; nil means not at all.
func (f Store) WithFaults(fail func(disk.Call) error) Store {
	f.disk = &disk.Disk{Fail: fail}
	return f
}

// Queued returns how many records wait in j for the next flush.
func Queued(j state.Journal) int64 {
	f := j.(*fileJournal)
	f.queue.Lock()
	defer f.queue.Unlock()
	return int64(len(f.next.lines))
}
