package state

// lines lays out JSON that stands in one line so that a change of one thing in it is
// a change of one line: each member of the document has a line of its own, and so has
// each element or member of that, such as a resource. The content of these stays in
// one line.
func lines(compact []byte) []byte {
	out := make([]byte, 0, len(compact)+len(compact)/16)
	depth := 0
	for i := 0; i < len(compact); i++ {
		switch c := compact[i]; c {
		case '"':
			end := textEnd(compact, i)
			out = append(out, compact[i:end+1]...)
			i = end
		case '{', '[':
			out = append(out, c)
			if depth++; compact[i+1] != c+2 { // as both brackets have it in ASCII
				out = lineBreak(out, depth)
			}
		case '}', ']':
			if depth <= ownLines && compact[i-1] != c-2 {
				out = lineBreak(out, depth-1)
			}
			depth--
			out = append(out, c)
		case ',':
			out = lineBreak(append(out, c), depth)
		case ':':
			if out = append(out, c); depth <= ownLines {
				out = append(out, ' ')
			}
		default:
			out = append(out, c)
		}
	}
	return append(out, '\n')
}

// ownLines is how deep a value may be nested to have a line of its own.
const ownLines = 2

// lineBreak begins a line for something at a depth, if it has one.
func lineBreak(out []byte, depth int) []byte {
	if depth > ownLines {
		return out
	}
	out = append(out, '\n')
	for range depth {
		out = append(out, "  "...)
	}
	return out
}

// textEnd is the index of the quote that ends the text which begins at i.
func textEnd(data []byte, i int) int {
	for i++; data[i] != '"'; i++ {
		if data[i] == '\\' {
			i++
		}
	}
	return i
}
