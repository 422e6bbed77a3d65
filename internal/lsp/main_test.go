package lsp

import (
	"os"
	"testing"

	"kiraform/internal/norace"
)

// scratch is a folder for all tests of a run.
var scratch string

func TestMain(m *testing.M) { os.Exit(norace.WithScratch(m, &scratch)) }
