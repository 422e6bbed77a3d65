package lsp

import (
	"log"
	"os"
	"testing"
)

// scratch is a folder for all tests of a run.
var scratch string

func TestMain(m *testing.M) { os.Exit(withScratch(m)) }

func withScratch(m *testing.M) int {
	dir, err := os.MkdirTemp("", "kiraform-lsp")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	scratch = dir
	return m.Run()
}
