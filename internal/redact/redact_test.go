package redact_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"kiraform/internal/redact"
)

func TestText(t *testing.T) {
	const document = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4"
	var set redact.Set
	for _, s := range []string{"219-09-9999", "G12345678", "with \"quotes\"\nand lines", document, "abc"} {
		set.Add(s)
	}
	for _, c := range []struct{ name, text, want string }{
		{"nothing secret is left as it is", "422: email is taken", "422: email is taken"},
		{"a secret is taken out, and what is around it stays", "ssn 219-09-9999 is invalid", "ssn (sensitive) is invalid"},
		{"every time it is there", "219-09-9999219-09-9999", "(sensitive)(sensitive)"},
		{"a number without its punctuation is the same number", "ssn 219099999 is invalid", "ssn (sensitive) is invalid"},
		{"case does not matter", "g12345678", "(sensitive)"},
		{"as JSON writes it", `{"x": "with \"quotes\"\nand lines"}`, `{"x": "(sensitive)"}`},
		{"as a message on one line has it", `x: with "quotes" and lines`, `x: (sensitive)`},
		{"a secret that was cut short gives no part away", "it is 219-0...", "it is (sensitive)..."},
		{"the beginning of a long one is enough", document[:50] + " and so on", "(sensitive) and so on"},
		{"a data URI without its head", "got " + document[22:], "got (sensitive)"},
		{"what is too short for a secret stays", "abc", "abc"},
		{"no text is no text", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := set.Text(c.text); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestMaskKeepsLengthAndLines(t *testing.T) {
	var set redact.Set
	set.Add("219-09-9999")
	set.Add("two\nlines")
	if got, want := set.Mask("a 219-09-9999 b\ntwo\nlines"), "a *********** b\n***\n*****"; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestErrorKeepsWhatItWraps(t *testing.T) {
	var set redact.Set
	set.Add("G12345678")
	err := set.Error(errors.Join(errors.New("G12345678 is taken"), io.ErrUnexpectedEOF))
	if !errors.Is(err, io.ErrUnexpectedEOF) || strings.Contains(err.Error(), "G1") {
		t.Errorf("got %v", err)
	}
	if plain := errors.New("x"); set.Error(plain) != plain || set.Error(nil) != nil {
		t.Error("an error without secrets is not itself any more")
	}
}

// FuzzSet holds a set to its promises: no text that went through it has a
// secret in it, and a masked part keeps its length and its lines.
func FuzzSet(f *testing.F) {
	f.Add("219-09-9999", "ssn 219-09-9999 is invalid")
	f.Add("aaaa", "aaaaaaa")
	f.Add("a\nbc", "x a\nbc y")
	f.Add("(sensitive)", "(sensitive)")
	f.Add("****", "x ********")
	f.Fuzz(func(t *testing.T, secret, text string) {
		var set redact.Set
		set.Add(secret)
		masked := set.Mask(text)
		if len(masked) != len(text) || strings.Count(masked, "\n") != strings.Count(text, "\n") {
			t.Fatalf("%q became %q", text, masked)
		}
		if len(secret) >= 4 && !strings.Contains(secret, "*") && strings.Contains(masked, secret) {
			t.Fatalf("%q is still in %q", secret, masked)
		}
		set.Text(text)
	})
}
