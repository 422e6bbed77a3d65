package eval_test

import (
	"testing"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/eval"
)

// A value is worked out once, and once more only if it was dropped.
func TestLater(t *testing.T) {
	n := 0
	l := eval.Lazily(func() cty.Value { n++; return cty.True })
	for range 2 {
		if got := l.Value(); got != cty.True || n != 1 {
			t.Fatalf("%#v, worked out %d times; want true, once", got, n)
		}
	}
	l.Drop()
	if got := l.Value(); got != cty.True || n != 2 {
		t.Errorf("after Drop: %#v, worked out %d times; want true, twice", got, n)
	}
	known := eval.Now(cty.False)
	known.Drop()
	if got := known.Value(); got != cty.False {
		t.Errorf("a value that was known from the start is %#v after Drop", got)
	}
	var none *eval.Later
	none.Drop()
	if got := none.Value(); got != cty.NilVal {
		t.Errorf("no Later is %#v", got)
	}
}
