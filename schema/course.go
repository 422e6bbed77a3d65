package schema

import (
	"cmp"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// Course is the life of an object at Kira after it was made. Each function gets the
// object as Kira last showed it, or a function that returns an attribute of that, and
// answers in words that Kira's own are part of. A nil function is something that
// never happens to objects of the kind.
type Course struct {
	// Ended returns the end state that an object is in, such as "REJECTED", or "":
	// it does not leave that by itself, and cannot be used.
	Ended func(get func(name string) cty.Value) string
	// Remedy is the advice about an object that has ended, in sentences. It gets
	// the written attributes of it, which may be null, and its address for a
	// shell, which is "" for an object that is not managed here.
	Remedy func(want cty.Value, addr string) string
	// Unsaid says where the reason of such an end is to be learned, in a sentence;
	// "" if Kira gives none.
	Unsaid string

	// Stalled reports whether Kira's work on an object has not even begun, where
	// Kira's own answer said so, and names the attributes that the object lacks
	// for that, as far as they are known.
	Stalled func(seen cty.Value) (stalled bool, lacks []string)
	// Unbegun says so, such as "Kira has not begun to verify it".
	Unbegun string
	// Complete is the advice about that, in a sentence. It gets the address for a
	// shell.
	Complete func(addr string) string

	// Pending names the work that Kira still has with an object, such as "Kira
	// to verify it", or "".
	Pending func(seen cty.Value) string
	// Person is who does that, in a sentence.
	Person string
}

// Completing is the advice about an object that does not go on, to follow the
// obstacle, or "".
func (c Course) Completing(addr string) string {
	if c.Complete == nil {
		return ""
	}
	return ". " + c.Complete(addr)
}

// Mend is the advice about an object that has ended, in sentences, after the
// reason that Kira gave, in sentences too, or else after where to learn it. It is
// "" if nothing can be done.
func (c Course) Mend(reason string, want cty.Value, addr string) string {
	if c.Remedy == nil {
		return reason
	}
	return strings.TrimSpace(cmp.Or(reason, c.Unsaid) + " " + c.Remedy(want, addr))
}

// EndOf returns the end state that seen shows of an object, or "".
func (k *Kind) EndOf(seen cty.Value) string {
	if seen == cty.NilVal {
		return ""
	}
	return k.EndBy(func(name string) cty.Value { return Member(seen, name) })
}

// EndBy is EndOf for an object of which get returns the attributes.
func (k *Kind) EndBy(get func(name string) cty.Value) string {
	if k.Course.Ended == nil {
		return ""
	}
	return k.Course.Ended(get)
}

// StallOf names the obstacle that keeps an object from going on, or "". One
// that has ended does not wait for anything.
func (k *Kind) StallOf(seen cty.Value) string {
	stalled, lacks := k.LacksOf(seen)
	switch {
	case !stalled:
		return ""
	case len(lacks) == 0:
		return k.Course.Unbegun
	}
	return k.Course.Unbegun + ", since it lacks " + strings.Join(lacks, ", ")
}

// LacksOf is StallOf in parts.
func (k *Kind) LacksOf(seen cty.Value) (stalled bool, lacks []string) {
	if k.Course.Stalled == nil || seen == cty.NilVal || k.EndOf(seen) != "" {
		return false, nil
	}
	return k.Course.Stalled(seen)
}

// PendingOf names the work that Kira still has with an object, or "".
func (k *Kind) PendingOf(seen cty.Value) string {
	if k.EndOf(seen) != "" {
		return ""
	}
	return tell(k.Course.Pending, seen)
}

func tell(f func(cty.Value) string, seen cty.Value) string {
	if f == nil || seen == cty.NilVal {
		return ""
	}
	return f(seen)
}
