package lsp

import (
	"net/url"
	"path/filepath"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
)

// lineStart returns the offset of a line, counted from 0, or the end of the text.
func lineStart(text string, line int) int {
	at := 0
	for ; line > 0; line-- {
		i := strings.IndexByte(text[at:], '\n')
		if i < 0 {
			return len(text)
		}
		at += i + 1
	}
	return at
}

// offsetOf returns the byte that a position is before. A position that is not in the
// text is moved to the nearest one that is.
func offsetOf(text string, p position) int {
	if p.Line < 0 {
		return 0
	}
	at := lineStart(text, p.Line)
	for units := 0; at < len(text) && text[at] != '\n' && !strings.HasPrefix(text[at:], "\r\n") && units < p.Character; {
		r, size := utf8.DecodeRuneInString(text[at:])
		units += unitsOf(r)
		at += size
	}
	return at
}

// positionOf returns the position of a byte.
func positionOf(text string, offset int) position {
	offset = max(0, min(offset, len(text)))
	before := text[:offset]
	p := position{Line: strings.Count(before, "\n")}
	for _, r := range before[strings.LastIndexByte(before, '\n')+1:] {
		p.Character += unitsOf(r)
	}
	return p
}

// unitsOf is how many units of UTF-16 a character takes.
func unitsOf(r rune) int {
	if r >= 0x10000 {
		return 2
	}
	return 1
}

// inLinesOf gives an insertion the ends of lines that a text has.
func inLinesOf(text, insertion string) string {
	if strings.Contains(text, "\r\n") {
		return strings.ReplaceAll(strings.ReplaceAll(insertion, "\r\n", "\n"), "\n", "\r\n")
	}
	return insertion
}

func spanOf(text string, from, to int) span {
	return span{positionOf(text, from), positionOf(text, max(from, to))}
}

// cut is the part of a text that a range has. Of an expression that is being typed the end
// may be missing: that has no text.
func cut(text string, r hcl.Range) string {
	if r.Start.Byte > r.End.Byte || r.End.Byte > len(text) {
		return ""
	}
	return text[r.Start.Byte:r.End.Byte]
}

// lines is a text of which many places are looked up.
type lines struct {
	text   string
	starts []int // of the lines
	marked int   // so many bytes before text are none of its characters
}

// mark may stand at the beginning of a file, and means nothing there.
const mark = "\ufeff"

func linesOf(text string) lines {
	l := lines{text: text, starts: []int{0}}
	for i := strings.IndexByte(text, '\n'); i >= 0; {
		at := l.starts[len(l.starts)-1] + i + 1
		l.starts = append(l.starts, at)
		i = strings.IndexByte(text[at:], '\n')
	}
	return l
}

// position is [positionOf].
func (l lines) position(offset int) position {
	offset = max(0, min(offset-l.marked, len(l.text)))
	line := sort.SearchInts(l.starts, offset+1) - 1
	p := positionOf(l.text[l.starts[line]:], offset-l.starts[line])
	p.Line += line
	return p
}

// span is [spanOf].
func (l lines) span(from, to int) span { return span{l.position(from), l.position(max(from, to))} }

func spanOfRange(text string, r hcl.Range) span { return spanOf(text, r.Start.Byte, r.End.Byte) }

// pathOf returns the file that a URI names, or "" if it names none of this machine.
func pathOf(uri string) string {
	u, err := url.Parse(uri)
	if err != nil || u.Scheme != "file" || u.Host != "" && u.Host != "localhost" || strings.ContainsRune(u.Path, 0) || !strings.HasPrefix(u.Path, "/") {
		return ""
	}
	path := u.Path
	if len(path) > 2 && path[0] == '/' && path[2] == ':' { // a drive of Windows
		path = path[1:]
	}
	return filepath.Clean(filepath.FromSlash(path))
}

// uriOf returns the URI of a file.
func uriOf(path string) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	return (&url.URL{Scheme: "file", Path: path}).String()
}
