package eval_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// References to many variables take memory that grows with their number, and not with
// its square, and so does the graph of them.
func TestManyVariablesAreSmall(t *testing.T) {
	use := func(n int) uint64 {
		var src strings.Builder
		for i := range n {
			fmt.Fprintf(&src, "variable \"v%d\" {\n  default = %d\n}\n", i, i)
		}
		src.WriteString("output \"all\" {\n  value = [")
		for i := range n {
			fmt.Fprintf(&src, "var.v%d, ", i)
		}
		src.WriteString("]\n}\n")
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		r := evaluate(t, src.String())
		quiet(t, r.diags)
		r.Edges(true)
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	if one, two := use(1000), use(2000); two > 3*one {
		t.Errorf("%d bytes for 1,000, %d for 2,000", one, two)
	}
}
