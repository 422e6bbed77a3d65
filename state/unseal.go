package state

import (
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// lost takes the place of a fingerprint that cannot be compared: it is that of no
// value.
var lost = cty.StringVal(unsaltedPrefix + strings.Repeat("0", 64))

// Unseal makes nothing known of any fingerprint in s, for a key that is not the
// one they were made with. What was sealed stays so: it was a secret, and it is
// one still.
func (s *State) Unseal() {
	for a, o := range s.Resources {
		o.Sent, o.Seen = o.Sent.unknown(), o.Seen.unknown()
		s.Resources[a] = o
	}
}

func (s Sealed) unknown() Sealed {
	if s.IsZero() {
		return s
	}
	out, _ := cty.Transform(s.v, func(_ cty.Path, v cty.Value) (cty.Value, error) {
		if IsSealed(v) {
			return lost, nil
		}
		return v, nil
	})
	return Sealed{out}
}
