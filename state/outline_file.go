package state

import (
	"bufio"
	"bytes"
	"io"
)

// resourcesBegin is the line before the first resource.
var resourcesBegin = []byte("  \"resources\": [\n")

// ReadOutlineFrom reads the names in a state file as [ReadOutline] does, and keeps little
// of a file that this program wrote: a large one costs more to hold than to read. It
// reports false if the file is not of that form, and has to be read whole.
func ReadOutlineFrom(r io.Reader) (Outline, bool) {
	var kept bytes.Buffer
	lines := bufio.NewReaderSize(r, 1<<18)
	short, part := false, false // the last line was kept in short; this is not its beginning
	resources := false          // they have begun, and not ended
	for {
		line, err := lines.ReadSlice('\n')
		begins := resources && !part && bytes.HasPrefix(line, resourceLine[1:])
		if short && !begins && !bytes.HasPrefix(line, resourcesEnd[1:]) {
			return Outline{}, false // so that it was more than a line
		}
		switch {
		case bytes.Equal(line, resourcesBegin):
			resources = true
		case !part && bytes.HasPrefix(line, resourcesEnd[1:]):
			resources = false
		}
		if short = false; begins {
			s := skimmer{data: line, at: len(resourceLine) - 1}
			if s.text(); s.at < len(line) {
				kept.Write(line[:s.at])
				if line, err = lastPart(lines, line, err); err != nil {
					return Outline{}, false
				}
				switch {
				case bytes.HasSuffix(line, []byte("},\n")):
					kept.WriteString("},\n")
				case bytes.HasSuffix(line, []byte("}\n")):
					kept.WriteString("}\n")
				default:
					return Outline{}, false
				}
				short = true
				continue
			}
		}
		kept.Write(line)
		switch part = err == bufio.ErrBufferFull; err {
		case nil, bufio.ErrBufferFull:
		case io.EOF:
			return ReadOutline(kept.Bytes()), true
		default:
			return Outline{}, false
		}
	}
}

// lastPart goes to the end of a line that is longer than the buffer.
func lastPart(lines *bufio.Reader, line []byte, err error) ([]byte, error) {
	for err == bufio.ErrBufferFull {
		before := [3]byte(line[len(line)-3:])
		if line, err = lines.ReadSlice('\n'); len(line) < 3 { // the end is in two parts
			line = append(before[:], line...)
		}
	}
	return line, err
}
