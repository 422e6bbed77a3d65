package words

import "strings"

// gap is the room between two columns.
const gap = "  "

// Table lays out rows in columns, each as wide as its widest cell. The last cell of a
// row takes the room that it needs, and counts for no column. A cell stays in its
// column: a tab or a line feed in it is a space.
func Table(rows [][]string) string {
	widths := widthsOf(rows)
	var b strings.Builder
	for _, row := range rows {
		for i, cell := range row {
			cell = flat.Replace(cell)
			if i < len(row)-1 {
				cell = Pad(cell, widths[i]) + gap
			}
			b.WriteString(cell)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// flat keeps a cell in its column.
var flat = strings.NewReplacer("\t", " ", "\n", " ")

// widthsOf are the widths of the columns of rows.
func widthsOf(rows [][]string) (widths []int) {
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			if i < len(row)-1 {
				widths[i] = max(widths[i], Cells(cell))
			}
		}
	}
	return widths
}
