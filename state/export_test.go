package state

import (
	"os"

	"kiraform/internal/disk"

	"github.com/zclconf/go-cty/cty"
)

// WithDisk returns f with a function that is called before each step on the
// disk, and one that is called in place of flushing a file; nil changes nothing.
func (f File) WithDisk(step func(what string), sync func(*os.File) error) File {
	f.disk = &disk.Disk{Step: step, Sync: sync}
	return f
}

// WithFaults returns f with a function that is asked before each call on the
// disk how it is to fail; nil means not at all.
func (f File) WithFaults(fail func(disk.Call) error) File {
	f.disk = &disk.Disk{Fail: fail}
	return f
}

// Queued returns how many records wait in j for the next flush.
func Queued(j Journal) int64 {
	f := j.(*fileJournal)
	f.queue.Lock()
	defer f.queue.Unlock()
	return f.next.records
}

// ParseValid is parseValid.
func ParseValid(data []byte) any { return parseValid(data) }

// SealedOf takes v for sealed, as a state that was kept may have it.
func SealedOf(v cty.Value) Sealed { return Sealed{v} }
