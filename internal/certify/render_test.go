package certify

import (
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"
)

// vicious are texts that Kira could send, and that a format could act upon.
var vicious = []string{"\x1b[31mred", "</script><script>alert(1)</script>", "```\n## heading", "::error::x", "\u202eright to left",
	"null\x00byte", "]]>", "`a``b```", "| cell |", "[link](http://127.0.0.1)", "&lt;\"'", "\ufffe", "line\r\nfeed\u2028"}

func TestNothingInAReportActs(t *testing.T) {
	for _, text := range vicious {
		body, err := json.Marshal(map[string]string{"message": text})
		if err != nil {
			t.Fatal(err)
		}
		r := &Report{Version: 1, Run: "r", Place: text, Items: []Result{{Item: 1, Title: "Acquire token", Status: Failed, Reason: text, Next: text,
			Evidence: []Exchange{{Direction: "sent", Method: "GET", Path: "/x", Note: text, Body: body, RequestID: text}}}}}
		all, err := files(r)
		if err != nil {
			t.Fatal(err)
		}
		for name, file := range all {
			for _, bad := range []string{"\x1b", "\u202e", "\x00", "\u2028", "\r"} {
				if name != "evidence.json" && strings.Contains(string(file), bad) {
					t.Errorf("%q: %s has %q", text, name, bad)
				}
			}
		}
		if page := string(all["report.html"]); strings.Contains(page, "<script") || strings.Contains(page, "<a href=\"http") {
			t.Errorf("%q is a part of the page", text)
		}
		var back struct{}
		if err := xml.Unmarshal(all["junit.xml"], &back); err != nil {
			t.Errorf("%q: junit.xml: %v", text, err)
		}
		for line := range strings.Lines(string(all["report.md"])) {
			if line = strings.TrimSpace(line); strings.HasPrefix(line, "::") || strings.HasPrefix(line, "##") && !strings.HasPrefix(line, "## 1. ") {
				t.Errorf("%q: report.md has the line %q", text, line)
			}
		}
	}
}

// A secret is found wherever it begins in base64.
func TestSecretsInBase64(t *testing.T) {
	const secret = "canary-secret-1"
	for before := range 6 {
		for after := range 4 {
			text := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", before) + secret + strings.Repeat("y", after)))
			b := &bench{known: []string{secret}}
			if b.leak([]byte("..."+text+"...")) == "" {
				t.Errorf("not found in %s", text)
			}
		}
	}
	if b := (&bench{known: []string{"", "1234", secret}}); b.leak([]byte("1234 is too short to be searched for")) != "" {
		t.Error("an ordinary text is taken for a secret")
	}
}
