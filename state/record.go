package state

import (
	"bytes"
	"encoding/json"
	"fmt"

	"kiraform/internal/addr"
)

// recordDoc is a Record as it stands in a journal.
type recordDoc struct {
	Addr    addr.Resource  `json:"address"`
	Intent  *intentDoc     `json:"intent,omitempty"`
	Object  *objectDoc     `json:"object,omitempty"`
	Left    *leftDoc       `json:"left_behind,omitempty"`
	Ends    *[]string      `json:"ends,omitempty"` // there in every record but those of earlier versions
	Unsent  string         `json:"unsent,omitempty"`
	Run     *runDoc        `json:"run,omitempty"`
	Undone  string         `json:"undone,omitempty"`
	Ran     *addr.Resource `json:"ran,omitempty"`
	Cleared bool           `json:"cleared,omitempty"` // of earlier versions
}

// EncodeRecord writes r as it stands in a journal. It refuses a record that says
// nothing, and an address that could not be read again.
func EncodeRecord(r Record) ([]byte, error) {
	d := recordDoc{Addr: r.Addr, Unsent: r.Unsent, Ends: &r.Ends, Undone: r.Undone, Ran: r.Ran}
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

// DecodeRecord reads a record that [EncodeRecord] wrote.
func DecodeRecord(data []byte) (Record, error) {
	var d recordDoc
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&d); err != nil {
		return Record{}, err
	}
	if err := d.check(); err != nil {
		return Record{}, err
	}
	r := Record{Addr: d.Addr, Unsent: d.Unsent, Undone: d.Undone, Ran: d.Ran, legacy: d.Ends == nil && (d.Cleared || d.Object != nil)}
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
		o, err := d.Object.object(new(keeper))
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
	if d.Intent == nil && d.Object == nil && d.Left == nil && !ends && d.Unsent == "" && !d.Cleared && d.Run == nil && d.Undone == "" && d.Ran == nil {
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
