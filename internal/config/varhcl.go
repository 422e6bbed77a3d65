package config

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// hclVars reads a variable file in HCL's native syntax as it comes, as [jsonVars] does
// with one in JSON: the parser keeps a place and an expression for every value, which
// takes about a hundred times the size of the file. It is false for a file that has a
// mistake, a name twice, or anything else than values that are written out, such as a
// template or a calculation, and tells where that stands.
func hclVars(src []byte, name string) (given map[string]Input, stop hcl.Pos, ok bool) {
	r := &hclReader{plain: plain{src: src, name: name, seen: hcl.InitialPos}}
	given = make(map[string]Input)
	if ok = utf8.Valid(src) && r.body(given); ok {
		return given, hcl.InitialPos, true
	}
	if r.bad == 0 {
		r.bad = r.at
	}
	from := plain{src: src, seen: hcl.InitialPos}
	return nil, from.pos(r.bad), false
}

// body reads all attributes of a file.
func (r *hclReader) body(given map[string]Input) bool {
	for r.blank(true); !r.odd && r.at < len(r.src); r.blank(true) {
		key := r.word()
		_, twice := given[key]
		if r.blank(false); twice || key == "" || !r.take('=') {
			return false
		}
		r.blank(false)
		r.fractions = false
		start := r.pos(r.at)
		v := r.value()
		rng := hcl.Range{Filename: r.name, Start: start, End: r.pos(r.at)}
		if r.blank(false); r.at < len(r.src) && !r.newline() {
			return false
		}
		in := Input{Value: v, Range: &rng, From: r.name}
		if r.fractions {
			in.Numbers = func(mark func(text string, rng hcl.Range) any) cty.Value {
				again := &hclReader{plain: plain{src: r.src, name: r.name, seen: start, mark: mark}, at: rng.Start.Byte}
				return again.value()
			}
		}
		given[key] = in
	}
	return !r.odd
}

// hclReader makes values of HCL's native syntax.
type hclReader struct {
	plain
	at  int // the offset of the next byte
	bad int // the offset of the first thing that is odd
}

// fail gives the file up because of an offset.
func (r *hclReader) fail(at int) cty.Value {
	if !r.odd {
		r.odd, r.bad = true, at
	}
	return cty.DynamicVal
}

// next is the next byte, 0 at the end.
func (r *hclReader) next() byte {
	if r.at < len(r.src) {
		return r.src[r.at]
	}
	return 0
}

// take takes off a byte if it is the next one.
func (r *hclReader) take(c byte) bool {
	if r.next() != c || r.at == len(r.src) {
		return false
	}
	r.at++
	return true
}

// newline takes off the end of a line, with the comment before it.
func (r *hclReader) newline() bool {
	rest := r.src[r.at:]
	if bytes.HasPrefix(rest, []byte("#")) || bytes.HasPrefix(rest, []byte("//")) {
		end := bytes.IndexByte(rest, '\n')
		if end < 0 {
			end = len(rest) - 1
		}
		r.at += end + 1
		return true
	}
	if bytes.HasPrefix(rest, []byte("\r\n")) {
		r.at++
	}
	return r.take('\n')
}

// blank takes off spaces and comments, and ends of lines too if they mean nothing.
func (r *hclReader) blank(lines bool) {
	for {
		switch {
		case r.take(' '), r.take('\t'):
		case bytes.HasPrefix(r.src[r.at:], []byte("/*")):
			end := bytes.Index(r.src[r.at+2:], []byte("*/"))
			if end < 0 {
				r.fail(r.at)
				return
			}
			r.at += 2 + end + 2
		case lines && r.newline():
		default:
			return
		}
	}
}

// word takes off a name in plain letters; "" if there is none.
func (r *hclReader) word() string {
	begin := r.at
	for r.at < len(r.src) && (isLetter(r.src[r.at]) || r.at > begin && (r.src[r.at] == '-' || isDigit(r.src[r.at]))) {
		r.at++
	}
	return string(r.src[begin:r.at])
}

func isLetter(c byte) bool { return c == '_' || 'a' <= c|0x20 && c|0x20 <= 'z' }
func isDigit(c byte) bool  { return '0' <= c && c <= '9' }

// value takes off a value. It is of no use if something is odd.
func (r *hclReader) value() cty.Value {
	first := r.at
	if r.depth++; r.depth >= maxDepth || r.odd {
		return r.fail(first)
	}
	defer func() { r.depth-- }()
	switch c := r.next(); {
	case c == '"':
		if text, ok := r.text(); ok {
			return r.textVal([]byte(text))
		}
	case c == '[':
		return r.list()
	case c == '{':
		return r.object()
	case bytes.HasPrefix(r.src[r.at:], []byte("<<")):
		if text, ok := r.heredoc(); ok {
			return r.textVal(text)
		}
	case isDigit(c), c == '-':
		begin := r.at
		r.at++
		for r.at < len(r.src) && (isLetter(r.src[r.at]) || isDigit(r.src[r.at]) || r.src[r.at] == '.' || strings.IndexByte("+-", r.src[r.at]) >= 0 && r.src[r.at-1]|0x20 == 'e') {
			r.at++
		}
		if text := string(r.src[begin:r.at]); numeral().MatchString(text) {
			return r.number(text, begin)
		}
	default:
		switch r.word() {
		case "true":
			return cty.True
		case "false":
			return cty.False
		case "null":
			return cty.NullVal(cty.DynamicPseudoType)
		}
	}
	return r.fail(first)
}

// text takes off a text in quotes that is no template.
func (r *hclReader) text() (string, bool) {
	rest := r.src[r.at+1:]
	end := bytes.IndexAny(rest, "\"\\\n")
	if end < 0 || rest[end] == '\n' {
		return "", false
	}
	for rest[end] == '\\' { // the character behind it is no end
		more := bytes.IndexAny(rest[min(end+2, len(rest)):], "\"\\\n")
		if more < 0 {
			return "", false
		}
		end += 2 + more
	}
	raw := string(rest[:end])
	if rest[end] != '"' || strings.Contains(raw, "${") || strings.Contains(raw, "%{") || strings.Contains(raw, "\r") {
		return "", false
	}
	if whole := r.src[r.at : r.at+1+end+1]; characters(whole) != 1+characters(rest[:end])+1 || len(raw) != utf8.RuneCountInString(raw) && strings.ContainsAny(raw, "$%") {
		return "", false // the parser counts characters in each of its tokens
	}
	r.at += 1 + end + 1
	if !strings.Contains(raw, `\`) {
		return raw, true
	}
	if !escaped().MatchString(raw) {
		return "", false
	}
	text, err := strconv.Unquote(`"` + raw + `"`)
	return text, err == nil
}

func (r *hclReader) list() cty.Value {
	r.at++
	all := []cty.Value{}
	for r.blank(true); !r.odd; r.blank(true) {
		if r.take(']') {
			return cty.TupleVal(all)
		}
		all = append(all, r.value())
		if r.blank(true); !r.take(',') && r.next() != ']' {
			break
		}
	}
	return r.fail(r.at)
}

func (r *hclReader) object() cty.Value {
	r.at++
	attrs := r.attrs()
	for r.blank(true); !r.odd; r.blank(true) {
		if r.take('}') {
			return r.alike(attrs)
		}
		key, ok := r.key()
		r.blank(false)
		if _, twice := attrs[key]; twice || !ok || !r.take('=') && !r.take(':') {
			break
		}
		r.blank(false)
		attrs[key] = r.value()
		if r.blank(false); !r.take(',') && r.next() != '}' && !r.newline() {
			break
		}
	}
	return r.fail(r.at)
}

// key takes off the name of an attribute, as a word or in quotes.
func (r *hclReader) key() (string, bool) {
	if r.next() == '"' {
		text, ok := r.text()
		return r.shared(text), ok
	}
	key := r.shared(r.word())
	return key, key != "" && key != "for" && key != "true" && key != "false" && key != "null"
}
