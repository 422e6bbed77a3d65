package engine

import "testing"

// To count one more takes as much room as its name.
func TestSomeNames(t *testing.T) {
	for _, tt := range []struct {
		names []string
		want  string
	}{
		{[]string{"a", "b"}, "a, b"},
		{[]string{"a", "b", "c", "d", "e"}, "a, b, c, d, e"},
		{[]string{"a", "b", "c", "d", "e", "f"}, "a, b, c, d, e, f"},
		{[]string{"a", "b", "c", "d", "e", "f", "g"}, "a, b, c, d, e and 2 more"},
	} {
		if got := some(tt.names); got != tt.want {
			t.Errorf("%q are %q, want %q", tt.names, got, tt.want)
		}
	}
}
