package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

// A report is the answer of a command that is asked something. It is a small
// value of its own, made of an answer of the engine or of the state, so that
// neither knows how it is shown.
type report interface {
	text(w io.Writer) error // for people
	json() any              // for programs: the fields of it stay
}

// A carrier is a report that names commands: carried gives each the flags of this one.
type carrier interface {
	carried(carry func(string) string) report
}

// format is how a report is shown.
type format struct{ json bool }

func (f *format) bind(c *cobra.Command) {
	c.Flags().BoolVar(&f.json, "json", false, "as JSON")
}

// forPeople reports whether a report is text, beside which remarks may stand.
func (f format) forPeople() bool { return !f.json }

// nextLines are how to go on, as lines to paste.
func (a *app) nextLines(to string, lines ...string) string {
	return a.carry("\n" + to + ":\n  " + strings.Join(lines, "\n  ") + "\n")
}

// sayf tells people something, and gives each command that it names the flags of this
// one.
func (e Env) sayf(to io.Writer, format string, args ...any) {
	fmt.Fprint(to, e.carry(fmt.Sprintf(format, args...)))
}

// beside is where text goes that is not part of the report. With JSON, standard
// output carries nothing else.
func (f format) beside(w io.Writer) io.Writer {
	if !f.forPeople() {
		return io.Discard
	}
	return w
}

// show writes r in the format that was asked for. Another format is another field
// of format and another case here.
func (a *app) show(f format, r report) error {
	if c, ok := r.(carrier); ok {
		r = c.carried(a.carry)
	}
	if !f.json {
		return r.text(a.Stdout)
	}
	enc := json.NewEncoder(a.whole)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(r.json())
}

// showLine writes r as one line of JSON, for a program that reads one after the other.
func (a *app) showLine(r report) error { return json.NewEncoder(a.whole).Encode(r.json()) }
