package batch_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"kiraform/internal/batch"
)

// Everything that comes during a write is in the next one, in order, and each hears of
// the write that had it.
func TestOneWriteForAllThatWait(t *testing.T) {
	var written []string
	began, goOn := make(chan bool), make(chan bool)
	broken := errors.New("broken")
	w := &batch.Writer[[]int]{Write: func(b *[]int) error {
		began <- true
		<-goOn
		if written = append(written, fmt.Sprint(*b)); len(written) == 2 {
			return broken
		}
		return nil
	}}
	var all sync.WaitGroup
	errs := make([]error, 6)
	add := func(i int) {
		added := make(chan bool)
		all.Go(func() {
			errs[i] = w.Add(func(b *[]int) {
				*b = append(*b, i)
				close(added)
			})
		})
		<-added
	}
	add(0)
	<-began
	for i := 1; i < 5; i++ {
		add(i)
	}
	if n := w.Waiting(); n != 4 {
		t.Errorf("%d wait for the next write, want 4", n)
	}
	goOn <- true
	<-began
	add(5)
	goOn <- true
	<-began
	goOn <- true
	all.Wait()
	if n := w.Waiting(); n != 0 {
		t.Errorf("%d wait in the end", n)
	}
	if want := []string{"[0]", "[1 2 3 4]", "[5]"}; !slices.Equal(written, want) {
		t.Errorf("wrote %q, want %q", written, want)
	}
	if want := []error{nil, broken, broken, broken, broken, nil}; !slices.Equal(errs, want) {
		t.Errorf("they heard %v, want %v", errs, want)
	}
}

// Nothing is written while somebody is at work on the same things.
func TestBetween(t *testing.T) {
	var said []string
	began, goOn := make(chan bool), make(chan bool)
	w := &batch.Writer[int]{Write: func(*int) error {
		said = append(said, "written")
		return nil
	}}
	var all sync.WaitGroup
	broken := errors.New("broken")
	all.Go(func() {
		err := w.Between(func() error {
			close(began)
			<-goOn
			said = append(said, "done")
			return broken
		})
		if err != broken {
			t.Errorf("got %v", err)
		}
	})
	<-began
	added := make(chan bool)
	all.Go(func() {
		if err := w.Add(func(*int) { close(added) }); err != nil {
			t.Error(err)
		}
	})
	<-added
	close(goOn)
	all.Wait()
	if want := []string{"done", "written"}; !slices.Equal(said, want) {
		t.Errorf("it went %q, want %q", said, want)
	}
}

// BenchmarkAdd has ever more goroutines share writes that take a tenth of a
// millisecond. The time for each falls with their number.
func BenchmarkAdd(b *testing.B) {
	for _, n := range []int{1, 10, 100} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			w := &batch.Writer[int]{Write: func(*int) error {
				for began := time.Now(); time.Since(began) < 100*time.Microsecond; {
				}
				return nil
			}}
			var all sync.WaitGroup
			for i := range n {
				all.Go(func() {
					for range (b.N + i) / n {
						w.Add(func(*int) {})
					}
				})
			}
			all.Wait()
		})
	}
}
