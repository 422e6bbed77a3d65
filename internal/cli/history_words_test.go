package cli

import (
	"strings"
	"testing"

	"kiraform/state"
)

// A generation of a world that is gone is lost; one of any other place can be bound
// again, whatever the state is of now.
func TestAGenerationOfAnotherPlace(t *testing.T) {
	world, other := state.Place{Environment: "simulator", World: "w1"}, state.Place{Environment: "simulator", World: "w2"}
	sandbox := state.Place{Environment: "sandbox", Address: "https://a"}
	for name, tt := range map[string]struct {
		of, now state.Place
		want    string
	}{
		"of a world, and the state is of another": {world, other, "which is gone"},
		"of a world, and the state is of a Kira":  {world, sandbox, "state rebind"},
		"of a Kira, and the state is of a world":  {sandbox, world, "state rebind"},
	} {
		if err := otherGeneration(&state.OtherPlaceError{Serial: 3, Of: tt.of, Now: tt.now}); !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
