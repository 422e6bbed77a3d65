package statetest_test

import (
	"testing"

	"kiraform/state"
	"kiraform/state/statetest"
)

func TestMemory(t *testing.T) {
	m := statetest.NewMemory()
	statetest.TestStore(t, func() state.Store { return m })
}
