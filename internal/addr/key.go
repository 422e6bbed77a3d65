package addr

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// Key tells the instances of one block apart: a number under count, a string
// under for_each. The zero Key belongs to a block with neither.
type Key struct {
	form keyForm
	n    int
	s    string
}

type keyForm uint8

const (
	noKey keyForm = iota
	intKey
	stringKey
	anyKey
)

// Any stands for the keys of instances of which it is not known which there
// are. It is never the key of an object.
var Any = Key{form: anyKey}

// Int returns the key of the nth instance under count.
func Int(n int) Key { return Key{form: intKey, n: n} }

// String returns the key of the instance under for_each that s names.
func String(s string) Key { return Key{form: stringKey, s: s} }

// IsZero reports whether k is the key of a block without count or for_each.
func (k Key) IsZero() bool { return k.form == noKey }

// Int returns the number under count, if k is such a key.
func (k Key) Int() (n int, ok bool) { return k.n, k.form == intKey }

// Text returns the string under for_each, if k is such a key.
func (k Key) Text() (s string, ok bool) { return k.s, k.form == stringKey }

// String returns the index as it is written after a name: "", [3] or ["ana"],
// and [*] for [Any].
func (k Key) String() string {
	switch k.form {
	case intKey:
		return "[" + strconv.Itoa(k.n) + "]"
	case stringKey:
		return "[" + quote(k.s) + "]"
	case anyKey:
		return "[*]"
	}
	return ""
}

// Compare orders the zero key first, then numbers by value, then strings.
func (k Key) Compare(o Key) int {
	return cmp.Or(cmp.Compare(k.form, o.form), cmp.Compare(k.n, o.n), strings.Compare(k.s, o.s))
}

// quote writes s as an HCL string, which knows fewer escapes than Go, and in
// which "${" and "%{" would begin a template.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case !unicode.IsPrint(r) && r <= 0xffff:
			fmt.Fprintf(&b, `\u%04x`, r)
		case !unicode.IsPrint(r):
			fmt.Fprintf(&b, `\U%08x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return templates.Replace(b.String())
}

// templates escapes the two signs that would begin a template.
var templates = strings.NewReplacer("${", "$${", "%{", "%%{")
