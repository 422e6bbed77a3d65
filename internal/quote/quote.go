// Package quote shows lines of a configuration, and messages about them,
// without the secrets in them.
//
// It shows text that is known to be no secret, and nothing else: in a place
// that holds values, a value is shown if the place is an attribute of a schema
// that is not sensitive, a variable that says that it is not, or something of
// kiraform's own. A file is covered as a whole before a line of it is cut out,
// so that it makes no difference where a line begins, nor on which line the
// name stands. Files that do not parse are covered too: the tokens of the
// language are all that it takes. By the same rule it writes the configuration in
// the JSON of Terraform's plans.
//
// Start at [New] and [Quoter.Diagnostic].
package quote

import (
	"bytes"
	"regexp"
	"sync"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hcled"

	"kiraform/internal/config"
	"kiraform/internal/event"
	"kiraform/internal/redact"
	"kiraform/schema"
)

// Quoter quotes the files of one configuration. Use [New] to make one.
type Quoter struct {
	module  *config.Module
	kinds   map[string]*schema.Kind
	secrets *redact.Set
	once    sync.Once
	names   *names           // nil until something is quoted, which most runs do not
	files   map[string]*file // covered; nil until then
	cache   *Cache           // nil for none
	bare    bool             // no lines are quoted
}

// New returns a Quoter of the files of m. It hides the secrets of the set, and
// adds to it the texts that are written out where only a secret belongs.
func New(secrets *redact.Set, kinds map[string]*schema.Kind, m *config.Module) *Quoter {
	return &Quoter{module: m, kinds: kinds, secrets: secrets}
}

// Texts returns a Quoter of files by name that are looked at by themselves,
// without a configuration that is loaded. The files that do not parse are in
// unsound.
func Texts(kinds map[string]*schema.Kind, files map[string][]byte, unsound map[string]bool) *Quoter {
	m := &config.Module{Files: make(map[string]*hcl.File, len(files)), Unsound: unsound}
	for name, src := range files {
		m.Files[name] = &hcl.File{Bytes: src}
	}
	return New(new(redact.Set), kinds, m)
}

// cover reads all files: other files may tell that a name in one is secret.
func (q *Quoter) cover() {
	q.names = newNames(q.kinds, q.module)
	q.files = make(map[string]*file, len(q.module.Files))
	q.cache.begin(q.names)
	for name, f := range q.module.Files {
		q.files[name] = q.cache.scan(q.names, name, f, q.module.IsVarFile(name), q.module.Unsound[name])
		for _, b := range q.files[name].marked {
			q.names.marked[b] = true
		}
	}
	q.names.settle(q.files)
	q.cache.end(q.names, q.files)
	for _, f := range q.files {
		f.hide(q.names)
		for _, s := range f.secrets {
			q.secrets.Add(s)
		}
	}
}

// file returns a file of the configuration, covered, or nil if there is none
// of this name.
func (q *Quoter) file(name string) *file {
	q.once.Do(q.cover)
	return q.files[name]
}

// Text returns a whole file with stars in place of everything that may be a
// secret. It is as long as the file, and has its lines where they were.
func (q *Quoter) Text(name string) string {
	f := q.file(name)
	if f == nil {
		return ""
	}
	return q.secrets.Mask(string(f.shown))
}

// Source quotes the lines of a range. A file that is not part of the
// configuration is named without its text.
func (q *Quoter) Source(r hcl.Range) *event.Source {
	s := &event.Source{File: r.Filename, Line: r.Start.Line, Column: r.Start.Column, EndLine: r.End.Line, EndColumn: r.End.Column,
		Byte: r.Start.Byte, EndByte: r.End.Byte}
	f := q.file(r.Filename)
	if q.bare || f == nil || r.Start.Byte > len(f.src) || r.End.Byte > len(f.src) || r.End.Byte < r.Start.Byte {
		return s
	}
	s.Block = q.block(r)
	from, to, end := f.lines(r, q.module.Unsound[r.Filename])
	if to-from > longestCode { // nobody wrote that by hand
		from = runeStart(f.shown, max(from, r.Start.Byte-longestCode/4))
		to = runeStart(f.shown, min(to, from+longestCode))
		end = min(end, to)
	}
	s.Code, s.FirstLine = f.cut(q.secrets, from, to), r.Start.Line
	s.Mark = [2]int{r.Start.Byte - from, end - from}
	return s
}

// block names the block around a range by its header, if that is one as the
// language has them: another may have values for labels, as where a quote is
// missing.
func (q *Quoter) block(r hcl.Range) string {
	header := hcled.ContextString(q.module.Files[r.Filename], r.Start.Byte)
	if soundHeader().MatchString(header) || jsonHeader().MatchString(header) && !q.module.Unsound[r.Filename] {
		return header
	}
	return ""
}

var jsonHeader = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z_]+(?:\[\d+\]|\.[A-Za-z_][\w-]*)*$`) })

var soundHeader = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:(?:resource|data|action) "[A-Za-z_][\w-]*" "[A-Za-z_][\w-]*"|[a-z_]+(?: "[A-Za-z_][\w-]*")?)$`)
})

// longestCode is how many bytes of a line are quoted.
const longestCode = 400

// mostLines is how many lines are quoted of an expression that has several.
const mostLines = 4

// lines returns the bytes from which and to which lines are quoted for r, and
// where the meant part ends in them. Of something long, such as a block, its
// first line says enough, and where a file does not parse, nobody knows where
// something ends.
func (f *file) lines(r hcl.Range, unsound bool) (from, to, end int) {
	from = bytes.LastIndexByte(f.src[:r.Start.Byte], '\n') + 1
	end = r.End.Byte
	if r.End.Line > r.Start.Line+mostLines-1 || unsound && r.End.Line > r.Start.Line {
		end = r.Start.Byte + lineLength(f.src[r.Start.Byte:])
	}
	return from, end + lineLength(f.src[end:]), end
}

// cut returns a part of the file. The text around it is looked at as well: a
// secret that is known may begin before it.
func (f *file) cut(secrets *redact.Set, from, to int) string {
	const margin = 4 * longestCode
	left, right := max(0, from-margin), min(len(f.shown), to+margin)
	return secrets.Mask(string(f.shown[left:right]))[from-left : to-left]
}

// runeStart returns the last place up to i where a character begins.
func runeStart(b []byte, i int) int {
	for i > 0 && i < len(b) && !utf8.RuneStart(b[i]) {
		i--
	}
	return i
}

// lineLength is how far it is to the end of the line.
func lineLength(b []byte) int {
	if i := bytes.IndexByte(b, '\n'); i >= 0 {
		return i
	}
	return len(b)
}
