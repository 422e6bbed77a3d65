package lsp

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// An editor is trusted no more than anybody who can write to a pipe: a message has an
// end, and so have the lines before it.
const (
	maxMessage = 32 << 20
	maxHeader  = 8 << 10
)

var (
	errTooLong = errors.New("lsp: a message is too long")
	errCut     = errors.New("lsp: the editor went away in the middle of a message")
)

// readFrame reads one message: header lines, an empty line, and as many bytes as the
// header says. It returns io.EOF only where a message would begin.
func readFrame(r *bufio.Reader) ([]byte, error) {
	length, read := -1, 0
	for {
		line, err := readLine(r, maxHeader-read)
		if err == io.EOF && read > 0 {
			err = errCut
		}
		if err != nil {
			return nil, err
		}
		read += len(line)
		line = strings.TrimRight(line, "\r\n")
		if line == "" && length >= 0 {
			break
		}
		name, value, ok := strings.Cut(line, ":")
		if !ok {
			return nil, fmt.Errorf("lsp: %.40q is no header", line)
		}
		if !strings.EqualFold(strings.TrimSpace(name), "Content-Length") {
			continue
		}
		if length, err = strconv.Atoi(strings.TrimSpace(value)); err != nil || length < 0 {
			return nil, fmt.Errorf("lsp: %.40q is no length", value)
		}
	}
	if length > maxMessage {
		return nil, errTooLong
	}
	body, err := io.ReadAll(io.LimitReader(r, int64(length))) // which takes no more memory than there are bytes
	if err == nil && len(body) < length {
		err = errCut
	}
	return body, err
}

// readLine reads a line of at most limit bytes.
func readLine(r *bufio.Reader, limit int) (string, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case len(line) > limit:
			return "", errTooLong
		case err == bufio.ErrBufferFull:
		case err == io.EOF && len(line) > 0:
			return "", errCut
		default:
			return string(line), err
		}
	}
}

func writeFrame(w io.Writer, body []byte) error {
	_, err := fmt.Fprintf(w, "Content-Length: %d\r\n\r\n%s", len(body), body)
	return err
}
