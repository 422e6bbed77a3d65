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
	Ends    *[]string     `json:"ends,omitempty"` // there in every record but those of earlier versions
	Unsent  string        `json:"unsent,omitempty"`
	Run     *runDoc       `json:"run,omitempty"`
	Undone  string        `json:"undone,omitempty"`
	Cleared bool          `json:"cleared,omitempty"` // of earlier versions
}

func encodeRecord(r Record) ([]byte, error) {
	d := recordDoc{Addr: r.Addr, Unsent: r.Unsent, Ends: &r.Ends, Undone: r.Undone}
	if r.Run != nil {
		d.Run = new(encodeRun(*r.Run))
	}
	if r.Ends == nil {
		d.Ends = new([]string{})
	}
	if r.Intent != nil {
		in := *r.Intent
		in.Addr = r.Addr
		doc, err := encodeIntent(in)
		if err != nil {
			return nil, err
		}
		d.Intent = &doc
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
	r := Record{Addr: d.Addr, Unsent: d.Unsent, Undone: d.Undone, legacy: d.Ends == nil && (d.Cleared || d.Object != nil)}
	if d.Ends != nil && len(*d.Ends) > 0 {
		r.Ends = *d.Ends
	}
	if d.Run != nil {
		r.Run = new(d.Run.run())
	}
	if d.Intent != nil {
		in, err := d.Intent.intent()
		if err != nil {
			return Record{}, err
		}
		r.Intent = &in
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

// check holds a record to its promise of saying something, about an address
// that can be read again: an intent that could not be found later must not be
// acted on.
func (d recordDoc) check() error {
	if a, err := addr.Parse(d.Addr.String()); err != nil || a != d.Addr {
		return fmt.Errorf("%q cannot be the address of a record", d.Addr)
	}
	ends := d.Ends != nil && len(*d.Ends) > 0
	if d.Intent == nil && d.Object == nil && d.Left == nil && !ends && d.Unsent == "" && !d.Cleared && d.Run == nil && d.Undone == "" {
		return fmt.Errorf("a record about %s says nothing", d.Addr)
	}
	if d.Run != nil && (d.Run.Key == "" || d.Run.Addr != d.Addr) {
		return fmt.Errorf("a run of %s has no key, or is of another action", d.Addr)
	}
	if d.Intent != nil && d.Intent.Key == "" {
		return fmt.Errorf("a request for %s has no key", d.Addr)
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
