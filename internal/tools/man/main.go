// Command man writes the manual pages of kiraform into a folder: one for each command,
// such as kiraform-state-show.1. The pages are made of the same words as -help, and
// equal commands give equal pages. It is run by "make man", and is no part of kiraform.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"kiraform/internal/cli"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "man takes the folder to write to")
		os.Exit(64)
	}
	if err := write(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "man:", err)
		os.Exit(1)
	}
}

func write(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, p := range cli.Manual() {
		if err := os.WriteFile(filepath.Join(dir, fileName(p.Command)), []byte(page(p)), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// fileName is where the page of a command is.
func fileName(command string) string { return strings.ReplaceAll(command, " ", "-") + ".1" }

// page is the page of a command in the language of man.
func page(p cli.ManualPage) string {
	var b strings.Builder
	name := strings.ReplaceAll(p.Command, " ", "-")
	fmt.Fprintf(&b, ".TH %s 1 \"\" \"kiraform %s\" \"kiraform\"\n", strings.ToUpper(name), cli.Version)
	fmt.Fprintf(&b, ".SH NAME\n%s \\- %s\n", escape(name), escape(p.Short))
	fmt.Fprintf(&b, ".SH SYNOPSIS\n.B %s\n", escape(p.Synopsis))
	if p.Long != "" {
		b.WriteString(".SH DESCRIPTION\n")
		prose(&b, p.Long)
	}
	flags(&b, "OPTIONS", p.Flags, false)
	flags(&b, "OPTIONS OF ALL COMMANDS", p.Flags, true)
	if p.Examples != "" {
		fmt.Fprintf(&b, ".SH EXAMPLES\n.nf\n%s\n.fi\n", lines(strings.Trim(p.Examples, "\n")))
	}
	related(&b, p)
	return b.String()
}

// prose writes paragraphs; a line that is indented stays a line of its own.
func prose(b *strings.Builder, text string) {
	for paragraph := range strings.SplitSeq(text, "\n\n") {
		b.WriteString(".PP\n")
		if strings.Contains("\n"+paragraph, "\n  ") {
			fmt.Fprintf(b, ".nf\n%s\n.fi\n", lines(strings.Trim(paragraph, "\n")))
			continue
		}
		b.WriteString(lines(strings.TrimSpace(paragraph)) + "\n")
	}
}

func flags(b *strings.Builder, title string, all []cli.ManualFlag, global bool) {
	for _, f := range all {
		if f.Global != global {
			continue
		}
		if title != "" {
			fmt.Fprintf(b, ".SH %s\n", title)
			title = ""
		}
		fmt.Fprintf(b, ".TP\n\\fB%s\\fR", escape("-"+f.Name))
		if f.Value != "" {
			fmt.Fprintf(b, "=\\fI%s\\fR", escape(f.Value))
		}
		b.WriteString("\n" + lines(f.Usage))
		if f.Default != "" {
			b.WriteString(" (default " + escape(f.Default) + ")")
		}
		b.WriteString("\n")
	}
}

// related names the pages of the command above and of those below.
func related(b *strings.Builder, p cli.ManualPage) {
	var all []string
	if i := strings.LastIndexByte(p.Command, ' '); i > 0 {
		all = append(all, p.Command[:i])
	}
	all = append(all, p.Below...)
	if len(all) == 0 {
		return
	}
	b.WriteString(".SH SEE ALSO\n")
	for i, c := range all {
		if i > 0 {
			b.WriteString(",\n")
		}
		fmt.Fprintf(b, "\\fB%s\\fR(1)", escape(strings.ReplaceAll(c, " ", "-")))
	}
	b.WriteString("\n")
}

// lines escapes each line of a text, so that none begins with a command of man.
func lines(text string) string {
	all := strings.Split(text, "\n")
	for i, line := range all {
		all[i] = escape(line)
		if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
			all[i] = `\&` + all[i]
		}
	}
	return strings.Join(all, "\n")
}

var escape = strings.NewReplacer(`\`, `\e`, "-", `\-`, "'", `\(aq`, "`", `\(ga`, "^", `\(ha`, "~", `\(ti`).Replace
