package cli

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// refuseEmpty refuses arguments and texts of flags that have nothing but spaces.
func refuseEmpty(cmd *cobra.Command, args []string) error {
	for i, a := range args {
		if strings.TrimSpace(a) == "" {
			return usage("argument %d is empty; a variable of the shell may not be set. Usage: %s", i+1, useLine(cmd))
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
				empty = usage("-%s is empty; a variable of the shell may not be set. Give it a value, or leave it out", f.Name)
			}
		}
	})
	return empty
}
