package cli

import (
	"maps"
	"slices"
	"testing"

	"kiraform/internal/config"
)

// TestBackendsAreWholeOnes holds that a configuration can name just the backends
// that commands can open, and that each has all that messages say of it.
func TestBackendsAreWholeOnes(t *testing.T) {
	if here, there := slices.Sorted(maps.Keys(backends)), slices.Sorted(slices.Values(config.Backends)); !slices.Equal(here, there) {
		t.Errorf("commands open %v, and a configuration may name %v", here, there)
	}
	for name, k := range backends {
		if k.noun == "" || k.variable == "" || k.open == nil || k.secrets == nil {
			t.Errorf("%s lacks something: %+v", name, k)
		}
	}
}
