package state

import (
	"encoding/json"
	"strconv"
	"testing"
)

// A string is read as encoding/json reads it, wherever it ends and whatever it escapes.
func TestStringsOfAnOutline(t *testing.T) {
	parts := []string{"", `"`, `\`, `\"`, `\\`, `\n`, `\u00e9`, "a", "[", "é", "\xff", "\n", "\x7f", " "}
	for _, a := range parts {
		for _, b := range parts {
			for _, c := range parts {
				for _, end := range []string{"", `"`} {
					quoted := `"` + a + b + c + end
					var want string
					_ = json.Unmarshal([]byte(quoted), &want)
					if got := unquoted([]byte(quoted)); got != want {
						t.Errorf("%q is %q, want %q", quoted, got, want)
					}
				}
			}
		}
	}
}

// Completion reads the addresses of a large state while a person waits: one takes its
// text and nothing else.
func TestAnAddressOfAnOutlineIsNotDecoded(t *testing.T) {
	quoted := []byte(strconv.Quote(`kira_user.p["ana"]`))
	if n := testing.AllocsPerRun(100, func() { unquoted(quoted) }); n > 1 {
		t.Errorf("%v allocations for an address", n)
	}
}
