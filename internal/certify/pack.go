package certify

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"kiraform/internal/disk"
)

// Schema is the JSON Schema of evidence.json.
//
//go:embed evidence.schema.json
var Schema []byte

// report is the outcome of all items so far.
func (b *bench) report() *Report {
	r := &Report{Version: 1, Kiraform: b.o.Version, Run: b.p.Run, Place: b.p.Place, Began: b.p.Began, Written: b.o.Now().UTC(), Items: slices.Clone(b.p.Items)}
	return r
}

// files renders the pack. Every format is made from the report alone.
func files(r *Report) (map[string][]byte, error) {
	evidence, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return nil, err
	}
	page, err := r.html()
	if err != nil {
		return nil, err
	}
	junit, err := r.junit()
	if err != nil {
		return nil, err
	}
	all := map[string][]byte{"evidence.json": append(evidence, '\n'), "evidence.schema.json": Schema, "report.md": r.markdown(),
		"report.html": page, "junit.xml": junit}
	var sums strings.Builder
	for _, name := range slices.Sorted(maps.Keys(all)) {
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(all[name]), name)
	}
	all["SHA256SUMS"] = []byte(sums.String())
	return all, nil
}

// write writes the pack, unless a secret is found in any of it.
func (b *bench) write(r *Report) error {
	all, err := files(r)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if at := b.leak(all[name]); at != "" {
			return fmt.Errorf("%w: %s, %s", ErrLeaked, name, at)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if err := disk.WriteFile(filepath.Join(b.o.Out, name), all[name]); err != nil {
			return fmt.Errorf("write the pack: %w", err)
		}
	}
	return nil
}

// leak searches a file for every known secret, and says in which form it was
// found and where; "" if it has none. It never repeats the secret.
func (b *bench) leak(file []byte) string {
	for _, secret := range b.known {
		for _, d := range disguises(secret) {
			for _, t := range d.texts {
				if at := bytes.Index(file, []byte(t)); at >= 0 {
					return fmt.Sprintf("%s, at byte %d", d.name, at)
				}
			}
		}
	}
	return ""
}
