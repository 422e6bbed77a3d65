package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/hashicorp/hcl/v2"
	"github.com/spf13/cobra"

	"kiraform/internal/config"
	"kiraform/internal/diag"
	"kiraform/internal/disk"
	"kiraform/internal/quote"
	"kiraform/internal/textdiff"
	"kiraform/schema/kinds"
)

type fmtOptions struct{ check, diff, recursive, list, write bool }

// exitUnformatted is the exit code of fmt -check when a file wants formatting,
// as Terraform does.
const exitUnformatted = 3

func (a *app) fmtCommand() *cobra.Command {
	var o fmtOptions
	c := &cobra.Command{
		Use:   "fmt [FILE or DIR | -]",
		Short: "Format configuration files",
		Long: "fmt rewrites configuration files in the canonical style and names those that it changed.\n" +
			"With -check it writes nothing and exits with 3 if a file wants formatting. \"-\" formats\n" +
			"standard input to standard output, or tells of it with -check and -diff. The style is that\n" +
			"of terraform fmt: \"${x}\" becomes x, labels get quotes, and types lose theirs. A file that is not valid is left as it is.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 1 && args[0] == "-" {
				return a.formatStdin(o)
			}
			return a.format(o, args)
		},
	}
	c.Flags().BoolVar(&o.check, "check", false, "only tell whether a file wants formatting")
	c.Flags().BoolVar(&o.diff, "diff", false, "show what changes")
	c.Flags().BoolVar(&o.list, "list", true, "name the files that want formatting")
	c.Flags().BoolVar(&o.write, "write", true, "write the files; -check writes none either")
	c.Flags().BoolVar(&o.recursive, "recursive", false, "in the folders below too")
	return c
}

func (a *app) formatStdin(o fmtOptions) error {
	const name = "standard input"
	src, err := io.ReadAll(a.Stdin)
	if err != nil {
		return err
	}
	out, diags := config.Format(name, src)
	if diags.HasErrors() {
		a.showSyntax(sources{name: src}.quoter, diags)
		return &exit{code: ExitFailed}
	}
	differs := !bytes.Equal(src, out)
	switch {
	case o.diff && differs:
		q := sources{name: src, formatted + name: out}.quoter()
		fmt.Fprint(a.whole, textdiff.Lines(q.Text(name), q.Text(formatted+name)))
	case !o.check && !o.diff:
		if len(out) == 0 {
			out = []byte("\n")
		}
		if _, err := a.raw.Write(out); err != nil {
			return err
		}
	}
	if o.check && differs {
		return &exit{code: exitUnformatted}
	}
	return nil
}

// format goes on after a file that is not valid: the others can be formatted.
func (a *app) format(o fmtOptions, args []string) error {
	dir, err := a.dir()
	if err != nil {
		return err
	}
	files, err := formattable(in(dir, strings.Join(args, "")), o.recursive)
	if err != nil {
		return err
	}
	quoter := sync.OnceValue(func() *quote.Quoter { return readSources(dir, files).quoter() })
	code := ExitOK
	for _, path := range files {
		switch differs, err := a.formatFile(o, dir, path, quoter); {
		case errors.Is(err, errInvalid):
			code = ExitFailed
		case err != nil:
			return err
		case differs && o.check && code == ExitOK:
			code = exitUnformatted
		}
	}
	if code != ExitOK {
		return &exit{code: code}
	}
	return nil
}

// formattable is a file itself, or the configuration files of a folder.
func formattable(path string, recursive bool) ([]string, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return configFiles(path, recursive)
	}
	return []string{path}, nil
}

// errInvalid is returned for a file that is not valid, once that was said.
var errInvalid = errors.New("not valid")

// formatFile reports whether the file wanted formatting. One that is not HCL
// is left alone, so that a mistake is never spread.
func (a *app) formatFile(o fmtOptions, dir, path string, quoter func() *quote.Quoter) (bool, error) {
	src, err := os.ReadFile(path)
	if err != nil {
		return false, err
	}
	name := inside(dir, path)
	out, diags := config.Format(name, src)
	if diags.HasErrors() {
		a.showSyntax(quoter, diags)
		return false, errInvalid
	}
	if bytes.Equal(src, out) {
		return false, nil
	}
	diff := ""
	if o.diff { // while the file is as it was
		diff = textdiff.Lines(quoter().Text(name), quoter().Text(formatted+name))
	}
	if !o.check && o.write {
		if err := rewrite(path, out); err != nil {
			return true, err
		}
	}
	if o.list {
		fmt.Fprintln(a.Stdout, name)
	}
	fmt.Fprint(a.whole, diff)
	return true, nil
}

// rewrite makes data the content of a file that somebody wrote, who keeps the old one
// if that fails.
func rewrite(path string, data []byte) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err // of the file, and not of another beside it
	}
	if err := f.Close(); err != nil {
		return err
	}
	switch err := disk.WriteFile(path, data); {
	case errors.Is(err, fs.ErrPermission): // nothing can be made beside it
		return os.WriteFile(path, data, info.Mode().Perm())
	case err != nil:
		return err
	}
	return os.Chmod(path, info.Mode().Perm())
}

// inside names a path as seen from dir.
func inside(dir, path string) string {
	if rel, err := filepath.Rel(dir, path); err == nil {
		return rel
	}
	return path
}

// sources are texts by the names of their files.
type sources map[string][]byte

// formatted begins the name of a text as it is when formatted.
const formatted = "formatted "

// readSources reads the files that can be read, as they are and formatted:
// another file may tell that a value in one is secret.
func readSources(dir string, paths []string) sources {
	all := make(sources, 2*len(paths))
	for _, path := range paths {
		src, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		name := inside(dir, path)
		all[name] = src
		if out, diags := config.Format(name, src); !diags.HasErrors() {
			all[formatted+name] = out
		}
	}
	return all
}

// quoter shows lines of the texts without secrets.
func (s sources) quoter() *quote.Quoter {
	unsound := make(map[string]bool)
	for name, src := range s {
		if _, diags := config.Format(name, src); diags.HasErrors() {
			unsound[name] = true
		}
	}
	schemas := kinds.Schemas()
	maps.Copy(schemas, kinds.DataSchemas())
	return quote.Texts(schemas, s, unsound)
}

// showSyntax shows the mistakes that keep a file from being formatted.
func (a *app) showSyntax(quoter func() *quote.Quoter, diags hcl.Diagnostics) {
	for _, d := range diag.Sort(diags) {
		a.view().Handle(quoter().Diagnostic(d))
	}
}
