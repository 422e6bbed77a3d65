package cli

import (
	"fmt"
	"io"
	"log/slog"
	"regexp"
	"runtime"
	"strings"
	"sync"

	"kiraform/internal/sched"
)

// report says that there is a bug in this program. The text of the panic is
// never shown, and not logged either: it may quote secrets. The place where it
// happened quotes nothing.
func (e Env) report(bug *sched.Panic) int {
	show := func(w io.Writer, text string) {
		_ = sched.Catch(func() error { // the writer itself may be broken
			_, err := io.WriteString(w, text)
			return err
		})
	}
	log, closeLog, err := connector{env: e.Environ}.log()
	hint := "Run again with KIRAFORM_LOG=FILE to have the place written to a file that can be reported: no values are in it."
	if err == nil && log != nil {
		facts := []any{slog.String("type", fmt.Sprintf("%T", bug.Value)), slog.String("stack", string(bug.Stack))}
		if known, ok := bug.Value.(runtime.Error); ok { // speaks of types and lengths only
			facts = append(facts, slog.String("error", known.Error()))
		}
		log.Error("panic", facts...)
		_ = closeLog()
		hint = "The place is in the file that KIRAFORM_LOG names, to be reported: no values are in it."
	}
	show(e.Stderr, "kiraform: internal error in "+bugPlace(bug.Stack)+": this is a mistake in kiraform, and not yours.\n"+
		"The requests that were sent to Kira are in the journal, and the next run takes them up. "+hint+"\n")
	return ExitFailed
}

// ourFrame is a function of this program in a stack.
var ourFrame = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^kiraform/([\w/]+\.[\w.()*\[\]]+)\(`) })

// bugPlace returns the function that panicked.
func bugPlace(stack []byte) string {
	_, after, ok := strings.Cut(string(stack), "\npanic(")
	if !ok {
		after = string(stack)
	}
	if m := ourFrame().FindStringSubmatch(after); m != nil {
		return m[1]
	}
	return "an unknown place"
}
