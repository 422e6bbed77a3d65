package state

import (
	"cmp"
	"encoding/json"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
)

// FormatVersion is the version of the file's format that is written, and the newest
// that is read. A file of version 1 does not say where its objects live: it is read
// as a state that is not bound to a place. One of version 2 has no salts: its
// fingerprints are compared without, until an object is written again. One of
// version 3 has no runs, and is still written where there are none, and none are
// due: a kiraform that does not know of runs has to refuse the others. One of version
// 5 has consents that were given for the same changes, which are written once.
const (
	FormatVersion   = 5
	unsharedVersion = 4
	runlessVersion  = 3
)

// Version is that of the format that s needs.
func (s *State) Version() uint64 {
	if s.shares() {
		return FormatVersion
	}
	for _, o := range s.Resources {
		if len(o.Due) > 0 {
			return unsharedVersion
		}
	}
	if len(s.Runs) == 0 {
		return runlessVersion
	}
	return unsharedVersion
}

// Head holds the facts of a state file about itself.
type Head struct {
	Version uint64 `json:"version"`
	By      string `json:"kiraform_version,omitempty"` // for people only
	Lineage string `json:"lineage"`
	Serial  uint64 `json:"serial"`
}

// document is a state file.
type document struct {
	Head
	Place     *Place               `json:"place,omitempty"`
	KeyID     string               `json:"key_id,omitempty"`
	Resources []objectDoc          `json:"resources"`
	Pending   []intentDoc          `json:"pending"`
	Runs      []runDoc             `json:"runs,omitempty"`
	Consents  []consentDoc         `json:"consents,omitempty"`
	Outputs   map[string]outputDoc `json:"outputs"`
	Left      []leftDoc            `json:"left_behind"`
	Applied   []Applied            `json:"applied,omitempty"`
	For       []string             `json:"recipients,omitempty"`
}

type objectDoc struct {
	Addr     addr.Resource   `json:"address"`
	Kind     string          `json:"kind"` // as in the address; for people and their tools
	ID       string          `json:"id"`
	Salt     Salt            `json:"salt,omitempty"`
	Sent     json.RawMessage `json:"sent,omitempty"`
	SentType json.RawMessage `json:"sent_type,omitempty"`
	Seen     json.RawMessage `json:"seen,omitempty"`
	SeenType json.RawMessage `json:"seen_type,omitempty"`
	Needs    []addr.Resource `json:"needs,omitempty"`
	Adopted  bool            `json:"adopted,omitempty"`
	Protect  bool            `json:"prevent_destroy,omitempty"`
	Due      []addr.Resource `json:"due,omitempty"`
	Unsure   []string        `json:"unsure,omitempty"`
	Unlooked []string        `json:"unlooked,omitempty"`
	Unproven []string        `json:"unproven,omitempty"`
	Imported bool            `json:"imported,omitempty"`
	Trusted  *Trust          `json:"trusted,omitempty"`
	Written  time.Time       `json:"written_at,omitzero"`
	Stored   []storedDoc     `json:"stored,omitempty"`
}

type storedDoc struct {
	Path  string          `json:"path"`
	Seen  json.RawMessage `json:"seen,omitempty"`
	Type  json.RawMessage `json:"seen_type,omitempty"`
	Other bool            `json:"other,omitempty"`
}

type intentDoc struct {
	Addr     addr.Resource   `json:"address"`
	Action   string          `json:"action"`
	Key      string          `json:"key"`
	ID       string          `json:"id,omitempty"`
	Digest   string          `json:"digest"`
	Salt     Salt            `json:"salt,omitempty"`
	Sent     json.RawMessage `json:"sent,omitempty"`
	SentType json.RawMessage `json:"sent_type,omitempty"`
	Carries  []string        `json:"carries,omitempty"`
	At       time.Time       `json:"at"`
	After    time.Time       `json:"after,omitzero"`
	Last     time.Time       `json:"last,omitzero"`
	Unsent   bool            `json:"unsent,omitempty"`
	Unsure   bool            `json:"unsure,omitempty"`
}

type consentDoc struct {
	Addr  addr.Resource   `json:"address"`
	ID    string          `json:"id"`
	Paths []string        `json:"paths,omitempty"`
	After []addr.Resource `json:"after,omitempty"`
	Same  bool            `json:"after_same,omitempty"` // After is that of the consent before
}

type outputDoc struct {
	Value     json.RawMessage `json:"value,omitempty"`
	Type      json.RawMessage `json:"type,omitempty"`
	Sensitive bool            `json:"sensitive,omitempty"`
}

type leftDoc struct {
	Addr    addr.Resource `json:"address"`
	ID      string        `json:"id"`
	Why     string        `json:"why"`
	Adopted bool          `json:"adopted,omitempty"`
	At      time.Time     `json:"at"`
	Place   Place         `json:"place,omitzero"`
}

// Encode writes s as it stands in a state file; by is the version of kiraform
// that writes it, or "". Equal states are equal bytes.
func Encode(s *State, by string) ([]byte, error) {
	if s.Lineage == "" {
		return nil, fmt.Errorf("encode state: it has no lineage")
	}
	doc := document{
		Head:      Head{Version: s.Version(), By: by, Lineage: s.Lineage, Serial: s.Serial},
		KeyID:     s.KeyID,
		Resources: make([]objectDoc, len(s.Resources)),
		Pending:   make([]intentDoc, 0, len(s.Intents)),
		Outputs:   make(map[string]outputDoc, len(s.Outputs)),
		Left:      make([]leftDoc, 0, len(s.Left)),
		Applied:   s.Applied,
		For:       s.Recipients,
	}
	if !s.Place.IsZero() {
		doc.Place = &s.Place
	}
	addrs := s.Addrs()
	err := spread(len(addrs), func() func(i int) error {
		return func(i int) (err error) {
			doc.Resources[i], err = encodeObject(addrs[i], s.Resources[addrs[i]])
			return err
		}
	})
	if err != nil {
		return nil, fmt.Errorf("encode state: %w", err)
	}
	for _, in := range s.Open() {
		d, err := encodeIntent(in)
		if err != nil {
			return nil, fmt.Errorf("encode state: %w", err)
		}
		doc.Pending = append(doc.Pending, d)
	}
	for _, r := range s.AllRuns() {
		doc.Runs = append(doc.Runs, encodeRun(r))
	}
	var last []addr.Resource
	for _, a := range s.consented() {
		c := s.Consents[a]
		d := consentDoc{Addr: a, ID: c.ID, Paths: c.Paths, After: c.After}
		if d.Same = len(c.After) > 0 && equal(c.After, last); d.Same {
			d.After = nil
		}
		last = c.After
		doc.Consents = append(doc.Consents, d)
	}
	for name, o := range s.Outputs {
		d := outputDoc{Sensitive: o.Sensitive}
		if !o.Sensitive { // whatever the caller left there
			var err error
			if d.Value, d.Type, err = encodeOptional(o.Value); err != nil {
				return nil, fmt.Errorf("encode state: output %s: %w", name, err)
			}
		}
		doc.Outputs[name] = d
	}
	for _, l := range s.Left {
		doc.Left = append(doc.Left, encodeLeft(l))
	}
	compact, err := marshal(doc)
	if err != nil {
		return nil, fmt.Errorf("encode state: %w", err)
	}
	return lines(compact), nil
}

func encodeObject(a addr.Resource, o Object) (objectDoc, error) {
	if o.ID == "" {
		return objectDoc{}, fmt.Errorf("%s has no id", a)
	}
	d := objectDoc{Addr: a, Kind: a.Kind, ID: o.ID, Salt: o.Salt, Adopted: o.Adopted, Unsure: o.Unsure, Unlooked: o.Unlooked, Protect: o.Protected, Due: o.Due,
		Unproven: o.Unproven, Imported: o.Imported, Trusted: o.Trusted, Written: o.Written.UTC()}
	d.Needs = slices.SortedFunc(slices.Values(o.Needs), addr.Resource.Compare)
	var sentErr, seenErr error
	d.Sent, d.SentType, sentErr = encodeSealed(o.Sent)
	d.Seen, d.SeenType, seenErr = encodeSealed(o.Seen)
	for _, s := range o.Stored {
		doc := storedDoc{Path: s.Path, Other: s.Other}
		var err error
		doc.Seen, doc.Type, err = encodeSealed(s.Seen)
		d.Stored, seenErr = append(d.Stored, doc), cmp.Or(seenErr, err)
	}
	if err := cmp.Or(sentErr, seenErr); err != nil {
		return d, fmt.Errorf("%s: %w", a, err)
	}
	return d, nil
}

func encodeIntent(i Intent) (d intentDoc, err error) {
	if i.Key == "" {
		return d, fmt.Errorf("the request for %s has no key", i.Addr)
	}
	d = intentDoc{Addr: i.Addr, Action: i.Action, Key: i.Key, ID: i.ID, Digest: i.Digest, Salt: i.Salt, Carries: i.Carries,
		At: i.At.UTC(), After: i.After.UTC(), Last: i.Last.UTC(), Unsent: i.Unsent, Unsure: i.Unsure}
	if d.Sent, d.SentType, err = encodeSealed(i.Sent); err != nil {
		err = fmt.Errorf("%s: %w", i.Addr, err)
	}
	return d, err
}

func encodeLeft(l LeftBehind) leftDoc {
	return leftDoc{Addr: l.Addr, ID: l.ID, Why: l.Why, Adopted: l.Adopted, At: l.At.UTC(), Place: l.Place}
}

// encodeOptional is encodeValue for a value that may not be there at all.
func encodeOptional(v cty.Value) (value, ty json.RawMessage, err error) {
	if v == cty.NilVal {
		return nil, nil, nil
	}
	return encodeValue(v)
}

// encodeSealed is encodeOptional for a sealed value.
func encodeSealed(s Sealed) (value, ty json.RawMessage, err error) {
	if s.kept == nil {
		return encodeOptional(s.v)
	}
	value = append(value, '{')
	for i, name := range s.kept.names {
		if i > 0 {
			value = append(value, ',')
		}
		if value, err = appendString(value, name); err != nil {
			return nil, nil, err
		}
		if value, err = appendValue(append(value, ':'), s.kept.values[i], true); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return append(value, '}'), nil, nil
}

// spread calls for 0 up to n the functions that worker returns, one on each
// processor, and returns the error of the lowest for which there was one.
func spread(n int, worker func() func(i int) error) error {
	errs := make([]error, n)
	var all sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		all.Go(func() {
			do := worker()
			for i := w; i < n; i += workers {
				errs[i] = do(i)
			}
		})
	}
	all.Wait()
	return cmp.Or(errs...)
}
