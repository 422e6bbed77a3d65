package postgres

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"kiraform/internal/disk"
	"kiraform/state"
)

// putAside keeps answers that the server did not take in a file on this machine, and
// returns an error that says how to bring them in.
func (s *Store) putAside(o *origin, answers [][]byte) error {
	if len(answers) == 0 || s.Aside == "" {
		return nil
	}
	if err := s.keepAside(o, answers); err != nil {
		return fmt.Errorf("keep the answers on this machine: %w", err)
	}
	return fmt.Errorf("what Kira answered is kept in %s. Once no other run is at work, bring it in: kiraform state push %[1]s", s.Aside)
}

func (s *Store) keepAside(o *origin, answers [][]byte) error {
	if err := disk.MakeFolder(filepath.Dir(s.Aside)); err != nil {
		return err
	}
	f, err := os.OpenFile(s.Aside, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	var data []byte
	info, err := f.Stat()
	if err == nil && info.Size() == 0 {
		if data, err = state.AnswersHead(o.lineage, o.key); err == nil {
			data = append(data, '\n')
		}
	}
	for _, answer := range answers {
		data = append(append(data, o.lines.Seal(answer)...), '\n')
	}
	if err == nil {
		_, err = f.Write(data)
	}
	return errors.Join(err, f.Sync(), f.Close())
}
