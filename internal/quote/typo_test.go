package quote_test

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	"kiraform/internal/config"
	"kiraform/internal/quote"
	"kiraform/schema/kinds"
)

// secretly is a configuration whose secrets all begin with QZX7.
const secretly = `variable "pin" {
  type      = string
  sensitive = true
  default   = "QZX7-AAAA-1111"
}

resource "kira_user" "a" {
  type            = "individual"
  first_name      = "Ana"
  ssn             = "QZX7-BBBB-2222"
  document_number = join("-", ["QZX7-CCCC", "QZX7-DDDD"])
  identifying_information = [{ type = "passport", number = "QZX7-EEEE-3333" }, { type = "ssn", number = upper("QZX7-FFFF-4444") }]
  associated_persons = [
    {
      first_name      = "Eva", last_name = "Ruiz"
      document_number = <<-EOT
        QZX7-GGGG-5555
      EOT
    },
    { first_name = "Leo", ssn = var.x ? "QZX7-HHHH-6666" : "QZX7-IIII-7777", email = "leo@example.com" },
  ]
  metadata = { team = "blue" }
}

resource "kira_webhook" "w" {
  webhook_url = "https://hooks.example.com/"
  secret      = "QZX7-JJJJ-8888"
}
`

// secretlyJSON is such a one in JSON syntax.
const secretlyJSON = `{"variable": {"pin": {"sensitive": true, "default": "QZX7-AAAA-1111"}},
 "resource": {"kira_user": {"a": {"type": "individual", "first_name": "Ana", "ssn": "QZX7-BBBB-2222",
  "identifying_information": [{"type": "passport", "number": "QZX7-EEEE-3333"}, {"number": "${upper(\"QZX7-FFFF-4444\")}", "type": "ssn"}],
  "associated_persons": [{"first_name": "Leo", "ssn": "QZX7-HHHH-6666", "email": "leo@example.com"}]}}}}
`

// One slip of the finger, anywhere, and secrets stay hidden: a character that
// is missing, one that is there twice, and one that does not belong there.
func TestNoSlipShowsASecret(t *testing.T) {
	const strays = "\"{}[]()=,:#\n$<'\\/*. x"
	schemas := kinds.Schemas()
	check := func(src string) {
		t.Helper()
		const name = "a.kira.hcl"
		_, diags := config.Format(name, []byte(src))
		wrong := diags.HasErrors() && !json.Valid([]byte(src))
		shown := quote.Texts(schemas, map[string][]byte{name: []byte(src)}, map[string]bool{name: wrong}).Text(name)
		for i := 0; i < len(src); i++ {
			if !strings.HasPrefix(src[i:], "QZX7-") {
				continue
			}
			if part := shown[i : i+9]; strings.Trim(part, "*-\n\"'#$<{}[]()=,:\\/. ") != "" && strings.Count(part, "*") < 4 {
				from, to := strings.LastIndexByte(src[:i], '\n')+1, i+strings.IndexByte(src[i:]+"\n", '\n')
				t.Errorf("%s\nis shown as\n%s", src[max(0, from-120):to], shown[from:to])
				return
			}
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	for _, src := range []string{secretly, secretlyJSON} {
		check(src)
		for i := range len(src) {
			check(src[:i] + src[i+1:])
			check(src[:i] + src[i:i+1] + src[i:])
			check(src[:i] + string(strays[r.IntN(len(strays))]) + src[i:])
		}
	}
}
