// Package batch lets many share the few slow writes of one: whatever comes while a write
// is under way is gathered, and written by the next one as a whole.
//
// Whoever adds something knows, once that returns, how the write went that had it.
package batch

import (
	"errors"
	"sync"
)

// A Writer writes batches of the type B, one after the other. Write must be set before
// anything is added.
type Writer[B any] struct {
	// Write writes a batch. There is one call at a time, in the goroutine of whoever was
	// the first to add to the batch.
	Write func(*B) error

	queue sync.Mutex  // guards next
	next  *pending[B] // the batch of the next write; nil while nothing was added

	flush sync.Mutex // held while a batch is written
}

// pending is a batch. All who wait for it are told at once: if each learned of it by a
// lock, the next write could not begin before the last of them had had a turn.
type pending[B any] struct {
	entries B
	n       int           // how often something was added
	done    chan struct{} // closed once it is written, and err is final
	err     error
}

// Add puts something into the next batch, and returns the error of its write. It may be
// called from any goroutine; put must not wait.
func (w *Writer[B]) Add(put func(*B)) error {
	w.queue.Lock()
	first := w.next == nil
	if first {
		w.next = &pending[B]{done: make(chan struct{}), err: errors.New("it was not written to its end")}
	}
	mine := w.next
	put(&mine.entries)
	mine.n++
	w.queue.Unlock()
	if first {
		w.write(mine)
	}
	<-mine.done
	return mine.err
}

// write writes a batch once the one before is written. Until then others add to it.
func (w *Writer[B]) write(b *pending[B]) {
	defer close(b.done) // also if Write panics
	w.flush.Lock()
	defer w.flush.Unlock()
	w.queue.Lock()
	w.next = nil
	w.queue.Unlock()
	b.err = w.Write(&b.entries)
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
