package plan_test

import (
	"os"
	"testing"

	"kiraform/internal/norace"
)

// TestMain looks for no data races: plans are made one after the other, without goroutines.
func TestMain(m *testing.M) { os.Exit(norace.Main(m)) }
