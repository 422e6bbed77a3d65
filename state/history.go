package state

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// keepGenerations is how many generations of a state are kept.
const keepGenerations = 10

// A Generation is a state as it was saved once.
type Generation struct {
	Serial    uint64
	Lineage   string
	At        time.Time // when it was saved
	Resources int
	Damaged   error // why it cannot be read; nil if it can

	data []byte
}

// History returns the generations that are kept, newest first. The newest is
// what the state file holds, or held.
func (f File) History() ([]Generation, error) {
	paths, err := f.generationPaths("")
	if err != nil {
		return nil, fmt.Errorf("read the history: %w", err)
	}
	var all []Generation
	for _, path := range paths {
		var g Generation
		info, err := os.Stat(path)
		if err == nil {
			g.At = info.ModTime()
			g.data, err = f.disk.read(path)
		}
		if err == nil {
			g.data, err = f.decrypt(g.data)
		}
		if err != nil {
			return nil, fmt.Errorf("read the history: %w", err)
		}
		if s, err := Decode(g.data); err == nil {
			g.Serial, g.Lineage, g.Resources = s.Serial, s.Lineage, len(s.Resources)
		} else {
			g.Damaged = err
		}
		all = append(all, g)
	}
	slices.SortFunc(all, func(a, b Generation) int {
		if a.Lineage == b.Lineage { // clocks move, serials do not
			return cmp.Compare(b.Serial, a.Serial)
		}
		return b.At.Compare(a.At)
	})
	return all, nil
}

// historyPath is the folder in which generations are kept.
func (f File) historyPath() string {
	return filepath.Join(filepath.Dir(f.path()), ".kiraform", "history")
}

// generationName is what the file of a generation is called. A state that was
// begun anew has another lineage, and does not write over what was before it.
func (f File) generationName(s *State) string {
	return fmt.Sprintf("%s.%s.%08d", filepath.Base(f.path()), brief(s.Lineage), s.Serial)
}

func brief(lineage string) string { return lineage[:min(8, len(lineage))] }

// generationPaths returns the files of the generations of this state, of one
// lineage or of all (""), oldest first.
func (f File) generationPaths(lineage string) (paths []string, err error) {
	entries, err := os.ReadDir(f.historyPath())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, e := range entries { // sorted by name, and so by serial
		rest, ours := strings.CutPrefix(e.Name(), filepath.Base(f.path())+".")
		of, serial, whole := strings.Cut(rest, ".")
		if ours && whole && !strings.Contains(serial, ".") && (lineage == "" || of == brief(lineage)) {
			paths = append(paths, filepath.Join(f.historyPath(), e.Name()))
		}
	}
	return paths, nil
}

// remember keeps data, which is about to be saved as s, as a generation.
func (f File) remember(s *State, data []byte) error {
	for _, dir := range []string{filepath.Dir(f.historyPath()), f.historyPath()} {
		if err := f.disk.folder(dir); err != nil {
			return err
		}
	}
	if err := f.rekey(s.Recipients); err != nil {
		return err
	}
	return f.disk.replace(filepath.Join(f.historyPath(), f.generationName(s)), data)
}

// prune drops the oldest generations of s. What cannot be dropped stays.
func (f File) prune(s *State) {
	paths, _ := f.generationPaths(s.Lineage)
	for _, path := range paths[:max(0, len(paths)-keepGenerations)] {
		_ = f.disk.remove(path)
	}
}

// Restored says what a restore came to.
type Restored struct {
	Serial   uint64       // of the state now
	Replayed int          // records of a journal that are ahead of the generation, and hold
	Left     []LeftBehind // objects that were managed and are not any more: they live on at Kira
	Damaged  string       // where a copy of a file that could not be read is; "" for none
}

// Restore makes the generation with that serial the state. What was done since
// is not forgotten: objects that the state has and the generation does not are
// entered in the ledger, and what a run left in the journal still holds. Of a
// state file that cannot be read a copy is kept. The lock has to be held.
func (f File) Restore(ctx context.Context, serial uint64) (Restored, error) {
	now, err := f.Load(ctx)
	_, unreadable := errors.AsType[*DamagedError](err)
	if err != nil && !unreadable {
		return Restored{}, err
	}
	g, err := f.generation(serial, now)
	if err != nil {
		return Restored{}, err
	}
	if now == nil {
		return f.putBack(ctx, g)
	}
	s, err := Decode(g.data)
	if err != nil {
		return Restored{}, fmt.Errorf("restore %d: %w", serial, err)
	}
	left := s.inherit(now)
	if err := f.Save(ctx, s); err != nil {
		return Restored{}, err
	}
	return Restored{Serial: s.Serial, Left: left}, nil
}

// generation finds the generation with that serial, of the lineage of the
// state if there is one that can be read, and else of the latest.
func (f File) generation(serial uint64, now *State) (Generation, error) {
	all, err := f.History()
	if err != nil {
		return Generation{}, err
	}
	var serials []string
	for _, g := range all {
		if g.Damaged != nil || now != nil && g.Lineage != now.Lineage {
			continue
		}
		if g.Serial == serial {
			return g, nil
		}
		serials = append(serials, fmt.Sprint(g.Serial))
	}
	if len(serials) == 0 {
		return Generation{}, errors.New("no generation of this state is kept")
	}
	return Generation{}, fmt.Errorf("no generation %d is kept, but these are: %s", serial, strings.Join(serials, ", "))
}

// putBack writes g in the place of a state file that is gone or cannot be
// read. The journal means then what it always means: see look.
func (f File) putBack(ctx context.Context, g Generation) (r Restored, err error) {
	damaged, err := f.disk.read(f.path())
	if err == nil {
		r.Damaged = f.path() + ".damaged"
		err = f.disk.replace(r.Damaged, damaged)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Restored{}, fmt.Errorf("restore %d: %w", g.Serial, err)
	}
	if err := f.disk.replace(f.path(), g.data); err != nil {
		return r, fmt.Errorf("restore %d: %w", g.Serial, err)
	}
	s, err := f.Load(ctx)
	if err != nil {
		return r, err
	}
	r.Serial, r.Replayed = s.Serial, int(s.known.records.Load())
	return r, nil
}

// inherit makes s, an older generation of now, ready to be saved over it, and
// returns what that leaves behind.
func (s *State) inherit(now *State) (left []LeftBehind) {
	managed := make(map[objectKey]bool, len(s.Resources))
	for a, o := range s.Resources {
		managed[objectKey{a.Kind, o.ID}] = true
	}
	at := time.Now().UTC()
	for _, a := range now.Addrs() {
		if o := now.Resources[a]; !managed[objectKey{a.Kind, o.ID}] {
			left = append(left, LeftBehind{Addr: a, ID: o.ID, Why: "removed from the state", Adopted: o.Adopted, At: at})
		}
	}
	ledger := append(slices.Clone(now.Left), left...)
	s.Left = slices.DeleteFunc(ledger, func(l LeftBehind) bool { return managed[objectKey{l.Addr.Kind, l.ID}] })
	s.Serial, s.known, s.Pending = now.Serial, now.known, now.Pending
	return left
}

// objectKey identifies an object at Kira.
type objectKey struct{ kind, id string }
