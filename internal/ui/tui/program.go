package tui

import (
	"errors"
	"io"
	"os"
	"sync"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"kiraform/internal/event"
)

// perFrame is the shortest time between two batches of events: 30 a second are
// as many as an eye takes in.
const perFrame = time.Second / 30

// View is a program that shows a run. Use [Start] to make one.
type View struct {
	program *tea.Program
	queue   queue
	lost    chan struct{} // closed before done, if err is not nil
	done    chan struct{}
	err     error
}

// errGone is the end of a view whose terminal was closed.
var errGone = errors.New("the terminal was closed")

// patience is how long a terminal may take to give back its picture.
const patience = time.Second

// Start takes over the terminal and shows the events that [View.Handle] is
// given, on a goroutine of its own. The process's signals stay with the caller;
// in the view, ctrl-c is a key.
func Start(o Options) *View {
	if o.Output != nil {
		o.Output = shared(o.Output)
	}
	m := New(o)
	return launch(m, o.Input, o.Output, m.opts.Clock)
}

// launch has a program show m. The output is one that may be shared, or nil.
func launch(m tea.Model, in io.Reader, out io.Writer, clock func() time.Time) *View {
	settings := []tea.ProgramOption{tea.WithAltScreen(), tea.WithMouseCellMotion(), tea.WithoutSignalHandler()}
	closed := make(chan struct{})
	if f, ok := in.(*os.File); ok {
		settings = append(settings, tea.WithInput(watched{f, sync.OnceFunc(func() { close(closed) })}))
	} else if in != nil {
		settings = append(settings, tea.WithInput(in))
	}
	if out != nil {
		settings = append(settings, tea.WithOutput(out))
	}
	p := tea.NewProgram(m, settings...)
	v := &View{program: p, queue: queue{ready: make(chan struct{}, 1)}, lost: make(chan struct{}), done: make(chan struct{})}
	go v.queue.pump(p.Send, v.done, clock)
	go func() {
		select {
		case <-closed:
			p.Kill()
		case <-v.done:
		}
	}()
	go func() {
		_, v.err = p.Run()
		select {
		case <-closed:
			v.err = errGone
		default:
		}
		if v.err != nil {
			close(v.lost)
		}
		close(v.done)
	}()
	return v
}

// watched is a terminal that tells when it is closed. The program itself takes
// the end of its input for a quiet person.
type watched struct {
	*os.File
	closed func()
}

// Read implements [io.Reader].
func (w watched) Read(p []byte) (int, error) {
	n, err := w.File.Read(p)
	if err != nil {
		w.closed()
	}
	return n, err
}

// Handle shows e. It is an [event.Sink] that never blocks: events wait in a
// queue until the terminal has time for them.
func (v *View) Handle(e event.Event) {
	select {
	case <-v.done:
	default:
		v.queue.add(e)
	}
}

// Close says that no event will follow. The view goes, unless there is
// something a person has to look at.
func (v *View) Close() { v.queue.close() }

// Stopping says that the run was told to stop, by somebody else than the person
// who looks at it. It never blocks.
func (v *View) Stopping() { go v.program.Send(stopped{}) }

// Leave has the view leave the screen, whatever there is to look at, and
// returns when it has. A terminal that takes nothing more is left as it is.
func (v *View) Leave() error {
	go v.program.Send(leave{})
	for range 2 {
		select {
		case <-v.done:
			return v.err
		case <-time.After(patience):
			v.program.Kill()
		}
	}
	return errors.New("the terminal does not answer")
}

// Lost is closed when the view has left the screen though nobody told it to.
func (v *View) Lost() <-chan struct{} { return v.lost }

// Done is closed when the view has left the screen.
func (v *View) Done() <-chan struct{} { return v.done }

// Wait returns when the view has left the screen.
func (v *View) Wait() error {
	<-v.done
	return v.err
}

// queue holds events, as many as come.
type queue struct {
	mu     sync.Mutex
	events []event.Event
	closed bool
	ready  chan struct{} // holds something when there is something to take
}

func (q *queue) add(e event.Event) {
	q.mu.Lock()
	q.events = append(q.events, e)
	q.mu.Unlock()
	q.wake()
}

func (q *queue) close() {
	q.mu.Lock()
	q.closed = true
	q.mu.Unlock()
	q.wake()
}

func (q *queue) wake() {
	select {
	case q.ready <- struct{}{}:
	default:
	}
}

func (q *queue) take() (events []event.Event, closed bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	events, q.events = q.events, nil
	return events, q.closed
}

// pump sends the queued events, in batches, until the queue is closed and empty
// or nobody is there any more.
func (q *queue) pump(send func(tea.Msg), gone <-chan struct{}, now func() time.Time) {
	for {
		select {
		case <-q.ready:
		case <-gone:
			return
		}
		events, closed := q.take()
		if len(events) > 0 {
			send(batch{now(), events})
		}
		if closed {
			send(ended{})
			return
		}
		select {
		case <-time.After(perFrame):
		case <-gone:
			return
		}
	}
}

// shared makes w safe for the frames and for other output, such as an address
// that is copied. A file is so already, and has to stay one: the program asks
// it for the size of the terminal.
func shared(w io.Writer) io.Writer {
	if _, ok := w.(*os.File); ok {
		return w
	}
	return &locked{w: w}
}

type locked struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}
