package webhook

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// tail is how much of the end of a file is read for its last events.
const tail = 1 << 20

// Last returns the heads of the last events that are kept, at most n, the newest first and
// each once. It opens no body, and reads the ends of the newest files only; where it cannot
// read there is nothing.
func (s Store) Last(n int) (all []Head) {
	names, _ := os.ReadDir(s.Dir)
	seen := make(map[string]bool)
	for _, entry := range slices.Backward(names) {
		name := entry.Name()
		if !strings.HasSuffix(name, suffix) || strings.HasSuffix(name, forgedSuffix) {
			continue
		}
		for _, h := range slices.Backward(lastHeads(filepath.Join(s.Dir, name))) {
			if len(all) == n {
				return all
			}
			if !seen[h.ID] {
				seen[h.ID] = true
				all = append(all, h)
			}
		}
	}
	return all
}

// lastHeads returns the heads in the last part of a file.
func lastHeads(path string) (all []Head) {
	f, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return nil
	}
	from := max(0, info.Size()-tail)
	text, err := io.ReadAll(io.NewSectionReader(f, from, tail))
	if err != nil {
		return nil
	}
	if from > 0 {
		_, text, _ = bytes.Cut(text, []byte("\n"))
	}
	for line := range bytes.Lines(text) {
		var h Head
		if json.Unmarshal(line, &h) == nil && h.ID != "" {
			all = append(all, h)
		}
	}
	return all
}
