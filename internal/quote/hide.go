package quote

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"sync"

	"kiraform/internal/redact"
)

// cover is a part of a file that is hidden.
type cover struct {
	from, to int
	level    level
	in       *item
	name     bool // a name, or more of them: not a value that is written as a text
}

// settle finds the names that flow into a place for secrets: the variables and
// the local values that something there refers to, and those that these refer
// to.
func (n *names) settle(files map[string]*file) {
	for again := true; again; {
		again = false
		n.round++
		for _, f := range files {
			for _, r := range f.refs {
				if r.name[0] != "" && !n.flows[r.name] && n.of(r.at).level == secret {
					n.flows[r.name], again = true, true
				}
			}
		}
	}
}

// level returns how much of a piece may be shown.
func (n *names) level(p *piece) level {
	s := n.of(p.at)
	switch {
	case p.known:
		return shown
	case p.key && s.mode != inputs:
		return s.level
	case p.comment:
		return max(s.level, hidden)
	case !s.holds() || p.in.compares && slices.ContainsFunc(p.in.mentions, n.guarded):
		return max(s.level, hidden)
	}
	return s.level
}

// safe reports whether p, in a file that does not parse, may be shown all the
// same. Places are no more than likely there, so its line has to be one
// attribute that is no secret in any kind, and nothing else.
func (f *file) safe(p *piece, n *names) bool {
	if p.known || p.key && (p.from == 0 || f.src[p.from-1] != '"') {
		return true
	}
	near := max(0, p.from-longestLine)
	from := near + bytes.LastIndexByte(f.src[near:p.from], '\n') + 1
	to := p.from + lineLength(f.src[p.from:min(len(f.src), p.from+longestLine)])
	if from == near && near > 0 || to-from >= longestLine {
		return false
	}
	m := oneAttribute().FindSubmatch(f.src[from:to])
	if m == nil {
		return false
	}
	object, harmless := n.harmless[string(m[1])]
	return harmless && !object
}

// longestLine is how long a line may be that is looked at as a whole: to do so
// for each of its tokens takes time with the square of its length.
const longestLine = 4096

// oneAttribute is a line with a name and one value, of which the closing quote
// may be missing.
var oneAttribute = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[ \t]*"?([A-Za-z_][A-Za-z0-9_-]*)"?[ \t]*[=:][ \t]*(?:"[^"]*"?|[A-Za-z0-9_.+-]+)[ \t]*,?[ \t]*\r?$`)
})

// guarded reports whether a reference is to a secret.
func (n *names) guarded(r ref) bool {
	switch r.name[0] {
	case "var":
		return n.input(r.name[1], false) == secret
	case "local":
		return n.flows[r.name]
	}
	return true
}

// hide covers the parts that may not be shown, and takes down the texts that
// are secret.
func (f *file) hide(n *names) {
	f.shown = bytes.Clone(f.src)
	for i := range f.pieces {
		p := &f.pieces[i]
		l := n.level(p)
		if l == shown && p.at.unsound && !f.safe(p, n) {
			l = hidden
		}
		if l == shown {
			continue
		}
		from := p.from
		if p.comment { // its sign stays
			from += bytes.IndexFunc(append(f.src[p.from:p.to:p.to], 'x'), func(r rune) bool { return r != '#' && r != '/' && r != '*' })
		}
		f.add(cover{from, p.to, l, p.in, f.named(p)})
	}
	for _, c := range f.covered {
		copy(f.shown[c.from:], redact.Stars(string(f.src[c.from:c.to])))
		if c.level == secret {
			f.secrets = append(f.secrets, f.texts(c, n)...)
		}
	}
	f.shown = []byte(redact.MaskURLs(string(f.shown)))
}

// named reports whether a piece is a name, and no text or number.
func (f *file) named(p *piece) bool {
	c := f.src[p.from]
	return c == '_' || 'a' <= c|0x20 && c|0x20 <= 'z'
}

// add covers one more part, and the text between it and the last one if that is
// no more than signs: together they may be one text that lost its quotes.
func (f *file) add(c cover) {
	if n := len(f.covered); n > 0 {
		last := &f.covered[n-1]
		if gap := f.src[last.to:max(last.to, c.from)]; last.in == c.in && len(gap) < 4 && !bytes.ContainsAny(gap, " \t\r\n\"()[]{},=:") {
			last.to, last.level, last.name = c.to, max(last.level, c.level), last.name && c.name
			return
		}
	}
	f.covered = append(f.covered, c)
}

// leastName is the length from which on a word that lost its quotes is taken
// for a secret wherever it is said: a shorter one may be any word.
const leastName = 8

// texts returns the forms in which a covered text may be repeated, without
// those that are ordinary words.
func (f *file) texts(c cover, n *names) (out []string) {
	raw := string(f.src[c.from:c.to])
	all := []string{raw, unescape.Replace(raw)}
	if strings.Contains(raw, "\n") {
		for line := range strings.Lines(raw) {
			all = append(all, strings.TrimSpace(line))
		}
	}
	if c.name { // a message may quote a part of a text that was taken for a reference
		all = append(all, strings.Split(raw, ".")...)
	}
	for _, s := range all {
		if s = strings.TrimSpace(s); !n.words[strings.ToLower(s)] && !n.words[s] && (!c.name || len(s) >= leastName) {
			out = append(out, s)
		}
	}
	return out
}

var unescape = strings.NewReplacer(`\"`, `"`, `\\`, `\`, `\n`, "\n", `\r`, "\r", `\t`, "\t", "$${", "${", "%%{", "%{")
