// Package cli is the command line: it parses arguments, wires the parts
// together and chooses an exit code. Only programs import it: main, and the one that
// writes the manual pages.
//
// Results go to standard output, and remarks about them to standard error. A
// terminal changes colours and questions, never results. Exit codes come from
// the run, never from how it is shown.
package cli

import (
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"kiraform/internal/cli/silence"
	"kiraform/internal/event"
	"kiraform/internal/ui/words"
)

// Env is everything that a command may touch of the world around it.
type Env struct {
	Args           []string // without the program's name
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Environ        map[string]string
	Dir            string // the working folder; "" is the process's own

	StdinTTY, StdoutTTY bool
	Width               int // columns of the terminal; 0 if there is none

	// Interrupts has one value for each time the user asks to stop; nil means
	// that nobody can.
	Interrupts <-chan os.Signal

	ran   *cobra.Command // once it is known
	raw   io.Writer      // standard output for bytes that have to come out unchanged
	whole io.Writer      // standard output for what has to keep its lines: JSON, files, values
	out   *shared        // Stdout
	bytes *shared        // raw, for help
}

// plain returns e with writers that let no text from elsewhere command the
// terminal, or the server of which this is the log, and that several
// goroutines may write to.
func (e Env) plain() Env {
	e.raw, e.bytes = e.Stdout, &shared{to: e.Stdout}
	safe := func(w io.Writer) *shared {
		return &shared{to: &event.Plain{Out: w, SGR: e.color(false), CI: e.ci()}}
	}
	e.out = safe(e.Stdout)
	e.whole, e.Stdout, e.Stderr = e.out, e.page(e.out), e.page(safe(e.Stderr))
	return e
}

// page is a terminal, of so many cells. Lines that are wider are broken at spaces, but
// those to paste.
type page struct {
	io.Writer
	width int
}

// page is where people read w: where there is no terminal, lines stay whole.
func (e Env) page(w io.Writer) io.Writer {
	if e.Width <= 0 {
		return w
	}
	return page{w, e.Width}
}

// Write implements [io.Writer]. A text is written whole, or line by line.
func (p page) Write(text []byte) (int, error) {
	if _, err := io.WriteString(p.Writer, words.Fit(string(text), p.width)); err != nil {
		return 0, err
	}
	return len(text), nil
}

// widthOf is how many cells there are in a line of w; 0 is any number.
func widthOf(w io.Writer) int {
	if s, ok := w.(page); ok {
		return s.width
	}
	return 0
}

// screenOf is how many cells a text of help has that w is to show.
func screenOf(w io.Writer) int {
	if n := widthOf(w); n > 0 {
		return min(n, words.Screen)
	}
	return words.Screen
}

// code is where HCL goes that may be pasted: beyond the page, if its lines are wide.
func code(w io.Writer) io.Writer {
	if s, ok := w.(page); ok {
		return s.Writer
	}
	return w
}

// ci reports whether a CI server reads the output.
func (e Env) ci() bool {
	return e.Environ["CI"] != "" || e.Environ["GITHUB_ACTIONS"] != "" || e.Environ["TF_BUILD"] != ""
}

// OS returns the environment of this process.
func OS() Env {
	silence.End()
	signals, interrupts := make(chan os.Signal, 8), make(chan os.Signal)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	go passOn(signals, interrupts, time.Second, func() {
		fmt.Fprintln(os.Stderr, "kiraform: interrupted, and ended at once")
		os.Exit(ExitFailed)
	})
	signal.Ignore(syscall.SIGPIPE) // who stops reading, as head does, does not end an apply in the middle
	e := Env{
		Args: os.Args[1:], Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Environ:    make(map[string]string),
		StdinTTY:   term.IsTerminal(int(os.Stdin.Fd())),
		StdoutTTY:  term.IsTerminal(int(os.Stdout.Fd())),
		Interrupts: interrupts,
	}
	for _, kv := range os.Environ() {
		name, value, _ := strings.Cut(kv, "=")
		e.Environ[name] = value
	}
	if w, _, err := term.GetSize(int(os.Stdout.Fd())); err == nil {
		e.Width = w
	}
	return e
}

// color decides whether escape codes may be written: only to a terminal that
// understands them, and only if the user did not say no.
func (e Env) color(noColor bool) bool {
	return e.StdoutTTY && !noColor && e.Environ["NO_COLOR"] == "" && e.Environ["TERM"] != "dumb"
}

// interactive reports whether a question can be asked.
func (e Env) interactive() bool { return e.StdinTTY && e.StdoutTTY }

// shared is a writer that several goroutines may write to: an interrupt is
// remarked on while a run goes on saying things.
type shared struct {
	mu   sync.Mutex
	to   io.Writer
	lost error // the first failure: a view goes on without its reader
}

func (s *shared) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, err := s.to.Write(p)
	if s.lost == nil {
		s.lost = err
	}
	return n, err
}
