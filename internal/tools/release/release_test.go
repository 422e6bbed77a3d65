package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestArchivesHaveNoTimeButThatOfTheCommit(t *testing.T) {
	at := time.Date(2026, 11, 27, 1, 2, 3, 0, time.UTC)
	for _, zipped := range []bool{false, true} {
		one, two := t.TempDir(), t.TempDir()
		for _, dir := range []string{one, two} {
			p := pack{name: "kiraform_1_x", at: at, files: map[string][]byte{
				"kiraform": []byte("program"), "man/man1/kiraform.1": []byte("page"), "README.md": {}, "sbom.cdx.json": []byte("{}")}}
			if err := p.write(dir, zipped); err != nil {
				t.Fatal(err)
			}
			if err := checksums(dir); err != nil {
				t.Fatal(err)
			}
		}
		if err := same(one, two); err != nil {
			t.Error(err)
		}
		sums, err := os.ReadFile(filepath.Join(one, "SHA256SUMS"))
		if err != nil || strings.Count(string(sums), "  kiraform_1_x.") != 2 {
			t.Errorf("%v, %s", err, sums)
		}
		if err := os.WriteFile(filepath.Join(two, "SHA256SUMS"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if same(one, two) == nil {
			t.Error("a difference is not seen")
		}
	}
}

func TestZipKeepsThatAProgramIsCarriedOut(t *testing.T) {
	var b bytes.Buffer
	p := pack{name: "x", files: map[string][]byte{"kiraform.exe": []byte("program")}}
	if err := p.zip(&b); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil || len(z.File) != 1 || z.File[0].Mode() != 0o755 {
		t.Fatalf("%v, %+v", err, z)
	}
	f, err := z.File[0].Open()
	if err != nil {
		t.Fatal(err)
	}
	if data, err := io.ReadAll(f); err != nil || string(data) != "program" {
		t.Errorf("%q, %v", data, err)
	}
}

// The list names this program, Go, and every module with the sum that go.sum has.
func TestBomNamesTheModules(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	data, err := bom(self, "1.2.3", time.Unix(0, 0).UTC())
	if err != nil {
		t.Fatal(err)
	}
	var d document
	if err := json.Unmarshal(data, &d); err != nil {
		t.Fatal(err)
	}
	if d.Metadata.Component.Version != "1.2.3" || len(d.Metadata.Component.Hashes) != 1 || d.Components[0].Name != "std" || d.Metadata.Timestamp != "1970-01-01T00:00:00Z" {
		t.Errorf("%+v", d)
	}
}
