package archtest

import (
	"os"
	"testing"

	"kiraform/internal/norace"
)

// TestMain looks for no data races: the tests read files, one after the other, without goroutines.
func TestMain(m *testing.M) { os.Exit(norace.Main(m)) }
