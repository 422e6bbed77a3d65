package webhook

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"kiraform/internal/cipher"
)

// A Store is a folder with events: a file for each day in UTC, to which a
// listener adds lines, with another beside it for deliveries whose signature
// is wrong. Any number of processes may read it, also while it is written.
type Store struct {
	Dir string
	// Identity opens encrypted bodies. Nothing else needs it: heads are read,
	// and events are kept, without.
	Identity cipher.Identity
}

// A Delivery is one POST that was kept.
type Delivery struct {
	Head
	Remote, Path string
	Header       http.Header
	Body         []byte
	// Locked says why Header and Body are missing, of what is encrypted.
	Locked error
}

// Envelope returns the parts of the body that are understood.
func (d *Delivery) Envelope() Envelope { return Parse(d.Body) }

// A Period is a time during which somebody listened. End is zero while it may
// still go on, or if the listener died without a word: then Last is the time of
// the last thing that it kept.
type Period struct{ Begin, Last, End time.Time }

// A Log is everything that a store has.
type Log struct {
	Deliveries []Delivery // in the order in which they were kept
	Periods    []Period
	Damaged    []string // the lines that cannot be read, as FILE:LINE
}

// Files ends in these, the first for what is valid or could not be verified.
const (
	suffix       = ".jsonl"
	forgedSuffix = ".forged.jsonl"
)

// Read returns everything that is kept. A folder that does not exist has
// nothing. A line that is damaged is named in the log, and hinders no other;
// one that is only half there at the end of a file is still being written, or
// was when its listener died before it answered: it counts for nothing.
func (s Store) Read() (*Log, error) {
	names, err := os.ReadDir(s.Dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read events: %w", err)
	}
	log := &Log{}
	for _, entry := range names {
		if strings.HasSuffix(entry.Name(), suffix) {
			if err := s.readFile(entry.Name(), log); err != nil {
				return nil, fmt.Errorf("read events: %w", err)
			}
		}
	}
	slices.SortStableFunc(log.Deliveries, func(a, b Delivery) int { return a.At.Compare(b.At) })
	slices.SortStableFunc(log.Periods, func(a, b Period) int { return a.Begin.Compare(b.Begin) })
	log.Periods = joined(log.Periods)
	log.repeat()
	return log, nil
}

// joined makes one period of those between which a listener only went on to
// the next file.
func joined(periods []Period) (all []Period) {
	for _, p := range periods {
		if last := len(all) - 1; last >= 0 && !all[last].End.IsZero() && all[last].End.Equal(p.Begin) {
			all[last].Last, all[last].End = p.Last, p.End
		} else {
			all = append(all, p)
		}
	}
	return all
}

// Stamp changes whenever something is added to the store. It costs less than to
// read it.
func (s Store) Stamp() string {
	var b strings.Builder
	entries, _ := os.ReadDir(s.Dir) // a folder that is not there yet has nothing
	for _, e := range entries {
		if info, err := e.Info(); err == nil && strings.HasSuffix(e.Name(), suffix) {
			fmt.Fprintln(&b, e.Name(), info.Size())
		}
	}
	return b.String()
}

// repeat gives a delivery that came again the bytes of the first.
func (log *Log) repeat() {
	first := make(map[string]*Delivery)
	for i := range log.Deliveries {
		d := &log.Deliveries[i]
		if before := first[d.SHA256]; d.Again && before != nil {
			d.Body, d.Locked = before.Body, before.Locked
		} else if !d.Again && before == nil {
			first[d.SHA256] = d
		}
	}
}

func (s Store) readFile(name string, log *Log) error {
	f, err := os.Open(filepath.Join(s.Dir, name))
	if err != nil {
		return err
	}
	defer f.Close()
	r := reading{store: s, log: log, keys: make(map[string]*cipher.Lines), locked: make(map[string]error)}
	in := bufio.NewReaderSize(f, 64<<10)
	for n := 1; ; n++ {
		text, err := readLine(in)
		if err != nil {
			return r.end(err)
		}
		if len(text) == 0 { // left behind by half a line
			continue
		}
		if l, err := decodeLine(text); err != nil {
			log.Damaged = append(log.Damaged, fmt.Sprintf("%s:%d", filepath.Join(s.Dir, name), n))
		} else {
			r.take(l)
		}
	}
}

// reading is one file as it is read.
type reading struct {
	store  Store
	log    *Log
	keys   map[string]*cipher.Lines
	locked map[string]error
	period *Period // the last that began in this file
}

func (r *reading) take(l line) {
	switch {
	case l.NewKey != "":
		r.keys[l.NewKey], r.locked[l.NewKey] = r.store.Identity.OpenLines(l.Sealed)
	case l.Listening != nil:
		r.close()
		r.period = &Period{Begin: *l.Listening, Last: *l.Listening}
	case l.Stopped != nil:
		if r.period != nil {
			r.period.Last, r.period.End = *l.Stopped, *l.Stopped
		}
		r.close()
	case l.Head != nil:
		if r.period != nil && l.At.After(r.period.Last) {
			r.period.Last = l.At
		}
		r.log.Deliveries = append(r.log.Deliveries, r.delivery(l))
	}
}

func (r *reading) close() {
	if r.period != nil {
		r.log.Periods = append(r.log.Periods, *r.period)
		r.period = nil
	}
}

func (r *reading) end(err error) error {
	r.close()
	if errors.Is(err, errEnd) {
		return nil
	}
	return err
}

func (r *reading) delivery(l line) Delivery {
	d := Delivery{Head: *l.Head}
	if l.Again {
		return d
	}
	kept := l.Body
	if l.Key != "" {
		if err := r.locked[l.Key]; err != nil {
			d.Locked = err
			return d
		}
		open, err := r.keys[l.Key].Open(kept)
		if err != nil {
			d.Locked = err
			return d
		}
		kept = open
	}
	var c content
	if json.Unmarshal(kept, &c) != nil || digest(c.Body) != d.SHA256 {
		d.Locked = errDamaged
		return d
	}
	d.Remote, d.Path, d.Header, d.Body = c.Remote, c.Path, c.Header, c.Body
	return d
}

// errEnd ends a file. What stands after its last line feed is no line.
var errEnd = errors.New("the file ends")

// readLine returns a line without its end; it is empty if it is too long to be one.
func readLine(in *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := in.ReadSlice('\n')
		if len(line) <= maxLine {
			line = append(line, part...)
		}
		switch {
		case err == nil:
			return bytes.TrimSuffix(line, []byte("\n")), nil
		case errors.Is(err, bufio.ErrBufferFull):
		default:
			return nil, errEnd
		}
	}
}

func digest(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

func newKeyID() string {
	id := make([]byte, 8)
	rand.Read(id) // never fails
	return hex.EncodeToString(id)
}
