// Package batch lets many share the few slow writes of one: whatever comes while a write
// is under way is gathered, and written by the next one as a whole.
//
// Whoever adds something knows, once that returns, how the write went that had it.
package batch

import "sync"

// A Writer writes batches of the type B, one after the other. Write must be set before
// anything is added.
type Writer[B any] struct {
	// Write writes a batch. There is one call at a time, in the goroutine of somebody
	// who added to the batch.
	Write func(*B) error

	queue sync.Mutex  // guards next
	next  *pending[B] // the batch of the next write; nil while nothing was added

	flush sync.Mutex // held while a batch is written
}

// pending is a batch. Its last two fields are guarded by Writer.flush.
type pending[B any] struct {
	entries B
	n       int // how often something was added
	done    bool
	err     error
}

// Add puts something into the next batch, and returns the error of its write. It may be
// called from any goroutine; put must not wait.
func (w *Writer[B]) Add(put func(*B)) error {
	w.queue.Lock()
	if w.next == nil {
		w.next = new(pending[B])
	}
	mine := w.next
	put(&mine.entries)
	mine.n++
	w.queue.Unlock()

	w.flush.Lock()
	defer w.flush.Unlock()
	if !mine.done { // nobody took it along, so it is still the next
		w.queue.Lock()
		w.next = nil
		w.queue.Unlock()
		mine.done, mine.err = true, w.Write(&mine.entries)
	}
	return mine.err
}

// Between has do run while nothing is written, and returns its error.
func (w *Writer[B]) Between(do func() error) error {
	w.flush.Lock()
	defer w.flush.Unlock()
	return do()
}

// Waiting returns how many calls of Add no write has taken along yet.
func (w *Writer[B]) Waiting() int {
	w.queue.Lock()
	defer w.queue.Unlock()
	if w.next == nil {
		return 0
	}
	return w.next.n
}
