package published_test

import (
	"os"
	"testing"

	"kiraform/internal/norace"
)

// TestMain looks for no data races: schemas are made and asked one after the other, without goroutines.
func TestMain(m *testing.M) { os.Exit(norace.Main(m)) }
