package tell

import (
	"crypto/sha256"
	"fmt"

	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
)

// document describes a file that is uploaded, so that one can tell which it is
// without seeing it. It is "" for anything else, such as the URL of a file,
// which may be all that it takes to fetch it.
func document(v cty.Value) string {
	if v == cty.NilVal || v.IsNull() || !v.IsKnown() || v.Type() != cty.String {
		return ""
	}
	kind, content, ok := schema.DataURI(v.AsString())
	if !ok {
		return ""
	}
	return fmt.Sprintf("%s of %s, sha256 %.4x…", kind, size(len(content)), sha256.Sum256(content))
}

// size spells a number of bytes.
func size(n int) string {
	switch {
	case n < 1000:
		return fmt.Sprintf("%d bytes", n)
	case n < 1_000_000:
		return fmt.Sprintf("%d kB", (n+500)/1000)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}
