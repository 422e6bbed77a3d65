package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"kiraform/internal/console"
	"kiraform/internal/engine"
)

func (a *app) consoleCommand() *cobra.Command {
	var vars varFlags
	var st stateFlag
	var planned bool
	c := &cobra.Command{
		Use:   "console",
		Short: "Try expressions out",
		Long: "console answers expressions with the values that the configuration and the state have, without\n" +
			"asking Kira; with -plan, with those that a plan of now leads to. At a terminal there is a history,\n" +
			"and \"exit\" ends it. Of standard input, every expression is answered; one may go on over several\n" +
			"lines while a bracket is open. Nothing is changed.",
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			view := a.textView(a.Stderr, false) // answers alone are on standard output
			defer view.Flush()
			o, err := a.options(cmd.Context(), "console", vars, st, view.Handle)
			if err != nil {
				return err
			}
			o.Empty = true
			project, err := engine.Open(o)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, project.Close()) }()
			console, err := project.Console(cmd.Context(), planned)
			if err != nil {
				return err
			}
			if f, ok := a.Stdin.(*os.File); ok && a.interactive() {
				return a.converse(f, console)
			}
			return a.answer(console)
		},
	}
	vars.bind(c)
	st.bind(c)
	c.Flags().BoolVar(&planned, "plan", false, "look at Kira, and answer with the values of a plan")
	return c
}

// answer answers the expressions of standard input, each as soon as it is whole.
// It goes on after one that is wrong, and fails in the end.
func (a *app) answer(c *console.Console) error {
	var failed error
	lines := bufio.NewScanner(a.Stdin)
	lines.Buffer(nil, 4<<20)
	var src strings.Builder
	for more := true; more; {
		if more = lines.Scan(); more {
			src.WriteString(lines.Text() + "\n")
			if !console.Complete(src.String()) {
				continue
			}
		}
		text := strings.TrimSpace(src.String())
		src.Reset()
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		if text == "exit" {
			return failed
		}
		if a.tellsOfConsole(text) {
			continue
		}
		failed = errors.Join(failed, a.say(c, text))
	}
	if failed != nil && lines.Err() == nil {
		return engine.ErrReported
	}
	return lines.Err()
}

// tellsOfConsole answers a question that is no expression, and reports whether text is one.
func (a *app) tellsOfConsole(text string) bool {
	if text != "help" && text != "?" {
		return false
	}
	fmt.Fprint(a.Stdout, "Type an expression: var.NAME, local.NAME, kira_user.NAME.email, upper(\"a\").\n"+
		"Its value is answered. Nothing is changed. To leave: exit, or ctrl-d\n")
	return true
}

func (a *app) say(c *console.Console, text string) error {
	value, err := c.Eval(text)
	if err == nil {
		fmt.Fprintln(a.whole, value)
	}
	return err
}

// converse reads expressions from a terminal, with a history.
func (a *app) converse(f *os.File, c *console.Console) error {
	before, err := term.MakeRaw(int(f.Fd()))
	if err != nil {
		return err
	}
	t := term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{f, a.raw}, "> ")
	for src := ""; ; {
		if width, height, err := term.GetSize(int(f.Fd())); err == nil && width > 0 {
			if err := t.SetSize(width, height); err != nil {
				return errors.Join(err, term.Restore(int(f.Fd()), before))
			}
		}
		line, err := t.ReadLine()
		if err == nil || src != "" {
			src += line + "\n"
		}
		switch text := strings.TrimSpace(src); {
		case errors.Is(err, io.EOF), text == "exit":
			return term.Restore(int(f.Fd()), before)
		case err != nil:
			return errors.Join(err, term.Restore(int(f.Fd()), before))
		case !console.Complete(src):
			t.SetPrompt(": ")
			continue
		case text != "":
			// An answer has lines of its own, which a raw terminal would not break.
			if err := term.Restore(int(f.Fd()), before); err != nil {
				return err
			}
			if !a.tellsOfConsole(text) {
				_ = a.say(c, text) // said already
			}
			if _, err := term.MakeRaw(int(f.Fd())); err != nil {
				return err
			}
		}
		src = ""
		t.SetPrompt("> ")
	}
}
