package cli

import "testing"

func TestGrowth(t *testing.T) {
	const mb = 1 << 20
	for _, tt := range []struct {
		live uint64 // MB
		by   uint64
		want int
	}{{0, 100, 1500}, {4, 100, 1500}, {16, 100, 300}, {32, 100, 100}, {50, 100, 100}, {64, 100, 100}, {65, 100, 100}, {2000, 100, 100}, {16, 50, 300}, {2000, 50, 50}} {
		if got := growth(tt.live*mb, 64*mb, tt.by); got != tt.want {
			t.Errorf("a heap of %d MB may grow by %d %%, want %d", tt.live, got, tt.want)
		}
	}
}
