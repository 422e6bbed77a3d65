package state

import "github.com/zclconf/go-cty/cty"

// ParseValid is parseValid.
func ParseValid(data []byte) any { return parseValid(data) }

// SealedOf takes v for sealed, as a state that was kept may have it.
func SealedOf(v cty.Value) Sealed { return Sealed{v: v} }
