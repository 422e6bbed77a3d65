package cli_test

import (
	"fmt"
	"io"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"kiraform/internal/kiratest/terminal"
)

func init() { scriptCommands["terminal"] = inTerminal }

// ended is written to a terminal once the program in it has ended. It comes after all
// that the program wrote, which is waited for in this way. (The commands ttyin and
// ttyout of testscript do not wait.)
const ended = "\n[the program has ended]\n"

// inTerminal runs a program at a terminal where the text of a file is typed, and
// makes stdout all that was on the screen.
func inTerminal(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: [!] terminal FILE PROGRAM [ARGS...]")
	}
	screen, tty, err := terminal.Open()
	ts.Check(err)
	defer func() { _ = screen.Close() }()
	seen := make(chan string)
	go func() { seen <- readTo(screen, ended) }()
	typed := ts.ReadFile(args[0]) + "\x04"
	go func() { _, _ = io.WriteString(screen, typed) }()
	failed := ts.Exec("sh", append([]string{"-c", `exec "$@" <` + tty.Name() + ` >` + tty.Name(), "sh"}, args[1:]...)...)
	said := ts.ReadFile("stderr")
	_, err = io.WriteString(tty, ended)
	ts.Check(err)
	fmt.Fprint(ts.Stdout(), <-seen)
	fmt.Fprint(ts.Stderr(), said)
	ts.Check(tty.Close())
	if neg != (failed != nil) {
		ts.Fatalf("%s: %v", strings.Join(args[1:], " "), failed)
	}
}

// readTo reads r until end has come, and returns all that came before.
func readTo(r io.Reader, end string) string {
	var all strings.Builder
	end = strings.ReplaceAll(end, "\n", "\r\n")
	for buf := make([]byte, 4096); ; {
		n, err := r.Read(buf)
		all.Write(buf[:n])
		if text, ok := strings.CutSuffix(all.String(), end); ok || err != nil {
			return text
		}
	}
}
