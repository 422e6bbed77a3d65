package console_test

import (
	"os"
	"testing"

	"kiraform/internal/norace"
)

// TestMain looks for no data races: nothing here runs beside anything else.
func TestMain(m *testing.M) { os.Exit(norace.Main(m)) }
