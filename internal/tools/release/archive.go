package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// pack is the files of one archive. Equal files give equal bytes: they are sorted, and
// all have the time of the commit and no owner.
type pack struct {
	name  string // of the archive without its ending, and of the folder in it
	at    time.Time
	files map[string][]byte
}

// write writes the archive into a folder, and beside it the list of all that the program
// is made of.
func (p pack) write(dir string, zipped bool) error {
	var b bytes.Buffer
	ending, to := ".tar.gz", p.tar
	if zipped {
		ending, to = ".zip", p.zip
	}
	if err := to(&b); err != nil {
		return err
	}
	return errors.Join(
		os.WriteFile(filepath.Join(dir, p.name+ending), b.Bytes(), 0o644),
		os.WriteFile(filepath.Join(dir, p.name+".cdx.json"), p.files["sbom.cdx.json"], 0o644))
}

// mode is the mode of a file in the archive: the program is one that is carried out.
func mode(name string) os.FileMode {
	if name == "kiraform" || name == "kiraform.exe" {
		return 0o755
	}
	return 0o644
}

func (p pack) tar(w io.Writer) error {
	z, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		return err
	}
	t := tar.NewWriter(z)
	for _, name := range slices.Sorted(maps.Keys(p.files)) {
		h := &tar.Header{Name: p.name + "/" + name, Mode: int64(mode(name)), Size: int64(len(p.files[name])), ModTime: p.at, Format: tar.FormatUSTAR}
		if err := t.WriteHeader(h); err != nil {
			return err
		}
		if _, err := t.Write(p.files[name]); err != nil {
			return err
		}
	}
	return errors.Join(t.Close(), z.Close())
}

func (p pack) zip(w io.Writer) error {
	z := zip.NewWriter(w)
	for _, name := range slices.Sorted(maps.Keys(p.files)) {
		h := &zip.FileHeader{Name: p.name + "/" + name, Method: zip.Deflate, Modified: p.at}
		h.SetMode(mode(name))
		f, err := z.CreateHeader(h)
		if err != nil {
			return err
		}
		if _, err := f.Write(p.files[name]); err != nil {
			return err
		}
	}
	return z.Close()
}

// checksums writes SHA256SUMS for the files of a folder, as sha256sum does.
func checksums(dir string) error {
	sums, err := contents(dir)
	if err != nil {
		return err
	}
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(sums)) {
		fmt.Fprintf(&b, "%s  %s\n", sums[name], name)
	}
	return os.WriteFile(filepath.Join(dir, "SHA256SUMS"), []byte(b.String()), 0o644)
}

// contents returns the SHA-256 of each file of a folder.
func contents(dir string) (map[string]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	sums := make(map[string]string, len(entries))
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		sums[e.Name()] = fmt.Sprintf("%x", sha256.Sum256(data))
	}
	return sums, nil
}
