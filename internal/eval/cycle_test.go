package eval_test

import (
	"fmt"
	"strings"
	"testing"
)

// Each circle is an error of its own, and of a long one the first references are named
// and the last.
func TestCircles(t *testing.T) {
	const pairs, long = 1000, 50
	var src strings.Builder
	src.WriteString("locals {\n")
	for i := range pairs {
		fmt.Fprintf(&src, "  a%d = local.b%[1]d\n  b%[1]d = local.a%[1]d\n", i)
	}
	for i := range long {
		fmt.Fprintf(&src, "  c%02d = local.c%02d\n", i, (i+1)%long)
	}
	src.WriteString("}\n")
	_, diags := compile(t, src.String())
	if len(diags) != pairs+1 {
		t.Fatalf("got %d errors, want %d", len(diags), pairs+1)
	}
	for _, d := range diags {
		if !strings.HasPrefix(d.Detail, "local.c") {
			continue
		}
		want := "local.c19 (main.kira.hcl:2021,9) needs local.c20, and\nso on for 29 more, and\n" +
			"local.c49 (main.kira.hcl:2051,9) needs local.c00. Take one"
		if !strings.Contains(d.Detail, want) {
			t.Errorf("the circle is %s", d.Detail)
		}
	}
}
