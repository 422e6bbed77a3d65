package kinds

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"reflect"
	"strconv"

	"kiraform/internal/kira"
)

// pageSize is the most that Kira lists at once: it answers 500 to a larger
// limit (brief, "Common errors").
const pageSize = 100

// pages returns every row of a list {data, pagination{total, has_more}}.
//
// Lists are newest first and go on by offset, so that an object made meanwhile
// shows a row again: each is returned once, without the members in which its rows
// differ. A list that shows fewer objects than it says to have is an error, since
// another one would be made of what it lacks.
func (c Call) pages(ctx context.Context, path string, filter url.Values) ([]map[string]any, error) {
	var rows []map[string]any
	at := make(map[string]int) // in rows, by id
	all, stale := 0, 0
	for offset, n := 0, 1; ; n++ {
		answer, page, err := c.page(ctx, path, filter, offset)
		if err != nil {
			return nil, err
		}
		if n == 1 {
			all = total(answer) // what is made later stands before the rows that are still to come
		}
		before := len(rows)
		for _, row := range objects(page) {
			id, _ := row["id"].(string)
			switch i, again := at[id]; {
			case id == "":
			case again:
				rows[i] = agreed(rows[i], row)
			default:
				at[id] = len(rows)
				rows = append(rows, row)
			}
		}
		offset += len(page)
		if stale++; len(rows) > before {
			stale = 0
		}
		stuck := stale > 0 && offset >= total(answer) || stale == mostStale // has_more is not to be believed then
		switch {
		case len(page) > 0 && !stuck && more(answer, offset, len(page)) && n < mostPages:
		case n == mostPages:
			return nil, fmt.Errorf("GET %s: the list does not end", path)
		case len(rows) < all:
			return nil, fmt.Errorf("GET %s: the list shows %d of %d objects", path, len(rows), all)
		default:
			return rows, nil
		}
	}
}

// agreed is a row of which another row of the same id says the same. Of members in which
// they differ nobody can know which is right.
func agreed(row, other map[string]any) map[string]any {
	for name, v := range row {
		if !reflect.DeepEqual(v, other[name]) {
			row[name] = nil
		}
	}
	return row
}

// Limits of lists that do not do as they should.
const (
	mostStale = 3      // pages in a row that show nothing new: of an honest list, a hundred objects were made between any two
	mostPages = 10_000 // a million objects
)

// page asks for the rows from offset on, and returns them with the answer that
// they came in.
func (c Call) page(ctx context.Context, path string, filter url.Values, offset int) (answer map[string]any, rows []any, err error) {
	query := url.Values{"limit": {strconv.Itoa(pageSize)}, "offset": {strconv.Itoa(offset)}}
	maps.Copy(query, filter)
	r := kira.Request{Method: "GET", Path: path + "?" + query.Encode(), Note: c.Note}
	if answer, err = c.answer(ctx, r); err != nil {
		return nil, nil, err
	}
	rows, ok := answer["data"].([]any)
	if !ok {
		return nil, nil, fmt.Errorf("GET %s: the answer has no list called data", path)
	}
	return answer, rows, nil
}

// A Page is a part of a list, newest first.
type Page struct {
	Objects []Object
	Size    int  // rows that it had: the next page begins this much further on
	Total   int  // rows of the whole list; if Kira does not say, no fewer than this
	Counted bool // Kira says Total
}

// pageOf reads one page of a list of rd's kind.
func (rd *reader) pageOf(ctx context.Context, c Call, path string, offset int) (Page, error) {
	answer, rows, err := c.page(ctx, path, nil, offset)
	if err != nil {
		return Page{}, err
	}
	p := Page{Objects: rd.rows(c, objects(rows)), Size: len(rows), Total: max(total(answer), offset+len(rows)), Counted: counted(answer)}
	if len(rows) > 0 && p.Total == offset+len(rows) && more(answer, p.Total, len(rows)) {
		p.Total++
	}
	return p, nil
}

// objects returns the items that are JSON objects.
func objects(items []any) []map[string]any {
	var list []map[string]any
	for _, item := range items {
		if obj, ok := item.(map[string]any); ok {
			list = append(list, obj)
		}
	}
	return list
}

// more reports whether rows follow after offset, which a page of so many rows goes up
// to. A full page may be followed by another one where nothing says so.
func more(answer map[string]any, offset, size int) bool {
	p, _ := answer["pagination"].(map[string]any)
	if more, ok := p["has_more"].(bool); ok {
		return more
	}
	if counted(answer) {
		return offset < total(answer)
	}
	return size >= pageSize
}

func total(answer map[string]any) int {
	p, _ := answer["pagination"].(map[string]any)
	return number(p["total"])
}

// counted reports whether an answer says how many rows its list has.
func counted(answer map[string]any) bool {
	p, _ := answer["pagination"].(map[string]any)
	_, ok := p["total"].(json.Number)
	return ok
}

// number reads a whole number of an answer; 0 if it is none.
func number(v any) int {
	n, _ := v.(json.Number)
	i, err := strconv.Atoi(n.String())
	if err != nil {
		return 0
	}
	return i
}
