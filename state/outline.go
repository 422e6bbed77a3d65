package state

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// Outline is the names in a state file: the addresses of its resources, its outputs
// and its runs. It holds no value, so that whoever shows one can show no secret.
type Outline struct {
	Addrs   []string
	Outputs []string // names
	Runs    []OutlinedRun
}

// OutlinedRun is a run of an action that Kira has a name for.
type OutlinedRun struct{ Addr, ID string }

// ReadOutline reads the names in a state file and skips everything else, which takes
// a small part of the time of [Decode]. It does not judge the file: from a damaged or
// encrypted one it returns the names up to the damage.
func ReadOutline(data []byte) (o Outline) {
	s := skimmer{data: data}
	s.object(func(key string) {
		switch key {
		case "resources":
			s.array(func() {
				if a, ok := s.line(); ok {
					o.Addrs = append(o.Addrs, a)
					return
				}
				s.object(func(key string) {
					if key == "address" {
						o.Addrs = append(o.Addrs, s.text())
						return
					}
					s.skip()
				})
			})
		case "runs":
			s.array(func() {
				var r OutlinedRun
				s.object(func(key string) {
					switch key {
					case "address":
						r.Addr = s.text()
					case "id":
						r.ID = s.text()
					default:
						s.skip()
					}
				})
				if r.ID != "" {
					o.Runs = append(o.Runs, r)
				}
			})
		case "outputs":
			s.object(func(name string) {
				o.Outputs = append(o.Outputs, name)
				s.skip()
			})
		default:
			s.skip()
		}
	})
	return o
}

// skimmer walks through JSON without decoding it. At the first byte that is out of
// place it goes to the end of the data, where every step does nothing.
type skimmer struct {
	data []byte
	at   int
}

// The beginning of a resource in a state that this program wrote, which has one a line,
// and the end of all of them.
var (
	resourceLine = []byte("\n    {\"address\":")
	resourcesEnd = []byte("\n  ]")
)

// line goes past a resource that is a line of its own, without a look at the rest of it:
// no text in JSON has a line feed in it. It returns the address of the resource.
func (s *skimmer) line() (address string, ok bool) {
	begin := s.at
	if s.next() != '{' || s.at < 5 || !bytes.HasPrefix(s.data[s.at-5:], resourceLine) {
		return "", false
	}
	end := bytes.IndexByte(s.data[s.at:], '\n')
	if end < 0 {
		return "", false
	}
	end += s.at
	last := s.data[s.at:end]
	if !bytes.HasPrefix(s.data[end:], resourceLine) && !bytes.HasPrefix(s.data[end:], resourcesEnd) ||
		!bytes.HasSuffix(last, []byte("}")) && !bytes.HasSuffix(last, []byte("},")) {
		return "", false
	}
	s.at += len(resourceLine) - 5
	if address = s.text(); address == "" || s.at > end {
		s.at = begin
		return "", false
	}
	if s.at = end; last[len(last)-1] == ',' {
		s.at--
	}
	return address, true
}

// next returns the next byte that is no white space, without going past it; 0 at the
// end.
func (s *skimmer) next() byte {
	for ; s.at < len(s.data); s.at++ {
		switch c := s.data[s.at]; c {
		case ' ', '\n', '\t', '\r':
		default:
			return c
		}
	}
	return 0
}

func (s *skimmer) stop() { s.at = len(s.data) }

// take goes past c, and reports whether it stood there.
func (s *skimmer) take(c byte) bool {
	if s.next() != c || s.at >= len(s.data) {
		return false
	}
	s.at++
	return true
}

// object calls member for each member of an object, to go past its value.
func (s *skimmer) object(member func(key string)) {
	s.list('{', '}', func() {
		key := s.text()
		if !s.take(':') {
			s.stop()
			return
		}
		member(key)
	})
}

// array calls element for each element of an array, to go past it.
func (s *skimmer) array(element func()) { s.list('[', ']', element) }

func (s *skimmer) list(open, end byte, each func()) {
	if !s.take(open) {
		s.stop()
		return
	}
	if s.take(end) {
		return
	}
	for s.at < len(s.data) {
		each()
		switch {
		case s.take(','):
		case s.take(end):
			return
		default:
			s.stop()
		}
	}
}

// text reads a string.
func (s *skimmer) text() string {
	if s.next() != '"' {
		s.stop()
		return ""
	}
	begin := s.at
	s.quoted()
	return unquoted(s.data[begin:s.at])
}

// unquoted returns the text of a string in JSON; one that is cut off is "". Few need a
// decoder: most names are plain, and keys in addresses have escaped quotes alone.
func unquoted(quoted []byte) string {
	escapes := 0
	for i := 1; i < len(quoted)-1; i++ {
		switch c := quoted[i]; {
		case c == '\\' && quoted[i+1] == '"' && i+1 < len(quoted)-1:
			escapes++
			i++
		case c == '\\', c == '"', c < ' ', c >= utf8.RuneSelf:
			var decoded string
			_ = json.Unmarshal(quoted, &decoded)
			return decoded
		}
	}
	if len(quoted) < 2 || quoted[len(quoted)-1] != '"' {
		return ""
	}
	plain := quoted[1 : len(quoted)-1]
	if escapes == 0 {
		return string(plain)
	}
	var b strings.Builder
	b.Grow(len(plain) - escapes)
	for i := range plain {
		if plain[i] != '\\' {
			b.WriteByte(plain[i])
		}
	}
	return b.String()
}

// quoted goes past a string.
func (s *skimmer) quoted() {
	for s.at++; s.at < len(s.data); s.at++ {
		switch s.data[s.at] {
		case '\\':
			s.at++
		case '"':
			s.at++
			return
		}
	}
	s.stop()
}

// skip goes past a value of any form.
func (s *skimmer) skip() {
	for depth := 0; ; {
		switch s.next() {
		case 0:
			return
		case '"':
			s.quoted()
		case '{', '[':
			depth++
			s.at++
		case '}', ']':
			if depth == 0 {
				return
			}
			depth--
			s.at++
		case ',', ':':
			if depth == 0 {
				return
			}
			s.at++
			continue
		default: // a number, true, false or null
			for s.at < len(s.data) && !delimiter(s.data[s.at]) {
				s.at++
			}
		}
		if depth == 0 {
			return
		}
	}
}

func delimiter(c byte) bool {
	switch c {
	case ',', ':', '{', '}', '[', ']', '"', ' ', '\n', '\t', '\r':
		return true
	}
	return false
}
