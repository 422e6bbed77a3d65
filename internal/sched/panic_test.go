package sched_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"kiraform/internal/graph"
	"kiraform/internal/sched"
)

type letter string

func (l letter) Compare(o letter) int { return strings.Compare(string(l), string(o)) }

func TestATaskThatPanicsEndsTheRunButTearsNothingDown(t *testing.T) {
	var g graph.Graph[letter]
	g.Add("calm")
	g.Add("mad")
	g.Add("after", "mad")
	walk := g.Walk()
	going, ended := make(chan struct{}), false
	run := sched.New(walk, 2, func(n letter) sched.Task {
		return func(*sched.Slot) func() error {
			switch n {
			case "mad":
				<-going
				panic("with a value: 219-09-9999")
			case "calm":
				close(going)
			}
			return func() error { ended = ended || n == "calm"; walk.Done(n); return nil }
		}
	})
	err := run.Do(nil)
	bug, ok := errors.AsType[*sched.Panic](err)
	if !ok || !ended {
		t.Fatalf("Do = %v, and the other task ended: %t", err, ended)
	}
	if strings.Contains(err.Error()+string(bug.Stack), "219-09-9999") {
		t.Errorf("the value of the panic is in its text or stack: %v\n%s", err, bug.Stack)
	}
}

func TestCatchPassesErrorsOn(t *testing.T) {
	if err := sched.Catch(func() error { return io.EOF }); err != io.EOF {
		t.Errorf("got %v", err)
	}
}
