package tui

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"kiraform/internal/event"
	"kiraform/internal/ui/words"
)

// spell writes a value on one line.
func spell(l event.Leaf) string {
	if l.Text != nil {
		if doc, ok := document(string(*l.Text)); ok {
			return doc
		}
	}
	return inline(l.Line())
}

// quote spells s as a string of HCL, except that templates, which do not occur
// in values, stay as they are.
func quote(s string) string { return safe(event.Foreign(s).Quoted()) }

// document describes a file in a string, of which nobody wants to read the
// content: its type, its size and the beginning of its SHA-256.
func document(s string) (string, bool) {
	rest, ok := strings.CutPrefix(s, "data:")
	if !ok {
		return "", false
	}
	kind, data, ok := strings.Cut(rest, ";base64,")
	if !ok {
		return "", false
	}
	content, err := base64.StdEncoding.DecodeString(data)
	if err != nil {
		return "", false
	}
	sum := sha256.Sum256(content)
	return fmt.Sprintf("(%s, %s, sha256 %s)", inline(kind), size(len(content)), hex.EncodeToString(sum[:6])), true
}

func size(n int) string {
	switch {
	case n < 1000:
		return words.Count(n, "byte")
	case n < 1000*1000:
		return fmt.Sprintf("%.1f kB", float64(n)/1000)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1000/1000)
}

// spread spells a string over several lines, if that is how it is best read:
// it has several, or it is JSON, which is indented.
func spread(s string) (text string, ok bool) {
	trimmed := strings.TrimSpace(s)
	if strings.HasPrefix(trimmed, "{") || strings.HasPrefix(trimmed, "[") {
		var out bytes.Buffer
		if json.Indent(&out, []byte(trimmed), "", "  ") == nil && out.Len() > 2 {
			return out.String() + "\n", true
		}
	}
	return strings.TrimSuffix(s, "\n") + "\n", strings.Contains(s, "\n")
}
