package kinds

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"kiraform/internal/kira"
)

// ErrGone is wrapped by the error of Read for an object that Kira does not
// know, or not as ours: it answers 404 to both (observed 4). It is also wrapped
// by the error of List if there is no such owner.
//
// It is one witness only. Who is about to make an object again asks [Kind.Whole]
// for the other.
var ErrGone = errors.New("there is no such object at Kira")

// gone reports whether err is Kira's own 404 about the object called id: the
// code not_found, as users and recipients have it, or the sentence that virtual
// accounts have (observed 4). A gateway or a framework that lacks a route
// answers 404 too, and repeats the path; that says nothing about an object.
func (rd *reader) gone(err error, id string) bool {
	e, ok := errors.AsType[*kira.Error](err)
	if !ok || e.Status != 404 || strings.Contains(e.Message, "/") {
		return false
	}
	if e.Code != "" {
		return strings.EqualFold(e.Code, "not_found")
	}
	return strings.EqualFold(e.Message, rd.noun+" "+id+" not found") ||
		strings.EqualFold(e.Message, rd.noun+" with ID "+id+" not found")
}

// ownerless reports whether err is Kira's answer to a request for the
// recipients of a user that it does not know (observed 6).
func ownerless(err error) bool {
	e, ok := errors.AsType[*kira.Error](err)
	return ok && e.Status == 404 && strings.EqualFold(e.Code, "USER_NOT_FOUND")
}

// asGone wraps err in [ErrGone] if is says so.
func asGone(err error, is bool) error {
	if !is {
		return err
	}
	return fmt.Errorf("%w: %w", ErrGone, err)
}

// Whole returns the ids of all objects of the kind or, for a kind of which Kira
// lists those of one owner only, of those of the owner c.ID. A list that may
// lack some is an error.
func (k *Kind) Whole(ctx context.Context, c Call) (map[string]bool, error) {
	if k.Page != nil {
		return k.wholePages(ctx, c)
	}
	list, err := k.List(ctx, c)
	return idsOf(list), err
}

// wholePages reads one page after the other: of pages that are read at once,
// none may show a row that shifts meanwhile.
func (k *Kind) wholePages(ctx context.Context, c Call) (map[string]bool, error) {
	ids := make(map[string]bool)
	for offset, total, n := 0, 0, 1; ; n++ {
		p, err := k.Page(ctx, c, offset)
		if err != nil {
			return nil, err
		}
		if offset == 0 {
			total = p.Total
		}
		before := len(ids)
		for _, o := range p.Objects {
			ids[o.ID] = true
		}
		offset += p.Size
		switch {
		case !p.Counted:
			return nil, errors.New("the list does not say how many rows it has")
		case n == mostPages:
			return nil, errors.New("the list does not end")
		case offset < p.Total && len(ids) > before:
		case len(ids) < total:
			return nil, fmt.Errorf("the list shows %d of %d objects", len(ids), total)
		default:
			return ids, nil
		}
	}
}

// Whole reports whether p is the whole list, and shows each object once.
func (p *Page) Whole() bool {
	return p.Counted && p.Total == p.Size && len(idsOf(p.Objects)) == p.Size
}

func idsOf(list []Object) map[string]bool {
	ids := make(map[string]bool, len(list))
	for _, o := range list {
		ids[o.ID] = true
	}
	return ids
}
