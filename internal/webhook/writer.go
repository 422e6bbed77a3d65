package webhook

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"kiraform/internal/batch"
)

// ErrListening reports that another process writes to the store.
var ErrListening = errors.New("somebody listens already, and keeps events in the same folder")

// A quota bounds the deliveries of a day that are not signed with a known
// secret: anybody can send them, so they must not fill the disk.
type quota struct{ count, bytes int }

var forgedQuota = quota{count: 2000, bytes: 16 << 20}

// A Writer adds deliveries to a store. There is one for a store at a time.
// Its methods may be called by any number of goroutines.
type Writer struct {
	store      Store
	recipients []string
	now        func() time.Time
	lock       *flock.Flock
	quota      quota

	batches batch.Writer[[]*delivery] // each is made durable by one flush

	// These are for the writes of batches, and between them.
	seen          map[string]bool // events, by their identity
	valid         map[string]bool // those of them that were verified
	bodies        map[string]bool
	good, bad     *dayFile
	forged, bytes int    // of the day of bad
	forgedDay     string // the day that they are counted for
	refused       int
	flushes       int // batches that were made durable
}

type delivery struct {
	head    Head
	content content
	kept    Kept
}

// Kept is the outcome of a delivery.
type Kept struct {
	Head
	Duplicate bool // its event came before
	Dropped   bool // it was forged, and the quota for those is used up
}

// Writer begins to listen: it makes the folder, with mode 0700, and takes the
// store for itself. Bodies are encrypted for recipients, if there are any. The
// error is ErrListening if somebody else has the store.
func (s Store) Writer(recipients []string, now func() time.Time) (*Writer, error) {
	w := &Writer{store: s, recipients: recipients, now: now, quota: forgedQuota}
	w.batches.Write = w.commit
	if err := w.begin(); err != nil {
		return nil, err
	}
	if err := w.open(now()); err != nil {
		return nil, errors.Join(err, w.lock.Unlock())
	}
	return w, nil
}

// probed is longer than [Store.Listened] has the lock.
const probed = 100 * time.Millisecond

// Listened reports whether somebody keeps the events that come.
func (s Store) Listened() bool {
	path := filepath.Join(s.Dir, "listen.lock")
	if _, err := os.Stat(path); err != nil {
		return false
	}
	lock := flock.New(path, flock.SetPermissions(0o600))
	ok, err := lock.TryRLock()
	if ok {
		_ = lock.Unlock() // which the end of the process does, too
	}
	return err == nil && !ok
}

// begin takes the store for this process, and learns its content. It does so again
// where somebody has deleted files meanwhile: the events in them are known no
// more.
func (w *Writer) begin() error {
	if err := os.MkdirAll(w.store.Dir, 0o700); err != nil {
		return fmt.Errorf("keep events: %w", err)
	}
	path := filepath.Join(w.store.Dir, "listen.lock")
	if _, err := os.Stat(path); w.lock == nil || err != nil {
		lock := flock.New(path, flock.SetPermissions(0o600))
		ctx, cancel := context.WithTimeout(context.Background(), probed)
		ok, err := lock.TryLockContext(ctx, probed/10)
		cancel()
		switch {
		case !ok && (err == nil || errors.Is(err, context.DeadlineExceeded)):
			return ErrListening
		case err != nil:
			return fmt.Errorf("keep events: %w", err)
		}
		w.lock = lock
	}
	w.seen, w.valid, w.bodies = make(map[string]bool), make(map[string]bool), make(map[string]bool)
	w.forged, w.bytes = 0, 0
	log, err := w.store.Read()
	if err != nil {
		return errors.Join(err, w.lock.Unlock())
	}
	for _, d := range log.Deliveries {
		w.learn(d.Head)
	}
	return nil
}

// learn remembers that a delivery is kept.
func (w *Writer) learn(h Head) {
	if h.Verdict != Forged {
		w.seen[h.identity()] = true
	}
	if h.Valid {
		w.valid[h.identity()] = true
	}
	if day(h.At) == day(w.now()) { // the files of other days may be deleted by then
		w.bodies[string(h.Verdict)+h.SHA256] = true
	}
	if h.Verdict == Forged {
		w.count(h)
	}
}

func (w *Writer) count(h Head) {
	if day := day(h.At); day != w.forgedDay {
		w.forgedDay, w.forged, w.bytes = day, 0, 0
	}
	w.forged++
	if !h.Again {
		w.bytes += h.N
	}
}

// EventKey names an event among all that a store has: a forged one cannot take the
// place of another.
func (h Head) EventKey() string {
	if h.Verdict == Forged {
		return "forged " + h.SHA256
	}
	return h.identity()
}

// identity is that by which an event is known again: its id, or its bytes if
// it has none.
func (h Head) identity() string {
	if h.ID != "" {
		return "id " + h.ID
	}
	return "sha256 " + h.SHA256
}

// Keep makes a delivery durable and then returns its outcome. After an error it
// may not be counted on.
func (w *Writer) Keep(verdict Verdict, c content) (Kept, error) {
	e := parse(c.Body)
	d := &delivery{content: c, head: Head{Event: e.Event, ID: e.ID, Valid: verdict == Valid, Verdict: verdict,
		SHA256: digest(c.Body), N: len(c.Body)}}
	err := w.batches.Add(func(due *[]*delivery) { *due = append(*due, d) })
	return d.kept, err
}

// commit writes deliveries, and flushes each file once.
func (w *Writer) commit(due *[]*delivery) error {
	at := w.now().UTC()
	err := w.open(at)
	for _, d := range *due {
		if d.head.At = at; err == nil {
			err = w.add(d)
		}
	}
	w.flushes++
	err = errors.Join(err, w.good.sync(), w.bad.sync())
	for _, d := range *due {
		switch {
		case err != nil && !d.kept.Duplicate:
			delete(w.seen, d.head.identity()) // if it comes again, it is the first
			delete(w.valid, d.head.identity())
		case err == nil && !d.kept.Dropped:
			w.learn(d.head)
		}
	}
	return err
}

// add puts a line into the file of its verdict. It decides whether it is a
// duplicate: deliveries of one batch are not remembered before.
func (w *Writer) add(d *delivery) error {
	h := &d.head
	h.Again = w.bodies[string(h.Verdict)+h.SHA256]
	d.kept = Kept{Head: *h, Duplicate: w.again(h)}
	file := w.good
	if h.Verdict == Forged {
		if day(h.At) == w.forgedDay && (w.forged >= w.quota.count || w.bytes+h.N > w.quota.bytes) {
			d.kept.Dropped = true
			w.refused++
			return nil
		}
		file = w.bad
	} else {
		w.seen[h.identity()] = true
		w.valid[h.identity()] = w.valid[h.identity()] || h.Valid
	}
	return file.add(h, d.content)
}

// again reports whether an event came before. One that could not be verified
// takes the place of no true one.
func (w *Writer) again(h *Head) bool {
	switch h.Verdict {
	case Valid:
		return w.valid[h.identity()]
	case Forged:
		return false
	}
	return w.seen[h.identity()]
}

// Refused is the number of forged deliveries that were not kept.
func (w *Writer) Refused() (n int) {
	_ = w.batches.Between(func() error {
		n = w.refused
		return nil
	})
	return n
}

// Close ends the listening, and says so in the store.
func (w *Writer) Close() error {
	return w.batches.Between(func() error {
		at := w.now().UTC()
		return errors.Join(w.good.write(line{Stopped: &at}), w.good.sync(), w.good.close(), w.bad.close(), w.lock.Unlock())
	})
}

func day(at time.Time) string { return at.UTC().Format(time.DateOnly) }

// open makes sure that the files of a day are there to be written to.
func (w *Writer) open(at time.Time) error {
	at = at.UTC()
	there := w.good != nil && w.good.there() && w.bad.there()
	if there && w.good.day == day(at) {
		return nil
	}
	if w.good != nil && !there { // somebody deleted them, with their events
		if err := w.begin(); err != nil {
			return err
		}
	}
	good, err := w.store.openDay(day(at), suffix, w.recipients)
	if err != nil {
		return err
	}
	bad, err := w.store.openDay(day(at), forgedSuffix, w.recipients)
	if err != nil {
		return errors.Join(err, good.close())
	}
	if w.good != nil {
		err = errors.Join(w.good.write(line{Stopped: &at}), w.good.sync(), w.good.close(), w.bad.close())
	}
	if w.good != nil && w.good.day != good.day {
		clear(w.bodies)
	}
	w.good, w.bad = good, bad
	return errors.Join(err, good.write(line{Listening: &at}), good.sync())
}
