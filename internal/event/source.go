package event

import "unicode/utf8"

// Marked returns the bytes of Code that are meant, from and to, moved to where
// characters begin.
func (s *Source) Marked() (from, to int) {
	whole := func(n int) int {
		n = min(max(n, 0), len(s.Code))
		for n < len(s.Code) && !utf8.RuneStart(s.Code[n]) {
			n++
		}
		return n
	}
	from = whole(s.Mark[0])
	return from, max(from, whole(s.Mark[1]))
}
