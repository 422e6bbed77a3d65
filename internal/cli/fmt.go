package cli

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"kiraform/internal/config"
	"kiraform/internal/textdiff"
)

type fmtOptions struct{ check, diff, recursive bool }

// exitUnformatted is what fmt -check answers when a file wants formatting, as
// Terraform does.
const exitUnformatted = 3

func (a *app) fmtCommand() *cobra.Command {
	var o fmtOptions
	c := &cobra.Command{
		Use:   "fmt [FILE or DIR | -]",
		Short: "Format configuration files",
		Long: "fmt rewrites configuration files in the canonical style and names those that it changed.\n" +
			"With -check it writes nothing and exits with 3 if a file wants formatting. \"-\" formats\n" +
			"standard input to standard output.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 1 && args[0] == "-" {
				return a.formatStdin()
			}
			return a.format(o, args)
		},
	}
	c.Flags().BoolVar(&o.check, "check", false, "only tell whether a file wants formatting")
	c.Flags().BoolVar(&o.diff, "diff", false, "show what changes")
	c.Flags().BoolVar(&o.recursive, "recursive", false, "in the folders below too")
	return c
}

func (a *app) formatStdin() error {
	src, err := io.ReadAll(a.Stdin)
	if err != nil {
		return err
	}
	out, err := formatted("standard input", src)
	if err != nil {
		return err
	}
	_, err = a.Stdout.Write(out)
	return err
}

func (a *app) format(o fmtOptions, args []string) error {
	dir, err := a.dir()
	if err != nil {
		return err
	}
	from := dir
	if len(args) == 1 {
		from = in(dir, args[0])
	}
	files, err := configFiles(from, o.recursive)
	if info, statErr := os.Stat(from); statErr == nil && !info.IsDir() {
		files, err = []string{from}, nil
	}
	if err != nil {
		return err
	}
	changed := false
	for _, path := range files {
		differs, err := a.formatFile(o, dir, path)
		if err != nil {
			return err
		}
		changed = changed || differs
	}
	if changed && o.check {
		return &exit{code: exitUnformatted}
	}
	return nil
}

// formatFile reports whether the file wanted formatting.
func (a *app) formatFile(o fmtOptions, dir, path string) (bool, error) {
	src, err := os.ReadFile(path)
	if err != nil {
		return false, err
	}
	name := path
	if rel, err := filepath.Rel(dir, path); err == nil {
		name = rel
	}
	out, err := formatted(name, src)
	if err != nil || bytes.Equal(src, out) {
		return false, err
	}
	fmt.Fprintln(a.Stdout, name)
	if o.diff {
		fmt.Fprint(a.Stdout, textdiff.Lines(string(src), string(out)))
	}
	if o.check {
		return true, nil
	}
	info, err := os.Stat(path)
	if err != nil {
		return true, err
	}
	return true, os.WriteFile(path, out, info.Mode().Perm())
}

// formatted refuses what is not HCL, so that a mistake is never spread.
func formatted(name string, src []byte) ([]byte, error) {
	out, diags := config.Format(name, src)
	if diags.HasErrors() {
		return nil, fmt.Errorf("%s cannot be formatted, since it is not valid: %s", name, diags.Error())
	}
	return out, nil
}
