package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

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

// emptyFlags refuses a flag that was given without a value: that of a variable that
// is not set, for which the flag would mean nothing, and mostly allow everything.
func emptyFlags(cmd *cobra.Command) (err error) {
	cmd.Flags().Visit(func(f *pflag.Flag) {
		empty := f.Value.Type() == "string" && strings.TrimSpace(f.Value.String()) == ""
		if list, is := f.Value.(pflag.SliceValue); is {
			all := list.GetSlice()
			empty = len(all) == 0 || slices.ContainsFunc(all, func(s string) bool { return strings.TrimSpace(s) == "" })
		}
		if empty && err == nil {
			err = usage("-%s has no value, as if a variable were not set. Give it one, or leave the flag out", f.Name)
		}
	})
	return err
}

// mistaken tells a program, in the format that it asked for, that the command line
// is wrong. The error is for people, and decides the exit code.
func (a *app) mistaken(cmd *cobra.Command, err error) error {
	if err == nil || !a.wantsJSON(cmd) {
		return err
	}
	switch cmd.Annotations[jsonForm] {
	case byStream:
		s := &tfjson.Stream{Out: a.Stdout, Version: Version, Command: cmd.Name(), Now: now}
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
	_ = tfjson.Write(a.Stdout, tfjson.OfDiagnostics([]event.Diagnostic{{Severity: "error", Summary: a.unsaid(err)}}))
}
