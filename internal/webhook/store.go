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
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"kiraform/internal/cipher"
	"kiraform/internal/disk"
)

// A Store is a folder with events: a file for each day in UTC, to which a
// listener adds lines, with another beside it for deliveries whose signature
// is wrong. Any number of processes may read it, also while it is written.
type Store struct {
	Dir string
	// Identity opens encrypted bodies. Nothing else needs it: heads are read,
	// and events are kept, without.
	Identity cipher.Identity

	disk *disk.Disk // nil is the real one
}

// A Delivery is one POST that was kept.
type Delivery struct {
	Head
	Remote, Path string
	Header       http.Header
	Body         []byte
	// Locked says why Header and Body are missing, of an encrypted delivery.
	Locked error
}

// Envelope returns the parts of the body that are understood.
func (d *Delivery) Envelope() Envelope { return parse(d.Body) }

// A Period is a time during which somebody listened. End is zero while it may
// still go on, or if the listener died without a word: then Last is the time of
// the last thing that it kept.
type Period struct{ Begin, Last, End time.Time }

// A Log is everything that a store has.
type Log struct {
	Deliveries []Delivery // in the order in which they were kept
	Periods    []Period
	Asked      map[string]time.Time // when Kira was last asked to judge an object again, by its id
	Damaged    []string             // the lines that cannot be read, as FILE:LINE
}

// Files ends in these, the first for deliveries that are valid or could not be
// verified.
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
	log := &Log{Asked: make(map[string]time.Time)}
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
		if last := len(all) - 1; last >= 0 && all[last].End.Equal(p.Begin) {
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
	r := s.reading(filepath.Join(s.Dir, name), log)
	r.lines(f)
	r.close()
	return nil
}

// reading is one file as it is read.
type reading struct {
	store  Store
	path   string
	log    *Log
	keys   map[string]*cipher.Lines
	locked map[string]error
	period *Period // the last that began in this file
	n      int     // lines so far
	bytes  int64   // of them
}

func (s Store) reading(path string, log *Log) *reading {
	return &reading{store: s, path: path, log: log, keys: make(map[string]*cipher.Lines), locked: make(map[string]error)}
}

// lines takes every complete line that follows. After the last line feed there
// is none.
func (r *reading) lines(f io.Reader) {
	in := bufio.NewReaderSize(f, 64<<10)
	for {
		text, size, whole := readLine(in)
		if !whole {
			return
		}
		r.n++
		r.bytes += size
		if len(text) == 0 { // left behind by half a line
			continue
		}
		if l, err := decodeLine(text); err != nil {
			r.log.Damaged = append(r.log.Damaged, fmt.Sprintf("%s:%d", r.path, r.n))
		} else {
			r.take(l)
		}
	}
}

func (r *reading) take(l line) {
	switch {
	case l.NewKey != "":
		r.keys[l.NewKey], r.locked[l.NewKey] = r.store.Identity.OpenLines(l.Sealed)
	case l.Asked != nil:
		if r.log.Asked != nil && l.Asked.At.After(r.log.Asked[l.Asked.ID]) {
			r.log.Asked[l.Asked.ID] = l.Asked.At
		}
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

// readLine returns a line without its end, and its size with it. It is empty if
// it is too long to be one; whole is false if the file ends before it does.
func readLine(in *bufio.Reader) (line []byte, size int64, whole bool) {
	for {
		part, err := in.ReadSlice('\n')
		size += int64(len(part))
		if len(line) <= maxLine {
			line = append(line, part...)
		}
		switch {
		case err == nil:
			return bytes.TrimSuffix(line, []byte("\n")), size, true
		case errors.Is(err, bufio.ErrBufferFull):
		default:
			return nil, 0, false
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
