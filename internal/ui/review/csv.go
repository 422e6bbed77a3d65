package review

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"kiraform/internal/event"
)

// columns are those of the table of changes, in order. New ones come at the end.
var columns = []string{"address", "action", "kind", "name", "cause", "digest", "previous_address", "id", "waits", "attributes", "file", "line"}

// writeCSV writes a row for each change. A spreadsheet takes no cell for a formula.
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
		row := []string{c.Addr, act(c), c.Kind, c.Name, because(c), r.End.Digest, c.From, c.ID, c.After, strings.Join(names(c.Nodes), " "), o.path(c.File), at}
		for i, s := range row {
			row[i] = cell(s)
		}
		_ = out.Write(row)
	}
	out.Flush()
	return out.Error()
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
