package eval_test

import (
	"os"
	"testing"

	"kiraform/internal/norace"
)

// TestMain looks for no data races: expressions are evaluated one after the other, without goroutines.
func TestMain(m *testing.M) { os.Exit(norace.Main(m)) }
