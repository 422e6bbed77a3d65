package cli

import (
	"slices"

	"github.com/spf13/cobra"

	"kiraform/internal/event"
	"kiraform/internal/ui/tfjson"
)

// The annotation of a command by which it is known how its mistakes are told to
// programs, and its values.
const (
	jsonForm = "json"
	byStream = "stream"
	byCheck  = "validate"
)

// mistaken tells a program, in the format that it asked for, that the command line
// is wrong. The error is for people, and decides the exit code.
func (a *app) mistaken(cmd *cobra.Command, err error) error {
	if err == nil || !a.wantsJSON(cmd) {
		return err
	}
	switch cmd.Annotations[jsonForm] {
	case byStream:
		s := &tfjson.Stream{Out: a.whole, Version: Version, Command: cmd.Name(), Now: now}
		s.End(a.unsaid(err))
	case byCheck:
		a.invalid(err)
	}
	return err
}

// wantsJSON reports whether the arguments ask for JSON, be they right or wrong.
func (a *app) wantsJSON(cmd *cobra.Command) bool {
	args := a.Args
	if i := slices.Index(args, "--"); i >= 0 {
		args = args[:i]
	}
	return slices.ContainsFunc(doubleDashes(cmd.Root(), args), func(arg string) bool { return arg == "--json" || arg == "--json=true" })
}

// invalid writes an error as the outcome of a check.
func (a *app) invalid(err error) {
	_ = tfjson.Write(a.whole, tfjson.OfDiagnostics([]event.Diagnostic{{Severity: "error", Summary: a.unsaid(err)}}))
}
