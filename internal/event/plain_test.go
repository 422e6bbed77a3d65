package event_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"kiraform/internal/event"
)

func TestForeign(t *testing.T) {
	for _, c := range []struct {
		name                string
		text                event.Foreign
		lines, line, quoted string
	}{
		{"a text is itself", "Añó 日本", "Añó 日本", "Añó 日本", `"Añó 日本"`},
		{"controls are spelled out", "a\x1b[2J\r\x00\u009b", `a\u001b[2J\r\u0000\u009b`, `a\u001b[2J\r\u0000\u009b`, `"a\u001b[2J\r\u0000\u009b"`},
		{"lines stay, where there may be some", "a\n\tb\"", "a\n\tb\"", "a \tb\"", `"a\n\tb\""`},
		{"what turns the direction of writing is not obeyed", "a\u202eb\u2066", `a\u202eb\u2066`, `a\u202eb\u2066`, `"a\u202eb\u2066"`},
		{"nothing hides in no width", "a\u200bb\u200dc\u200cd\ufeff\u00ad", `a\u200bb\u200dc\u200cd\ufeff\u00ad`, `a\u200bb\u200dc\u200cd\ufeff\u00ad`, `"a\u200bb\u200dc\u200cd\ufeff\u00ad"`},
		{"joined emoji stay joined", "👩\u200d👧", "👩\u200d👧", "👩\u200d👧", "\"👩\u200d👧\""},
		{"separators are no line feeds", "a\u2028b\u2029", `a\u2028b\u2029`, `a\u2028b\u2029`, `"a\u2028b\u2029"`},
		{"what is no text is replaced", "a\xff", "a\ufffd", "a\ufffd", "\"a\ufffd\""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.text.Lines(); got != c.lines {
				t.Errorf("lines: got %q, want %q", got, c.lines)
			}
			if got := c.text.Line(); got != c.line {
				t.Errorf("line: got %q, want %q", got, c.line)
			}
			if got := c.text.Quoted(); got != c.quoted {
				t.Errorf("quoted: got %q, want %q", got, c.quoted)
			}
		})
	}
}

func TestPlain(t *testing.T) {
	for _, c := range []struct {
		name   string
		writes []string
		p      event.Plain
		want   string
	}{
		{"text passes", []string{"a: b\n# c\n:d\n"}, event.Plain{CI: true}, "a: b\n# c\n:d\n"},
		{"a command is none any more", []string{"::error::x\n  ##[group]\na ##[b] ##vso[c]\n"}, event.Plain{CI: true}, ":\\u003aerror::x\n  #\\u0023[group]\na ##\\u005bb] ##vso\\u005bc]\n"},
		{"in however many pieces it comes", []string{" ", ":", ":", "error\n", "#", "#", "[", "x\n", "a##", "VSO", "[\n"}, event.Plain{CI: true}, " :\\u003aerror\n#\\u0023[x\na##VSO\\u005b\n"},
		{"where nobody obeys it, it stays", []string{"::error::x\n"}, event.Plain{}, "::error::x\n"},
		{"colours pass where they may, and nothing else", []string{"\x1b[1;31mx\x1b[0m\x1b[2J"}, event.Plain{SGR: true}, "\x1b[1;31mx\x1b[0m\\u001b[2J"},
		{"nor do they where they may not", []string{"\x1b[31m"}, event.Plain{}, "\\u001b[31m"},
		{"what is no text is replaced", []string{"a\x9bb"}, event.Plain{}, "a\ufffdb"},
		{"JSON stays JSON", []string{"\"\U000e0041##[\""}, event.Plain{CI: true}, "\"\\udb40\\udc41##\\u005b\""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out bytes.Buffer
			c.p.Out = &out
			for _, w := range c.writes {
				if n, err := c.p.Write([]byte(w)); n != len(w) || err != nil {
					t.Fatalf("wrote %d bytes of %q: %v", n, w, err)
				}
			}
			if out.String() != c.want {
				t.Errorf("got  %q\nwant %q", out.String(), c.want)
			}
		})
	}
}

// FuzzPlain holds that JSON is the same JSON once it was written plainly, and
// that plain text stays as it is.
func FuzzPlain(f *testing.F) {
	f.Add("::error::x\n##[group]\n\u202e\U000e0041")
	f.Fuzz(func(t *testing.T, s string) {
		data, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		once := plainly(t, string(data))
		var a, b string
		if json.Unmarshal(data, &a) != nil || json.Unmarshal([]byte(once), &b) != nil || a != b {
			t.Fatalf("%s became %s", data, once)
		}
		once = plainly(t, s)
		if again := plainly(t, once); again != once {
			t.Fatalf("%q became %q, and then %q", s, once, again)
		}
	})
}

func plainly(t *testing.T, s string) string {
	var out bytes.Buffer
	if _, err := (&event.Plain{Out: &out, CI: true}).Write([]byte(s)); err != nil {
		t.Fatal(err)
	}
	return out.String()
}
