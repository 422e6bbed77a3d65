package sched

import "runtime/debug"

// Panic is a panic that was caught: a bug in this program.
type Panic struct {
	Value any    // may quote anything, secrets included
	Stack []byte // of the goroutine; names functions and lines, and no values
}

// Error says nothing of Value.
func (p *Panic) Error() string { return "internal error" }

// Catch returns the error of f or, if f panics, a *Panic. If the error of f
// wraps one already, it is passed on as it is.
func Catch(f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &Panic{Value: v, Stack: debug.Stack()}
		}
	}()
	return f()
}
