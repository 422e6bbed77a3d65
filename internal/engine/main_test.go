package engine_test

import (
	"flag"
	"os"
	"testing"

	"kiraform/state/postgres/pgtest"
)

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
	code := m.Run()
	pgtest.Stop()
	os.Exit(code)
}
