package state

import "os"

// WithDisk returns f with a function that is called before each step on the
// disk, and one that is called in place of flushing a file; nil changes nothing.
func (f File) WithDisk(step func(what string), sync func(*os.File) error) File {
	f.disk = &disk{step: step, sync: sync}
	return f
}

// Queued returns how many records wait in j for the next flush.
func Queued(j Journal) int64 {
	f := j.(*fileJournal)
	f.queue.Lock()
	defer f.queue.Unlock()
	return f.next.records
}
