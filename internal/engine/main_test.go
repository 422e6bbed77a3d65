package engine_test

import (
	"flag"
	"log"
	"os"
	"testing"

	"kiraform/state/postgres/pgtest"
)

// scratch is a folder for all tests of a run.
var scratch string

// TestMain runs the laws on fewer draws than usual, since each is a run or
// two against a simulator. "make laws" runs them on many.
func TestMain(m *testing.M) {
	flag.Parse()
	asked := false
	flag.Visit(func(f *flag.Flag) { asked = asked || f.Name == "rapid.checks" })
	if !asked {
		if err := flag.Set("rapid.checks", "12"); err != nil {
			panic(err)
		}
	}
	code := withScratch(m)
	pgtest.Stop()
	os.Exit(code)
}

func withScratch(m *testing.M) int {
	dir, err := os.MkdirTemp("", "kiraform-engine")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	scratch = dir
	return m.Run()
}
