package cli

import "testing"

func TestGrowth(t *testing.T) {
	const mb = 1 << 20
	for _, tt := range []struct {
		live uint64 // MB
		want int
	}{{0, 1500}, {4, 1500}, {16, 300}, {32, 100}, {50, 100}, {64, 100}, {65, 100}, {2000, 100}} {
		if got := growth(tt.live*mb, 64*mb); got != tt.want {
			t.Errorf("a heap of %d MB may grow by %d %%, want %d", tt.live, got, tt.want)
		}
	}
}
