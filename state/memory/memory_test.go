package memory_test

import (
	"testing"

	"kiraform/state"
	"kiraform/state/memory"
	"kiraform/state/statetest"
)

func TestMemory(t *testing.T) {
	m := memory.New()
	statetest.TestStore(t, func() state.Store { return m })
}
