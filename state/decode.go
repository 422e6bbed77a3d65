package state

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
)

// Decode reads a state that [Encode] wrote. Anything else is a *DamagedError
// or, if a newer kiraform wrote it, a *NewerError; it is never an empty state.
func Decode(data []byte) (*State, error) {
	var doc document
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields() // they would be lost on the next write
	err := dec.Decode(&doc)
	if err == nil {
		_, err = dec.Token()
	}
	if err != io.EOF || doc.Version == 0 || doc.Version > FormatVersion || doc.Lineage == "" {
		if _, problem := DecodeHead(data); problem != nil {
			return nil, problem
		}
		return nil, &DamagedError{What: "it does not have the form of a state: " + err.Error()}
	}
	s, err := doc.state()
	if err != nil {
		return nil, &DamagedError{What: err.Error()}
	}
	return s, nil
}

// DecodeHead reads only the head of the file, but sees whether the whole of it
// is JSON.
func DecodeHead(data []byte) (Head, error) {
	var h Head
	err := json.Unmarshal(data, &h)
	syntax, isSyntax := errors.AsType[*json.SyntaxError](err)
	switch {
	case len(data) == 0:
		return h, &DamagedError{What: "it is empty (0 bytes)"}
	case isSyntax:
		return h, &DamagedError{What: fmt.Sprintf("it is not JSON at byte %d of %d", syntax.Offset, len(data))}
	case h.Version > FormatVersion:
		return h, &NewerError{Version: h.Version, By: h.By}
	case err != nil:
		return h, &DamagedError{What: "it does not have the form of a state: " + err.Error()}
	case h.Version == 0 || h.Lineage == "":
		return h, &DamagedError{What: "it is JSON, but has no version and lineage"}
	}
	return h, nil
}

func (doc *document) state() (*State, error) {
	s := New(doc.Lineage)
	s.Serial, s.KeyID, s.Recipients, s.Applied = doc.Serial, doc.KeyID, doc.For, doc.Applied
	if doc.Place != nil {
		s.Place = *doc.Place
	}
	objects := make([]Object, len(doc.Resources))
	err := spread(len(objects), func() func(i int) error {
		var r keeper
		return func(i int) (err error) {
			objects[i], err = doc.Resources[i].object(&r)
			return err
		}
	})
	if err != nil {
		return nil, err
	}
	for i, d := range doc.Resources {
		if _, twice := s.Resources[d.Addr]; twice {
			return nil, fmt.Errorf("%s is in it twice", d.Addr)
		}
		s.Resources[d.Addr] = objects[i]
	}
	for _, d := range doc.Pending {
		if _, twice := s.Intents[d.Key]; twice {
			return nil, fmt.Errorf("the request with the key %s is in it twice", d.Key)
		}
		if s.Intents[d.Key], err = d.intent(); err != nil {
			return nil, err
		}
	}
	for _, d := range doc.Runs {
		if _, twice := s.Runs[d.Key]; twice || d.Key == "" {
			return nil, fmt.Errorf("the run with the key %q is in it twice, or has none", d.Key)
		}
		s.Runs[d.Key] = d.run()
	}
	var last []addr.Resource
	for _, d := range doc.Consents {
		if _, twice := s.Consents[d.Addr]; twice || d.Addr == (addr.Resource{}) {
			return nil, fmt.Errorf("the consents of %q are not one", d.Addr)
		}
		if d.Same && (len(d.After) > 0 || len(last) == 0) {
			return nil, fmt.Errorf("the consent of %q was given for the changes of no other", d.Addr)
		}
		if !d.Same {
			last = d.After
		}
		s.Consents[d.Addr] = Consent{ID: d.ID, Paths: d.Paths, After: last}
	}
	for name, d := range doc.Outputs {
		v, err := decodeOptional(d.Value, d.Type)
		if err != nil {
			return nil, fmt.Errorf("output %s: %w", name, err)
		}
		s.Outputs[name] = Output{Value: v, Sensitive: d.Sensitive}
	}
	for _, d := range doc.Left {
		s.Left = append(s.Left, d.left())
	}
	return s, nil
}

func (d objectDoc) object(r *keeper) (Object, error) {
	if d.Addr == (addr.Resource{}) || d.Kind != d.Addr.Kind {
		return Object{}, fmt.Errorf("a resource of kind %q has the address %q", d.Kind, d.Addr)
	}
	if d.ID == "" { // another one would be made
		return Object{}, fmt.Errorf("%s has no id", d.Addr)
	}
	sent, err := r.sealed(d.Sent, d.SentType, &r.sent)
	if err != nil {
		return Object{}, fmt.Errorf("%s: sent: %w", d.Addr, err)
	}
	seen, err := r.sealed(d.Seen, d.SeenType, &r.seen, &r.sent)
	if err != nil {
		return Object{}, fmt.Errorf("%s: seen: %w", d.Addr, err)
	}
	o := Object{ID: d.ID, Salt: d.Salt, Sent: sent, Seen: seen, Needs: d.Needs, Adopted: d.Adopted, Unsure: d.Unsure, Unlooked: d.Unlooked, Protected: d.Protect, Due: d.Due,
		Unproven: d.Unproven, Imported: d.Imported, Trusted: d.Trusted, Written: d.Written}
	for _, s := range d.Stored {
		v, err := decodeOptional(s.Seen, s.Type)
		if err != nil {
			return Object{}, fmt.Errorf("%s: stored: %w", d.Addr, err)
		}
		o.Stored = append(o.Stored, Stored{Path: s.Path, Seen: Sealed{v: v}, Other: s.Other})
	}
	return o, nil
}

// intent refuses a request without a key, which every version has written: sent once
// more it would be another request, and no answer could end it.
func (d intentDoc) intent() (Intent, error) {
	switch {
	case d.Key == "":
		return Intent{}, fmt.Errorf("the request for %s has no key", d.Addr)
	case d.Addr == (addr.Resource{}):
		return Intent{}, fmt.Errorf("the request with the key %s is for no resource", d.Key)
	}
	i := Intent{Key: d.Key, Addr: d.Addr, Action: d.Action, ID: d.ID, Digest: d.Digest, Salt: d.Salt, Carries: d.Carries,
		At: d.At, After: d.After, Last: d.Last, Unsent: d.Unsent, Unsure: d.Unsure}
	sent, err := decodeOptional(d.Sent, d.SentType)
	if err != nil {
		return i, fmt.Errorf("%s: sent: %w", d.Addr, err)
	}
	i.Sent = Sealed{v: sent}
	return i, nil
}

func (d leftDoc) left() LeftBehind {
	return LeftBehind(d)
}

func decodeOptional(value, ty json.RawMessage) (cty.Value, error) {
	if value == nil {
		return cty.NilVal, nil
	}
	return decodeValue(value, ty)
}
