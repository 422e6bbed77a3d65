package state

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"strconv"

	"kiraform/internal/addr"
)

// recordDoc is a Record as it stands in a journal.
type recordDoc struct {
	Addr    addr.Resource `json:"address"`
	Intent  *intentDoc    `json:"intent,omitempty"`
	Object  *objectDoc    `json:"object,omitempty"`
	Left    *leftDoc      `json:"left_behind,omitempty"`
	Cleared bool          `json:"cleared,omitempty"`
}

func encodeRecord(r Record) ([]byte, error) {
	d := recordDoc{Addr: r.Addr, Cleared: r.Cleared}
	if r.Intent != nil {
		d.Intent = new(encodeIntent(r.Addr, *r.Intent))
	}
	if r.Object != nil {
		o, err := encodeObject(r.Addr, *r.Object)
		if err != nil {
			return nil, err
		}
		d.Object = &o
	}
	if r.Left != nil {
		d.Left = new(encodeLeft(*r.Left))
	}
	if err := d.check(); err != nil {
		return nil, err
	}
	return marshal(d)
}

func decodeRecord(data []byte) (Record, error) {
	var d recordDoc
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&d); err != nil {
		return Record{}, err
	}
	if err := d.check(); err != nil {
		return Record{}, err
	}
	r := Record{Addr: d.Addr, Cleared: d.Cleared}
	if d.Intent != nil {
		r.Intent = new(d.Intent.intent())
	}
	if d.Object != nil {
		o, err := d.Object.object()
		if err != nil {
			return Record{}, err
		}
		r.Object = &o
	}
	if d.Left != nil {
		r.Left = new(d.Left.left())
	}
	return r, nil
}

// check holds a record to its promise of saying exactly one thing, or that one
// thing took the place of another, about an address that can be read again: an
// intent that could not be found later must not be acted on.
func (d recordDoc) check() error {
	if a, err := addr.Parse(d.Addr.String()); err != nil || a != d.Addr {
		return fmt.Errorf("%q cannot be the address of a record", d.Addr)
	}
	n := 0
	for _, is := range []bool{d.Intent != nil, d.Object != nil, d.Left != nil, d.Cleared} {
		if is {
			n++
		}
	}
	if replaced := d.Object != nil && d.Left != nil; n != 1 && (!replaced || n != 2) {
		return fmt.Errorf("a record about %s says %d things instead of one", d.Addr, n)
	}
	return nil
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// sealLine makes a line of content, which is JSON: its checksum, its length, and
// itself. So a line that a crash cut short is known for what it is.
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
