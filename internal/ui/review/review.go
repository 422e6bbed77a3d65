// Package review renders a plan for those who review it elsewhere: as Markdown for
// a pull request, as a page to read, and in the formats that code hosts, test
// reports and spreadsheets read.
//
// Each rendering is a function of the [event.Review] alone. A text that somebody
// else may have written stays text in each of them: it is no markup, no mention, no
// command to the server of a pipeline and no formula of a spreadsheet. Nothing is
// cut in the middle: whatever does not fit is counted in a sentence.
package review

import (
	"fmt"
	"io"
	"slices"

	"kiraform/internal/event"
)

// Options says how to render. Its zero value is for a plan that no file has.
type Options struct {
	File  string   // of the plan, for the command to run next; "" if it is in none
	With  []string // flags that this command has to have as well, as a shell takes them
	Limit int      // of Markdown, in bytes of UTF-8; 0 means none
	Base  string   // path from the root of the repository to the configuration, which locations begin with; "" for the root itself
}

// A format is one way to render.
type format struct {
	name string
	// raw says that it has to come out byte for byte.
	raw   bool
	write func(io.Writer, *event.Review, Options) error
}

var formats = []format{
	{"markdown", false, writeMarkdown},
	{"html", false, writeHTML},
	{"github", true, writeWorkflow},
	{"sarif", false, writeSARIF},
	{"junit", false, writeJUnit},
	{"csv", true, writeCSV},
}

// Formats has the names of all formats.
func Formats() []string {
	var names []string
	for _, f := range formats {
		names = append(names, f.name)
	}
	return names
}

// Raw reports whether a format has to come out byte for byte: it makes every text
// harmless itself, and its own syntax would look like a command.
func Raw(name string) bool {
	i := slices.IndexFunc(formats, func(f format) bool { return f.name == name })
	return i >= 0 && formats[i].raw
}

// Write renders a plan in the format called name, which is one of [Formats].
func Write(w io.Writer, name string, r *event.Review, o Options) error {
	for _, f := range formats {
		if f.name == name {
			return f.write(w, r, o)
		}
	}
	return fmt.Errorf("there is no format %q", name)
}
