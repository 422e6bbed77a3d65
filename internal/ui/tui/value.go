package tui

import (
	"bytes"
	"encoding/json"
	"strings"

	"kiraform/internal/event"
)

// spell writes a value on one line.
func spell(l event.Leaf) string { return inline(l.Line()) }

// quote spells s as a string of HCL, except that templates, which do not occur
// in values, stay as they are.
func quote(s string) string { return safe(event.Foreign(s).Quoted()) }

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
