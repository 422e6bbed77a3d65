package file

import (
	"errors"
	"fmt"
	"io/fs"

	"kiraform/internal/cipher"
	"kiraform/state"
)

// onDisk is the content of a File and its journal together.
type onDisk struct {
	snapshot []byte // nil if nothing was ever stored
	lineage  string
	serial   uint64   // of the snapshot, or of a journal that is ahead of it
	records  [][]byte // of the journal, to be applied to the snapshot
	key      *cipher.Lines
	keep     int64 // length of the part of the journal that is whole; 0 if it is to be begun anew
}

// isBase reports whether s was loaded from d or saved as d.
func (d *onDisk) isBase(s *state.State) bool {
	if d.snapshot == nil {
		return s.Serial == 0 || s.Origin == nil // it begins, or comes from elsewhere
	}
	return d.lineage == s.Lineage && d.serial == s.Serial && int64(len(d.records)) <= tallyOf(s).records.Load()
}

// look reads both files, of the snapshot as much as read does, and decides the
// meaning of the journal:
//
//   - Of the snapshot's serial: it goes on where the snapshot ends.
//   - Of an older serial: Save was cut off before it could remove it. All of it
//     is in the snapshot.
//   - Of a newer serial: an older snapshot was put back, as from the backup.
//     Records say how things are, not how they changed, so they still hold, and
//     dropping them would lose objects.
//   - Without records, of another lineage, or without a snapshot: it says
//     nothing. With records, nothing is done before a person has looked.
func (f Store) look(read func(snapshot []byte) (state.Head, error)) (*onDisk, error) {
	d := new(onDisk)
	snapshot, err := f.disk.Read(f.path())
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, err
	default:
		if snapshot, err = f.decrypt(snapshot); err != nil {
			return nil, err
		}
		h, err := read(snapshot)
		if err != nil {
			return nil, f.place(err)
		}
		d.snapshot, d.lineage, d.serial = snapshot, h.Lineage, h.Serial
	}

	data, err := f.disk.Read(f.journalPath())
	if errors.Is(err, fs.ErrNotExist) {
		return d, nil
	} else if err != nil {
		return nil, err
	}
	j, err := readJournal(data)
	if err != nil {
		return nil, f.placeJournal(err)
	}
	switch {
	case len(j.records) > 0 && d.snapshot == nil:
		return nil, f.stray(j, "there is no state file beside it")
	case len(j.records) > 0 && j.head.Lineage != d.lineage:
		return nil, f.stray(j, "the state file beside it has lineage "+d.lineage)
	case d.snapshot == nil || j.head.Lineage != d.lineage || j.head.Serial < d.serial:
		return d, nil
	}
	if d.key, err = f.cipher().OpenLines(j.head.Key); err != nil {
		return nil, f.placeKey(err)
	}
	for i, line := range j.records {
		if j.records[i], err = d.key.Open(line); err != nil {
			return nil, &state.DamagedError{Path: f.journalPath(), Line: i + 2, What: err.Error(), Advice: journalAdvice}
		}
	}
	d.serial, d.records, d.keep = j.head.Serial, j.records, j.whole
	return d, nil
}

func (f Store) stray(j *journalContent, why string) error {
	return &state.DamagedError{Path: f.journalPath(),
		What: fmt.Sprintf("it holds %d records of lineage %s, but %s", len(j.records), j.head.Lineage, why),
		Advice: f.wayBack("put the state file that it belongs to back in its place; or, if what the run " +
			"did is not to be remembered, move the journal away"),
	}
}

// placeKey gives an error of the key in a journal's head the place of the
// journal.
func (f Store) placeKey(err error) error {
	err = state.CipherError(f.Path, err)
	if e, ok := errors.AsType[*state.DamagedError](err); ok {
		e.Path, e.Line, e.Advice = f.journalPath(), 1, journalAdvice
	}
	return err
}

func (f Store) placeJournal(err error) error {
	if e, ok := errors.AsType[*state.NewerError](err); ok {
		e.Path = f.journalPath()
	}
	if e, ok := errors.AsType[*state.DamagedError](err); ok {
		e.Path = f.journalPath()
	}
	return err
}
