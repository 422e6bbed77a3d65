package cli

import (
	"fmt"
	"io"

	"kiraform/internal/ui/words"
)

// table gathers the rows of a report in columns.
type table [][]string

func (t *table) row(cells ...any) {
	row := make([]string, len(cells))
	for i, c := range cells {
		row[i] = fmt.Sprint(c)
	}
	*t = append(*t, row)
}

func (t table) write(w io.Writer) error {
	_, err := io.WriteString(w, words.TableIn(t, widthOf(w)))
	return err
}
