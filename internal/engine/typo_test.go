package engine_test

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/fstest"

	"kiraform/internal/engine"
	"kiraform/internal/event"
	"kiraform/internal/norace"
)

// secretly is a configuration whose secrets all begin with QZX7.
const secretly = `variable "pin" {
  sensitive = true
  default   = "QZX7-AAAA-1111"
}

resource "kira_user" "a" {
  type            = "individual"
  first_name      = "Ana"
  ssn             = "QZX7-BBBB-2222"
  document_number = join("-", ["QZX7-CCCC", "QZX7-DDDD"])
  identifying_information = [{ type = "ssn", number = upper("QZX7-FFFF-4444") }]
  associated_persons = [
    {
      document_number = <<-EOT
        QZX7-GGGG-5555
      EOT
    },
    { first_name = "Leo", ssn = local.x ? "QZX7-HHHH-6666" : "QZX7-IIII-7777", email = "leo@example.com" },
  ]
}

locals {
  x = true
}
`

// Law 7, for slips of the finger: with one character missing, or one that does
// not belong there, nothing that is said of a configuration has a secret in it.
func TestLawNoSlipTellsASecret(t *testing.T) {
	if norace.Run(t, scratch) {
		return
	}
	const strays = "\"{}[]()=,:#\n$<'\\/*. x"
	r := rand.New(rand.NewPCG(1, 2))
	check := func(src string) {
		t.Helper()
		var said strings.Builder
		_, _ = engine.Validate(context.Background(), engine.Options{Version: "0.1.0", FS: fstest.MapFS{"a.kira.hcl": {Data: []byte(src)}}, Emit: func(e event.Event) {
			if line, err := json.Marshal(e); err != nil || strings.Contains(string(line), "QZX7") {
				said.Write(line)
			}
		}})
		if said.Len() > 0 {
			t.Errorf("%s\nsays\n%s", src, &said)
		}
	}
	step := 1
	if testing.Short() {
		step = 10
	}
	for i := 0; i < len(secretly); i += step {
		check(secretly[:i] + secretly[i+1:])
		check(secretly[:i] + string(strays[r.IntN(len(strays))]) + secretly[i:])
	}
}
