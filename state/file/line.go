package file

import (
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"strconv"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// sealLine makes a line of content, which is JSON: its checksum, its length, and
// itself. So a line that a crash cut short is recognised.
func sealLine(content []byte) []byte {
	line := fmt.Appendf(nil, "%08x %d ", crc32.Checksum(content, castagnoli), len(content))
	return append(append(line, content...), '\n')
}

// openLine returns the content of a line without its end.
func openLine(line []byte) ([]byte, error) {
	sum, rest, ok := bytes.Cut(line, []byte(" "))
	length, content, ok2 := bytes.Cut(rest, []byte(" "))
	if !ok || !ok2 || len(sum) != 8 {
		return nil, errors.New("it is not a line of a journal")
	}
	if n, err := strconv.Atoi(string(length)); err != nil || n != len(content) {
		return nil, fmt.Errorf("it should have %q bytes, but has %d", length, len(content))
	}
	if want, err := strconv.ParseUint(string(sum), 16, 32); err != nil || uint32(want) != crc32.Checksum(content, castagnoli) {
		return nil, errors.New("its checksum is wrong")
	}
	return content, nil
}
