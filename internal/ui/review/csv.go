package review

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"kiraform/internal/event"
)

// columns are those of the table of changes, in order. New ones come at the end.
var columns = []string{"address", "action", "kind", "name", "cause", "digest", "previous_address", "id", "waits", "attributes", "file", "line", "terms"}

// writeCSV writes a row for each change, and one for each mistake; where there is no
// plan, one for each warning too. A spreadsheet takes no cell for a formula.
func writeCSV(w io.Writer, r *event.Review, o Options) error {
	out := csv.NewWriter(w)
	_ = out.Write(columns)
	for i := range r.Changes {
		c := &r.Changes[i]
		if !c.Changes() {
			continue
		}
		at := ""
		if c.Line > 0 {
			at = strconv.Itoa(c.Line)
		}
		write(out, c.Addr, act(c), c.Kind, c.Name, because(c), r.End.Digest, c.From, c.ID, c.After, strings.Join(names(c.Nodes), " "), o.path(c.File), at, terms(c))
	}
	for _, d := range r.Diagnostics {
		if d.Severity != "warning" || r.End.Counts == nil {
			writeFinding(out, r, d, o)
		}
	}
	out.Flush()
	return out.Error()
}

func write(out *csv.Writer, row ...string) {
	for i, s := range row {
		row[i] = cell(s)
	}
	_ = out.Write(row)
}

// writeFinding writes a diagnostic: its severity stands in place of an action, and
// its code in place of a name.
func writeFinding(out *csv.Writer, r *event.Review, d event.Diagnostic, o Options) {
	file, line := "", ""
	if d.Source != nil {
		file, line = o.path(d.Source.File), strconv.Itoa(d.Source.Line)
	}
	text := d.Summary
	if d.Detail != "" {
		text += ": " + d.Detail
	}
	write(out, d.Addr, d.Severity, "", d.Code, text, r.End.Digest, "", "", "", "", file, line, "")
}

// because says why a change is made: of the whole, or of each attribute that has a
// cause of its own.
func because(c *event.Reviewed) string {
	var all []string
	if c.Why != "" {
		all = append(all, c.Why)
	}
	for _, n := range c.Nodes {
		if n.Cause != "" {
			all = append(all, n.Name+": "+n.Cause)
		}
	}
	return strings.Join(all, "; ")
}

// names are those of the attributes that change.
func names(nodes []event.Node) (all []string) {
	for _, n := range nodes {
		if n.Op != event.Same {
			all = append(all, n.Name)
		}
	}
	return all
}

// cell is a text that a spreadsheet shows as it is.
func cell(s string) string {
	if s != "" && strings.IndexByte("=+-@\t\r", s[0]) >= 0 {
		s = "'" + s
	}
	return event.Foreign(s).Line()
}
