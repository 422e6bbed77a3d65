package golden

import (
	"fmt"
	"strings"
	"testing"
)

// witness is a test that remembers how it failed.
type witness struct {
	testing.TB
	said string
}

func (w *witness) Helper() {}

func (w *witness) Errorf(format string, args ...any) { w.said += fmt.Sprintf(format, args...) }

func (w *witness) Fatalf(format string, args ...any) { w.Errorf(format, args...); panic(w) }

func (w *witness) Fatal(args ...any) { w.Fatalf("%s", fmt.Sprint(args...)) }

func equal(t *testing.T, name, got string) string {
	w := &witness{TB: t}
	func() {
		defer func() {
			if r := recover(); r != nil && r != w {
				panic(r)
			}
		}()
		Equal(w, name, got)
	}()
	return w.said
}

func TestEqual(t *testing.T) {
	t.Chdir(t.TempDir())
	if said := equal(t, "a/b.golden", "x\n"); !strings.Contains(said, "-update") {
		t.Errorf("a file that is not there: %q, want a word about -update", said)
	}
	write(t, "testdata/a/b.golden", "one\ntwo\n")
	if said := equal(t, "a/b.golden", "one\ntwo\n"); said != "" {
		t.Errorf("equal content fails: %q", said)
	}
	if said := equal(t, "a/b.golden", "one\n2\n"); !strings.Contains(said, " one\n-two\n+2\n") {
		t.Errorf("other content says %q, want the difference", said)
	}
}
