package engine

import (
	"regexp"
	"slices"
	"strings"

	"kiraform/internal/config"
	"kiraform/internal/redact"
	"kiraform/schema"
)

// masker hides secrets in lines of source before they are quoted: those whose
// value is known, and whatever is written out for an attribute or variable
// that is sensitive by its name. The second is by eye, line by line: it holds
// for files that do not parse as well.
type masker struct {
	secrets *redact.Set
	named   *regexp.Regexp
}

func newMasker(secrets *redact.Set, kinds map[string]*schema.Kind, m *config.Module) masker {
	var names []string
	for _, k := range kinds {
		names = append(names, sensitiveNames(k.Attrs)...)
	}
	for _, v := range m.Variables {
		if v.Sensitive {
			names = append(names, regexp.QuoteMeta(v.Name))
		}
	}
	slices.Sort(names)
	pattern := `\b(` + strings.Join(slices.Compact(names), "|") + `)\b"?\s*[=:]`
	return masker{secrets, regexp.MustCompile(pattern)}
}

func sensitiveNames(attrs []schema.Attr) (names []string) {
	for i := range attrs {
		if attrs[i].Sensitive {
			names = append(names, attrs[i].Name)
		}
		names = append(names, sensitiveNames(attrs[i].Nested)...)
	}
	return names
}

// written is what may be a secret that is written out: a string, whether it
// ends or not, or a number of some length.
var written = regexp.MustCompile(`"(?:[^"\\]|\\.)*"?|\b[0-9][0-9-]{3,}`)

// mask returns the lines of code, as long as they were. All says that every
// string in them may be a secret.
func (m masker) mask(code string, all bool) string {
	var b strings.Builder
	for line := range strings.Lines(m.secrets.Mask(code)) {
		from := 0
		if at := m.named.FindStringIndex(line); at != nil {
			from = at[1]
		} else if !all {
			from = len(line)
		}
		b.WriteString(line[:from])
		b.WriteString(written.ReplaceAllStringFunc(line[from:], stars))
	}
	return b.String()
}

// stars keeps the quotes of a string: they are not what is secret.
func stars(s string) string {
	inner, quoted := strings.CutPrefix(s, `"`)
	if !quoted {
		return redact.Stars(s)
	}
	if rest, ended := strings.CutSuffix(inner, `"`); ended {
		return `"` + redact.Stars(rest) + `"`
	}
	return `"` + redact.Stars(inner)
}
