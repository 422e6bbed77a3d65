package simulator

import (
	"slices"
	"strconv"
)

// A page is the part of a list that was asked for.
type page struct{ limit, offset, seen int }

// maxLimit is the most rows that a list may be asked for.
const maxLimit = 100

// page reads limit and offset. A limit over maxLimit is an internal error (brief;
// observed.md 5.6).
func (c *call) page() (*page, answer) {
	p := &page{limit: 10}
	bad := slices.Concat(c.number("limit", 1, &p.limit), c.number("offset", 0, &p.offset))
	switch {
	case len(bad) > 0:
		return nil, invalid(bad...)
	case p.limit > maxLimit:
		return nil, broken()
	}
	return p, answer{}
}

// number reads a number of the query, if it is there.
func (c *call) number(name string, least int, to *int) []issue {
	v := c.r.URL.Query().Get(name)
	if v == "" {
		return nil
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < least {
		return one(name, "invalid_type", "Expected a number of at least %d, received '%s'", least, v)
	}
	*to = n
	return nil
}

// take counts one more row, and reports whether it is on the page.
func (p *page) take() bool {
	p.seen++
	return p.seen > p.offset && p.seen <= p.offset+p.limit
}

func (p *page) envelope(rows []doc) doc {
	return doc{"data": rows, "pagination": doc{
		"total": p.seen, "limit": p.limit, "offset": p.offset, "has_more": p.offset+len(rows) < p.seen}}
}
