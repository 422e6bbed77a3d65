package file

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"kiraform/internal/batch"
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
	j := &fileJournal{file: file, disk: f.disk, key: d.key, known: tallyOf(s)}
	j.batches.Write = j.write
	return j, nil
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

// fileJournal writes and flushes the records of all that append meanwhile as one.
type fileJournal struct {
	disk    *disk.Disk
	key     *cipher.Lines
	known   *tally // of the state that the journal belongs to
	batches batch.Writer[lines]

	// These are for the writes of batches, and between them.
	file *os.File // nil once closed
	err  error    // of the first flush that failed; no other is tried
}

// lines are the records of one flush, one each.
type lines [][]byte

// Append implements [Journal].
func (j *fileJournal) Append(r state.Record) error {
	content, err := state.EncodeRecord(r)
	if err != nil {
		return fmt.Errorf("write journal: %w", err)
	}
	line := sealLine(j.key.Seal(content))
	return j.batches.Add(func(b *lines) { *b = append(*b, line) })
}

// write appends lines to the file. After a failure that may end in half a line, and
// the system may have dropped bytes that it could not write: nothing more is
// written then, so that the half stays the last line.
func (j *fileJournal) write(b *lines) error {
	if j.err == nil && j.known.folded.Load() {
		j.err = errors.New("write journal: the state was saved since it was opened")
	}
	if j.err == nil {
		j.known.records.Add(int64(len(*b))) // before it is on disk: then it may be there
		err := j.disk.Write(j.file, bytes.Join(*b, nil))
		if err == nil {
			err = j.disk.Flush(j.file)
		}
		if err != nil {
			j.err = fmt.Errorf("write journal: %w", err)
		}
	}
	return j.err
}

// Close implements [Journal].
func (j *fileJournal) Close() error {
	return j.batches.Between(func() error {
		if j.file == nil {
			return nil
		}
		file := j.file
		j.file, j.err = nil, fmt.Errorf("write journal: %w", os.ErrClosed)
		return file.Close()
	})
}
