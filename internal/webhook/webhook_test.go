package webhook

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The signatures were computed by openssl dgst -sha256 -hmac.
func TestSignatures(t *testing.T) {
	const body = `{"event":"user.created","data":{"event_id":"e1","name":"Zoë"}}`
	const first, second = "f4d52bcd5a021dacaf3c0beb68ac596b4fb01a04a81728643fce4a84d70150a1",
		"96a79807764927f2ea8d4942b1375384d4e1b902057c0bc0af863b96d80cb2ed"
	if got := Sign("secret1", []byte(body)); got != first {
		t.Errorf("signed with %s", got)
	}
	if got := Sign("secret1", nil); got != "cd0ae951e8e5038c357d3ed7d9174de96af8fe1ea9e68b2429aaa882418e6109" {
		t.Errorf("an empty body is signed with %s", got)
	}
	both := Secrets{"secret1", "other secret"}
	for name, c := range map[string]struct {
		secrets         Secrets
		body, signature string
		want            bool
	}{
		"the secret":                 {Secrets{"secret1"}, body, first, true},
		"the new one":                {both, body, first, true},
		"the old one":                {both, body, second, true},
		"another secret":             {Secrets{"secret2"}, body, first, false},
		"a byte more":                {both, body + "\n", first, false},
		"the same JSON, spaced":      {both, strings.ReplaceAll(body, ":", ": "), first, false},
		"upper case":                 {both, body, strings.ToUpper(first), false},
		"with a prefix":              {both, body, "sha256=" + first, false},
		"no signature":               {both, body, "", false},
		"no secret":                  {nil, body, first, false},
		"an empty secret":            {Secrets{""}, body, Sign("", []byte(body)), false},
		"an empty one beside a true": {Secrets{"", "secret1"}, body, first, true},
	} {
		if got := c.secrets.Verify([]byte(c.body), c.signature); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if (Secrets{""}).Any() || !both.Any() {
		t.Error("an empty secret counts")
	}
}

func TestEveryEventIsUnderstood(t *testing.T) {
	families := []string{"user.created", "user.updated", "user.status_changed", "user.verification.failed", "user.verification.accepted",
		"user.document.download.failed", "virtual_account.created", "virtual_account.activated", "virtual_account.deposit_funds_received",
		"virtual_account.deposit_funds_in_destination", "payout.created", "payout.pending", "payout.processing", "payout.completed",
		"payout.failed", "payout.returned", "payout.status_changed", "payin.*", "card_payment.*"}
	for _, pattern := range families {
		known := false
		for _, name := range Known() {
			known = known || Matches(pattern, name)
		}
		if !known {
			t.Errorf("the brief names %s, and there is no fixture", pattern)
		}
	}
	for _, name := range Known() {
		d, err := Sample(name, Content{ID: "the-id", User: "somebody"}, "secret1")
		if err != nil {
			t.Fatal(err)
		}
		e := d.Envelope()
		if e.Event != name || e.ID != "the-id" || e.User != "somebody" {
			t.Errorf("%s reads as %+v", name, e)
		}
		switch kind, _, _ := strings.Cut(name, "."); {
		case kind == "virtual_account" && e.Account == "",
			kind == "payout" && e.Payout == "",
			strings.Contains(name, "deposit_") && kind == "virtual_account" && (e.Deposit == "" || e.Created.IsZero()),
			name == "payout.status_changed" && (!has(d, "PROCESSING", "CREATED") || e.Created.IsZero()),
			name == "user.status_changed" && !has(d, "REVIEW", "VERIFYING"),
			name == "user.verification.failed" && len(e.Reasons) != 1:
			t.Errorf("%s lacks something: %+v", name, e)
		}
		if !(Secrets{"secret1"}).Verify(d.Body, d.Header.Get(SignatureHeader)) {
			t.Errorf("%s is signed wrongly", name)
		}
	}
	if _, err := Sample("user.deleted", Content{}, ""); err == nil {
		t.Error("an event that nobody documents has a fixture")
	}
}

// has reports whether a delivery has all of these texts, which nothing rests on.
func has(d *Delivery, texts ...string) bool {
	return !slices.ContainsFunc(texts, func(text string) bool { return !bytes.Contains(d.Body, []byte(strconv.Quote(text))) })
}

func TestOtherShapes(t *testing.T) {
	for body, want := range map[string]Envelope{
		``:                        {},
		`null`:                    {},
		`[]`:                      {},
		`{"event":7}`:             {},
		`{"event":"x","data":[]}`: {},
		`{"event":"x"}`:           {Event: "x"},
		`{"event_id":"root"}`:     {},
		`{"event":"user.created","data":{"event_id":"e","id":"u"}}`:                         {Event: "user.created", ID: "e", User: "u"},
		`{"event":"virtual_account.created","data":{"event_id":"e","id":"a"}}`:              {Event: "virtual_account.created", ID: "e", Account: "a"},
		`{"event":"payout.failed","data":{"event_id":"e","id":"p","status":"FAILED"}}`:      {Event: "payout.failed", ID: "e", Payout: "p"},
		`{"event":"something.new","data":{"event_id":"e","id":"p","reasons":"a sentence"}}`: {Event: "something.new", ID: "e"},
	} {
		if got := parse([]byte(body)); got.Event != want.Event || got.ID != want.ID || got.User != want.User ||
			got.Account != want.Account || got.Payout != want.Payout || got.Reasons != nil {
			t.Errorf("%s reads as %+v", body, got)
		}
	}
}

func TestPatterns(t *testing.T) {
	for _, c := range []struct {
		pattern, name string
		want          bool
	}{
		{"user.created", "user.created", true}, {"user.created", "user.created2", false}, {"user.*", "user.verification.failed", true},
		{"user.*", "users.created", false}, {"*", "", true}, {"*.failed", "user.verification.failed", true}, {"*.failed", "user.failed.x", false},
		{"user.*.failed", "user.verification.failed", true}, {"user.*.failed", "user.failed", false}, {"**", "x", true}, {"", "", true}, {"", "x", false},
	} {
		if got := Matches(c.pattern, c.name); got != c.want {
			t.Errorf("%q matches %q: %v", c.pattern, c.name, got)
		}
	}
}

func FuzzLine(f *testing.F) {
	good, err := line{Head: &Head{Event: "user.created", ID: "e"}, Body: []byte("x")}.encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good[:len(good)-1])
	f.Add([]byte(`{"at":1,"sum":"00000000"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		l, err := decodeLine(text)
		if err != nil {
			return
		}
		again, err := l.encode()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := decodeLine(again[:len(again)-1]); err != nil {
			t.Errorf("%q is read, and %q is not", text, again)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, name := range Known() {
		d, err := Sample(name, Content{ID: "e"}, "")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(d.Body)
	}
	f.Fuzz(func(_ *testing.T, body []byte) { parse(body) })
}
