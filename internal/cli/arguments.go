package cli

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// refuseEmpty refuses arguments and texts of flags that have nothing but spaces: those
// of a variable that is not set, for which a flag would mean nothing, and mostly allow
// everything.
func refuseEmpty(cmd *cobra.Command, args []string) error {
	for i, a := range args {
		if strings.TrimSpace(a) == "" {
			return usage("argument %d is empty, as if a variable were not set. Usage: %s", i+1, useLine(cmd))
		}
	}
	var empty error
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if f.Name == "signature" {
			return // a delivery may have come without one
		}
		texts := []string{f.Value.String()}
		switch v := f.Value.(type) {
		case pflag.SliceValue:
			if texts = v.GetSlice(); len(texts) == 0 {
				texts = []string{""}
			}
		default:
			if f.Value.Type() != "string" {
				return
			}
		}
		for _, text := range texts {
			if strings.TrimSpace(text) == "" && empty == nil {
				empty = usage("-%s has no value, as if a variable were not set. Give it one, or leave the flag out", f.Name)
			}
		}
	})
	return empty
}
