package provider

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/zclconf/go-cty/cty"

	"kiraform/apply"
	"kiraform/internal/live"
	"kiraform/plan"
	"kiraform/schema"
	"kiraform/schema/kinds"
	"kiraform/state"
)

const (
	// inFlight is how long a request may still take effect after it was sent:
	// the client gives up sooner, and so does everything between it and Kira.
	inFlight = 2 * time.Minute
	// early is how far Kira's clocks may differ from each other.
	early = 10 * time.Minute
)

// Find implements [apply.Provider]. An object was made by a lost request if it
// is accounted for nowhere, was not there before, shows every attribute of the
// request, and shows everything that says where money goes. Where more objects
// fit than were asked for, none is taken. The note of the request's key, where
// Kira has one, decides alone.
func (p provider) Find(ctx context.Context, op apply.Op, lost state.Intent, same int) (apply.Finding, error) {
	k, c := p.call(op)
	again := k.NeverTwice == nil || !k.NeverTwice(op.Want)
	if k.List == nil {
		return apply.Finding{Free: true}, nil // the answer to the next request ends this one
	}
	c.Want, c.ID = cty.NilVal, live.OwnerOf(k, state.Object{Sent: lost.Sent}).ID
	if k.Owner != "" && c.ID == "" {
		return apply.Finding{Free: again}, nil // of an earlier kiraform, which did not keep its requests
	}
	rows, err := k.List(ctx, c)
	if errors.Is(err, kinds.ErrGone) {
		return apply.Finding{None: true}, nil
	}
	if err != nil {
		return apply.Finding{}, err
	}
	found, undated, unsure, err := p.candidates(ctx, k, c, op, lost, rows)
	switch {
	case err != nil:
		return apply.Finding{}, err
	case len(found) > 0 && len(found) <= max(same, 1) && len(undated)+len(unsure) == 0:
		o := found[0]
		return apply.Finding{Found: &apply.Result{ID: o.ID, Seen: o.Seen}}, nil
	case len(found)+len(undated)+len(unsure) > 0:
		may := ids(slices.Concat(found, undated, unsure))
		return apply.Finding{Free: again && len(found)+len(undated) == 0, May: may}, nil
	}
	now := p.Date(ctx)
	landed := !lost.Last.IsZero() && now.Sub(lost.Last) > inFlight
	return apply.Finding{None: again && landed, Free: again}, nil
}

// candidates returns the objects that a lost request made; those that are alike in
// all of that, of a request of which it is not known when it was sent; and those
// that it may have made but that cannot be told from others.
func (p provider) candidates(ctx context.Context, k *kinds.Kind, c kinds.Call, op apply.Op, lost state.Intent, rows []kinds.Object) (found, undated, unsure []kinds.Object, err error) {
	for _, row := range rows {
		if op.Taken(row.ID) || TooEarly(k, row, lost) {
			continue
		}
		if agrees, _ := Shows(k, p.Key, lost, row.Seen); !agrees {
			continue
		}
		c.ID = row.ID
		o, err := k.Read(ctx, c)
		if errors.Is(err, kinds.ErrGone) { // by one witness
			err = fmt.Errorf("%s is in Kira's list, and yet %w", row.ID, err)
		}
		if err != nil {
			return nil, nil, nil, err
		}
		switch agrees, certain := Shows(k, p.Key, lost, o.Seen); {
		case !agrees || TooEarly(k, o, lost):
		case certain && (!lost.After.IsZero() || marked(k, lost, o.Seen)):
			found = append(found, o)
		case certain:
			undated = append(undated, o)
		default:
			unsure = append(unsure, o)
		}
	}
	return found, undated, unsure, nil
}

// Shows reports whether an object is the one that a request asked for. Its
// mark, where it has one, decides.
func Shows(k *kinds.Kind, key state.Key, lost state.Intent, seen cty.Value) (agrees, certain bool) {
	if mark := k.Schema.MarkOf(seen, schema.MarkRequest); mark != "" {
		return mark == lost.Key, mark == lost.Key
	}
	return plan.Shows(k.Schema, key, lost, seen)
}

// Uncertain reports whether Kira does not show where an object has money go, so
// that it may be another one than the one that is asked for. One that differs in
// an attribute that cannot change is another for certain, and the plan names the
// attribute.
func Uncertain(k *kinds.Kind, key state.Key, want, seen cty.Value) bool {
	if k.Schema.Identity == nil || k.Schema.Identity.Money == nil {
		return false
	}
	asked := state.Intent{Sent: key.Seal(k.Schema, "", want)}
	_, certain := plan.Shows(k.Schema, key, asked, seen)
	return !certain && !plan.Another(k.Schema, key, asked, seen)
}

// marked reports whether an object has the mark of a request.
func marked(k *kinds.Kind, lost state.Intent, seen cty.Value) bool {
	return k.Schema.MarkOf(seen, schema.MarkRequest) == lost.Key
}

// TooEarly reports whether an object was there before the request was sent.
// Time can rule an object out that has no mark of the request, and never in.
func TooEarly(k *kinds.Kind, o kinds.Object, lost state.Intent) bool {
	return !marked(k, lost, o.Seen) && !o.Created.IsZero() && o.Created.Before(lost.After.Add(-early))
}

func ids(objects []kinds.Object) (out []string) {
	for _, o := range objects {
		out = append(out, o.ID)
	}
	return out
}

// Date implements [apply.Provider].
func (p provider) Date(ctx context.Context) time.Time {
	if p.Clock == nil {
		return time.Time{}
	}
	return p.Clock(ctx)
}
