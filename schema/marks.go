package schema

import "github.com/zclconf/go-cty/cty"

// The keys under which an object at Kira says whose it is, in the attribute that
// [Kind.Marks] names.
const (
	MarkAddress = "kiraform_address" // for people to read: after a move it is the former one
	MarkLineage = "kiraform_lineage"
	MarkRequest = "kiraform_request" // the Idempotency-Key of the create
)

// IsMark reports whether a key is one of those.
func IsMark(key string) bool { return key == MarkAddress || key == MarkLineage || key == MarkRequest }

// MarkOf returns one of the marks of an object that Kira shows, or "".
func (k *Kind) MarkOf(seen cty.Value, key string) string {
	if k.Marks == "" {
		return ""
	}
	return Text(Member(Member(seen, k.Marks), key))
}
