package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// noArguments is for commands that take nothing but flags.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		// They are not repeated: one may be the value of a -var that a space came before.
		return fmt.Errorf("%s takes nothing but flags", cmd.Name())
	}
	return nil
}

// refuseArguments makes the wrong number of arguments an error of usage, and empty
// ones: then a variable of the shell was not set, and nothing is to be guessed.
func refuseArguments(c *cobra.Command) {
	check := c.Args
	if check == nil {
		check = noArguments
	}
	c.Args = func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return usage("%v. It is used as \"%s\"", err, cmd.UseLine())
		}
		return refuseEmpty(cmd, args)
	}
	for _, sub := range c.Commands() {
		refuseArguments(sub)
	}
}

// refuseEmpty refuses arguments and texts of flags that have nothing but spaces.
func refuseEmpty(cmd *cobra.Command, args []string) error {
	for i, a := range args {
		if strings.TrimSpace(a) == "" {
			return usage("argument %d is empty; a variable of the shell may not be set. It is used as \"%s\"", i+1, cmd.UseLine())
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
