package file

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"

	"kiraform/internal/cipher"
	"kiraform/internal/disk"
	"kiraform/state"
)

// Journal implements [state.Store]. A journal of s that a run left unfinished is
// gone on with, once the half of a last line is cut off.
func (f Store) Journal(_ context.Context, s *state.State) (state.Journal, error) {
	d, err := f.look(state.DecodeHead)
	if err == nil && (d.snapshot == nil || !d.isBase(s)) {
		err = state.ErrStale
	}
	if err != nil {
		return nil, fmt.Errorf("open journal: %w", err)
	}
	if d.keep == 0 {
		if d.key, d.keep, err = f.beginJournal(s); err != nil {
			return nil, fmt.Errorf("open journal: %w", err)
		}
	}
	file, err := f.disk.Open(f.journalPath(), os.O_RDWR)
	if err != nil {
		return nil, fmt.Errorf("open journal: %w", err)
	}
	if err := f.disk.Cut(file, d.keep); err != nil {
		return nil, fmt.Errorf("open journal: %w", errors.Join(err, file.Close()))
	}
	return &fileJournal{file: file, disk: f.disk, key: d.key, known: tallyOf(s), next: new(batch)}, nil
}

// beginJournal writes a journal that has no records yet, in place of any that
// is in the snapshot already, and returns its length.
func (f Store) beginJournal(s *state.State) (*cipher.Lines, int64, error) {
	key, kept, err := f.cipher().NewLines(s.Recipients)
	if err != nil {
		return nil, 0, err
	}
	head, err := json.Marshal(journalHead{Version: s.Version(), By: f.Version, Lineage: s.Lineage, Serial: s.Serial, Key: kept})
	if err != nil {
		return nil, 0, err
	}
	line := sealLine(head)
	return key, int64(len(line)), f.disk.Replace(f.journalPath(), line)
}

// fileJournal gathers the records of all that append while a flush is under
// way into one batch, and writes and flushes that as one.
type fileJournal struct {
	disk  *disk.Disk
	key   *cipher.Lines
	known *tally // of the state that the journal belongs to

	queue sync.Mutex // guards next
	next  *batch     // the lines that the next flush will take along

	flush sync.Mutex // held while a batch is written; guards the fields below
	file  *os.File   // nil once closed
	err   error      // of the first flush that failed; no other is tried
}

type batch struct {
	lines [][]byte // one for each record
	done  bool     // guarded by fileJournal.flush, as is err
	err   error    // why none of it may be counted on
}

// Append implements [Journal].
func (j *fileJournal) Append(r state.Record) error {
	content, err := state.EncodeRecord(r)
	if err != nil {
		return fmt.Errorf("write journal: %w", err)
	}
	line := sealLine(j.key.Seal(content))

	j.queue.Lock()
	mine := j.next
	mine.lines = append(mine.lines, line)
	j.queue.Unlock()

	j.flush.Lock()
	defer j.flush.Unlock()
	if !mine.done { // nobody took it along, so it is still the next
		j.commit()
	}
	return mine.err
}

// commit writes the next batch. After a failure the file may end in half a
// line, and the system may have dropped bytes that it could not write: nothing
// more is written then, so that the half stays the last line.
func (j *fileJournal) commit() {
	j.queue.Lock()
	b := j.next
	j.next = new(batch)
	j.queue.Unlock()

	if j.err == nil && j.known.folded.Load() {
		j.err = errors.New("write journal: the state was saved since it was opened")
	}
	if j.err == nil {
		j.known.records.Add(int64(len(b.lines))) // before it is on disk: then it may be there
		err := j.disk.Write(j.file, bytes.Join(b.lines, nil))
		if err == nil {
			err = j.disk.Flush(j.file)
		}
		if err != nil {
			j.err = fmt.Errorf("write journal: %w", err)
		}
	}
	b.done, b.err = true, j.err
}

// Close implements [Journal].
func (j *fileJournal) Close() error {
	j.flush.Lock()
	defer j.flush.Unlock()
	if j.file == nil {
		return nil
	}
	file := j.file
	j.file, j.err = nil, fmt.Errorf("write journal: %w", os.ErrClosed)
	return file.Close()
}
