package file

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"kiraform/internal/disk"
	"kiraform/state"
)

// keepGenerations is how many generations of a state are kept.
const keepGenerations = 10

// generation is one with the state that was saved.
type generation struct {
	state.Generation
	data []byte
}

// History implements [state.Historian].
func (f Store) History(context.Context) ([]state.Generation, error) {
	kept, err := f.generations()
	if err != nil {
		return nil, err
	}
	all := make([]state.Generation, len(kept))
	for i, g := range kept {
		all[i] = g.Generation
	}
	return all, nil
}

// generations returns the generations that are kept, newest first. The newest is
// the state that the file holds, or held.
func (f Store) generations() (all []generation, err error) {
	paths, err := f.generationPaths("")
	if err != nil {
		return nil, fmt.Errorf("read the history: %w", err)
	}
	for _, path := range paths {
		var g generation
		info, err := os.Stat(path)
		if err == nil {
			g.At = info.ModTime()
			g.data, err = f.disk.Read(path)
		}
		if err != nil {
			return nil, fmt.Errorf("read the history: %w", err)
		}
		if g.data, g.Damaged = f.unseal(g.data); g.Damaged == nil {
			g.Damaged = g.unpack()
		}
		all = append(all, g)
	}
	slices.SortFunc(all, func(a, b generation) int {
		if a.Lineage == b.Lineage { // clocks move, serials do not
			return cmp.Compare(b.Serial, a.Serial)
		}
		return b.At.Compare(a.At)
	})
	return all, nil
}

// unpack makes the saved state of a generation's file.
func (g *generation) unpack() error {
	z, err := gzip.NewReader(bytes.NewReader(g.data))
	if err != nil {
		return err
	}
	if g.data, err = io.ReadAll(z); err != nil {
		return err
	}
	s, err := state.Decode(g.data)
	if err != nil {
		return err
	}
	g.Serial, g.Lineage, g.Place, g.Resources = s.Serial, s.Lineage, s.Place, len(s.Resources)
	g.Applied = s.Applied
	return nil
}

// pack makes a generation's file of the saved state, which is a tenth as long.
func pack(data []byte) ([]byte, error) {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	if err != nil {
		return nil, err
	}
	_, err = z.Write(data)
	if err = errors.Join(err, z.Close()); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// historyPath is the folder in which generations are kept.
func (f Store) historyPath() string {
	return filepath.Join(filepath.Dir(f.path()), ".kiraform", "history")
}

// generationName is the name of a generation's file. A state that was begun
// anew has another lineage, and does not write over earlier generations.
func (f Store) generationName(s *state.State) string {
	return fmt.Sprintf("%s.%s.%08d.gz", filepath.Base(f.path()), brief(s.Lineage), s.Serial)
}

func brief(lineage string) string { return lineage[:min(8, len(lineage))] }

// generationPaths returns the files of the generations of this state, of one
// lineage or of all (""), oldest first.
func (f Store) generationPaths(lineage string) (paths []string, err error) {
	entries, err := os.ReadDir(f.historyPath())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, e := range entries { // sorted by name, and so by serial
		rest, ours := strings.CutPrefix(e.Name(), filepath.Base(f.path())+".")
		of, serial, whole := strings.Cut(strings.TrimSuffix(rest, ".gz"), ".")
		if ours && whole && !strings.Contains(serial, ".") && (lineage == "" || of == brief(lineage)) {
			paths = append(paths, filepath.Join(f.historyPath(), e.Name()))
		}
	}
	return paths, nil
}

// Serials returns the serial of each generation that is kept and the time at which it
// was saved, newest first. It reads the names of the files and not their content.
func (f Store) Serials() (all []state.Generation, err error) {
	paths, err := f.generationPaths("")
	for _, path := range paths {
		name := strings.TrimSuffix(path, ".gz")
		serial, err := strconv.ParseUint(name[strings.LastIndexByte(name, '.')+1:], 10, 64)
		info, err2 := os.Stat(path)
		if err == nil && err2 == nil {
			all = append(all, state.Generation{Serial: serial, At: info.ModTime()})
		}
	}
	slices.Reverse(all)
	return all, err
}

// remember keeps data, which is about to be saved as s, as a generation.
func (f Store) remember(s *state.State, data []byte) error {
	for _, dir := range []string{filepath.Dir(f.historyPath()), f.historyPath()} {
		if err := f.disk.Folder(dir); err != nil {
			return err
		}
	}
	if err := disk.KeepOut(filepath.Dir(f.historyPath())); err != nil {
		return err
	}
	if err := f.rekey(s.Recipients); err != nil {
		return err
	}
	packed, err := pack(data)
	if err == nil {
		packed, err = f.encrypt(packed, s.Recipients)
	}
	if err != nil {
		return err
	}
	return f.disk.Replace(filepath.Join(f.historyPath(), f.generationName(s)), packed)
}

// prune drops the oldest generations of s. One that cannot be dropped stays.
func (f Store) prune(s *state.State) {
	paths, _ := f.generationPaths(s.Lineage)
	for _, path := range paths[:max(0, len(paths)-keepGenerations)] {
		_ = f.disk.Remove(path)
	}
}
