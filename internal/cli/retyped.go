package cli

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"kiraform/internal/ui/words"
	"kiraform/state"
)

// retyped is the command that runs, as a line to paste with another flag: it has all
// that was typed. A value that may be a secret is left out, and kiraform refuses the flag
// until it is filled in.
func (e Env) retyped(flag string) string {
	name, _, _ := strings.Cut(strings.TrimPrefix(flag, "-"), "=")
	line := []string{e.ran.CommandPath()}
	e.ran.Flags().Visit(func(f *pflag.Flag) {
		switch {
		case f.Name == name:
		case f.Name == "secret":
			line = append(line, "-secret=")
		case f.Value.Type() == "bool" && f.Value.String() == "true":
			line = append(line, "-"+f.Name)
		case f.Value.Type() == "duration":
			d, _ := time.ParseDuration(f.Value.String())
			line = append(line, "-"+f.Name+"="+words.Lasting(d))
		default:
			for _, g := range given(f) {
				if !slices.Contains(line, g) { // -var and -var-file list each other's
					line = append(line, g)
				}
			}
		}
	})
	line = append(line, flag)
	for _, arg := range e.ran.Flags().Args() {
		line = append(line, words.Shell(arg))
	}
	return strings.Join(line, " ")
}

// lockWait is how long a run waits for another one, if its message is pasted.
const lockWait = 5 * time.Minute

// waitsForLock is how to wait for the run that holds the lock, if err is about one and
// the command that runs can wait for it; else "".
func (e Env) waitsForLock(err error) string {
	if _, locked := errors.AsType[*state.LockedError](err); !locked || e.ran == nil {
		return ""
	}
	f := e.ran.Flags().Lookup("lock-timeout")
	if f == nil {
		return ""
	}
	wait := lockWait
	if before, err := time.ParseDuration(f.Value.String()); err == nil && before > 0 {
		wait = max(2*before, lockWait) // which was too short
	}
	return "\n\nTo wait for it:\n  " + e.retyped("-lock-timeout="+words.Lasting(wait))
}
