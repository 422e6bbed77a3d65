package kinds

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"strconv"

	"kiraform/internal/kira"
)

// pageSize is the most that Kira lists at once: it answers 500 to a larger
// limit (brief, "Common errors").
const pageSize = 100

// pages returns every row of a list {data, pagination{total, has_more}}.
//
// Lists are newest first and go on by offset, so that an object made meanwhile
// shows a row again: each is returned once, as it was first shown. Since Kira
// cannot delete, none can be missed.
func (c Call) pages(ctx context.Context, path string, filter url.Values) ([]map[string]any, error) {
	var rows []map[string]any
	seen := make(map[string]bool)
	for offset := 0; ; {
		query := url.Values{"limit": {strconv.Itoa(pageSize)}, "offset": {strconv.Itoa(offset)}}
		maps.Copy(query, filter)
		r := kira.Request{Method: "GET", Path: path + "?" + query.Encode(), Note: c.Note}
		answer, err := c.answer(ctx, r)
		if err != nil {
			return nil, err
		}
		page, ok := answer["data"].([]any)
		if !ok {
			return nil, fmt.Errorf("GET %s: the answer has no list called data", path)
		}
		fresh := false
		for _, row := range objects(page) {
			if id, _ := row["id"].(string); id != "" && !seen[id] {
				seen[id], fresh = true, true
				rows = append(rows, row)
			}
		}
		offset += len(page)
		stuck := !fresh && offset >= total(answer) // has_more is not to be believed then
		if len(page) == 0 || stuck || !more(answer, offset) {
			return rows, nil
		}
	}
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

// more reports whether rows follow after offset.
func more(answer map[string]any, offset int) bool {
	p, _ := answer["pagination"].(map[string]any)
	if more, ok := p["has_more"].(bool); ok {
		return more
	}
	return offset < total(answer)
}

func total(answer map[string]any) int {
	p, _ := answer["pagination"].(map[string]any)
	n, _ := p["total"].(json.Number)
	i, err := strconv.Atoi(n.String())
	if err != nil {
		return 0
	}
	return i
}
