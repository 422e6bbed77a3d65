package simulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
)

// worldFormat is the version of the world file that is written, and the newest
// that is read. A file of version 1 does not say which world it holds.
const worldFormat = 2

// Open loads the world file, if there is one, and reports its damage. Changes
// that are on their way there go on. Without Open, the first request loads it,
// and every request of a world that cannot be read fails.
func (s *Server) Open() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.load(); err != nil {
		return err
	}
	s.wind()
	return nil
}

// Begin opens the world and, if it is a new one, writes down that it has begun.
// It returns the id of the world, which no other has and which [Server.Reset]
// changes.
func (s *Server) Begin() (id string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.load(); err != nil {
		return "", err
	}
	if s.world.unsaved {
		err = s.compact()
	}
	return s.world.ID, err
}

// WorldID returns the id of the world in a file, or "" if there is none yet. It
// leaves the rest of the file alone.
func WorldID(name string) (string, error) {
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read the simulator's world: %w", err)
	}
	defer f.Close() // nothing was written
	var head change
	if err := json.NewDecoder(f).Decode(&head); err != nil {
		return "", nil // Open reports its damage
	}
	return head.World, nil
}

func (s *Server) load() error {
	if s.world != nil || s.worldErr != nil {
		return s.worldErr
	}
	w, err := readWorld(s.World)
	if err != nil {
		s.worldErr = worldError{err}
		return s.worldErr
	}
	s.world = w
	return nil
}

// A worldError says why the file of the world cannot be read or written.
type worldError struct{ error }

// excuse is the answer to a request that comes to nothing. The machine's error
// about the world's file is for the person who runs the simulator, not for its
// clients.
func (s *Server) excuse(err error) answer {
	if _, ok := errors.AsType[worldError](err); ok {
		return message(http.StatusInternalServerError, "The simulator cannot read or keep its world in "+s.World)
	}
	return message(http.StatusBadRequest, err.Error())
}

func readWorld(name string) (*world, error) {
	w := newWorld()
	if name == "" {
		return w, nil
	}
	raw, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return w, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the simulator's world: %w", err)
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	w.whole = false
	for line := 1; ; line++ {
		var ch change
		switch err := d.Decode(&ch); {
		case errors.Is(err, io.EOF) && line > 1:
			return w, nil
		case errors.Is(err, io.ErrUnexpectedEOF) && line > 1:
			// A crash left this: the change of a request that was never answered.
			w.whole = true
			return w, nil
		case err != nil:
			return nil, fmt.Errorf("read the simulator's world from %s, line %d: %w", name, line, err)
		case line == 1 && (ch.Format < 1 || ch.Format > worldFormat):
			return nil, fmt.Errorf("read the simulator's world from %s: its format is %d, this simulator knows those up to %d", name, ch.Format, worldFormat)
		}
		w.fold(ch)
	}
}

// save adds the changes to the world file, before it is answered for: so the
// work grows with the number of changes, not with the size of the world.
func (s *Server) save() error {
	w := s.world
	if w == nil || len(w.changed) == 0 {
		return nil
	}
	if w.whole {
		return s.compact()
	}
	err := s.add(w.changed)
	w.whole = err != nil // half a line may be in it
	w.changed = nil
	return err
}

func (s *Server) add(changes []change) error {
	if s.file == nil {
		f, err := os.OpenFile(s.World, os.O_WRONLY|os.O_APPEND, 0)
		if errors.Is(err, fs.ErrNotExist) { // somebody took it away
			return s.compact()
		}
		if err != nil {
			return unsaved(err)
		}
		s.file = f
	}
	if _, err := s.file.Write(lines(changes)); err != nil {
		return unsaved(err)
	}
	return nil
}

func unsaved(err error) error { return worldError{fmt.Errorf("save the simulator's world: %w", err)} }

func lines(changes []change) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	for _, ch := range changes {
		if err := e.Encode(ch); err != nil {
			panic(err) // a change is structs, maps, strings and numbers
		}
	}
	return b.Bytes()
}

// compact replaces the world file, in one step, with one that says everything
// once.
func (s *Server) compact() error {
	if s.World == "" || s.world == nil {
		return nil
	}
	if s.file != nil {
		s.file.Close() // nothing is buffered in it
		s.file = nil
	}
	if err := replace(s.World, lines(s.world.changes())); err != nil {
		return unsaved(err)
	}
	s.world.changed, s.world.whole, s.world.unsaved = nil, false, false
	return nil
}

func replace(name string, content []byte) error {
	dir := filepath.Dir(name)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, filepath.Base(name)+".*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // fails once it has been renamed
	if _, err := f.Write(content); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}

// Close puts the world file in order, gives webhooks that are being sent a
// moment, and stops the rest. The server still answers afterwards, and still
// saves, but sends nothing.
func (s *Server) Close() error {
	s.silence()
	s.outbox.close()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.file == nil { // nothing was added since it was last in order
		return s.save()
	}
	return s.compact()
}
