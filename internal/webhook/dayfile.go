package webhook

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"kiraform/internal/cipher"
)

// dayFile is a file that is added to.
type dayFile struct {
	day   string
	file  *os.File
	lines *cipher.Lines
	key   string // the id of lines
	dirty bool
	half  bool // a write failed, and may have left half a line
}

// openDay opens a file with mode 0600. Half a line at its end is made a line
// of its own, so that it takes no other with it. Under encryption the first
// line that follows has a key for all the others.
func (s Store) openDay(day, suffix string, recipients []string) (*dayFile, error) {
	path := filepath.Join(s.Dir, day+suffix)
	f, err := os.OpenFile(path, os.O_RDWR|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("keep events: %w", err)
	}
	d := &dayFile{day: day, file: f}
	if err := errors.Join(d.mendEnd(), d.newKey(recipients), s.disk.FlushFolder(s.Dir)); err != nil {
		return nil, fmt.Errorf("keep events: %w", errors.Join(err, f.Close()))
	}
	return d, nil
}

func (d *dayFile) mendEnd() error {
	end, err := d.file.Seek(0, io.SeekEnd)
	if err != nil || end == 0 {
		return err
	}
	last := make([]byte, 1)
	if _, err := d.file.ReadAt(last, end-1); err != nil || last[0] == '\n' {
		return err
	}
	_, err = d.file.Write([]byte("\n"))
	return err
}

func (d *dayFile) newKey(recipients []string) (err error) {
	var sealed string
	if d.lines, sealed, err = cipher.NewLinesFor(recipients); err != nil || d.lines == nil {
		return err
	}
	d.key = newKeyID()
	return d.write(line{NewKey: d.key, Sealed: sealed})
}

func (d *dayFile) add(h *Head, c content) error {
	l := line{Head: h}
	if !h.Again {
		kept, err := json.Marshal(c)
		if err != nil {
			return err
		}
		h.Key, l.Body = d.key, d.lines.Seal(kept)
	}
	return d.write(l)
}

func (d *dayFile) write(l line) error {
	text, err := l.encode()
	if err != nil {
		return err
	}
	if d.half {
		if err := d.mendEnd(); err != nil {
			return err
		}
	}
	d.dirty = true
	_, err = d.file.Write(text)
	d.half = err != nil
	return err
}

func (d *dayFile) sync() error {
	if !d.dirty {
		return nil
	}
	d.dirty = false
	return d.file.Sync()
}

// there reports whether the file still has its name: lines added to a deleted one
// are lost.
func (d *dayFile) there() bool {
	named, err := os.Stat(d.file.Name())
	if err != nil {
		return false
	}
	open, err := d.file.Stat()
	return err == nil && os.SameFile(named, open)
}

func (d *dayFile) close() error { return d.file.Close() }
