package engine_test

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"kiraform/internal/config"
	"kiraform/internal/engine"
	"kiraform/internal/event"
	"kiraform/internal/norace"
)

// said validates a folder, and returns the diagnostics without the lines that they quote.
func said(ctx context.Context, folder fs.FS, kept *engine.Kept) (all []event.Diagnostic) {
	o := engine.Options{Version: "0.1.0", FS: folder, Closed: true, Kept: kept, Emit: func(e event.Event) {
		d, ok := e.(event.Diagnostic)
		if !ok {
			return
		}
		if s := d.Source; s != nil {
			d.Source = &event.Source{File: s.File, Line: s.Line, Column: s.Column, EndLine: s.EndLine, EndColumn: s.EndColumn, Byte: s.Byte, EndByte: s.EndByte}
		}
		all = append(all, d)
	}}
	_, _ = engine.Validate(ctx, o) // what it returns was said
	return all
}

// ending is a folder in which somebody types while it is read.
type ending struct {
	fstest.MapFS
	after int // so many files
	end   func()
}

func (f *ending) Open(name string) (fs.File, error) {
	if f.after--; f.after < 0 {
		f.end()
	}
	return f.MapFS.Open(name)
}

// edit changes one file of a folder as somebody who types does: letters, signs, a line
// that goes, comes twice or is put somewhere else, or the end that is missing.
func edit(r *rand.Rand, folder fstest.MapFS, originals map[string]string) {
	name := slices.Sorted(maps.Keys(originals))[r.IntN(len(originals))]
	text := string(folder[name].Data)
	at := r.IntN(len(text) + 1)
	all := strings.SplitAfter(text, "\n")
	line := r.IntN(len(all))
	switch r.IntN(8) {
	case 0:
		text = text[:at] + []string{"x", "0", "007", "\"", "{", "}", "[", "\n", "=", "# ", "${", "é", "\r\n", "/*"}[r.IntN(14)] + text[at:]
	case 1:
		text = text[:at] + text[min(at+1+r.IntN(9), len(text)):]
	case 2:
		all[line] = ""
		text = strings.Join(all, "")
	case 3:
		all[line] += all[line]
		text = strings.Join(all, "")
	case 4:
		other := r.IntN(len(all))
		all[line], all[other] = all[other], all[line]
		text = strings.Join(all, "")
	case 5:
		text = text[:at]
	default:
		text = originals[name]
	}
	folder[name] = &fstest.MapFile{Data: []byte(text)}
}

// folderOf reads an example, or has one that no example is like.
func folderOf(t *testing.T, dir string) fstest.MapFS {
	if !strings.HasPrefix(dir, "..") {
		return fstest.MapFS{
			"a.kira.hcl": {Data: []byte("variable \"n\" {\n  type = string\n  default = 0123\n}\nlocals {\n  a = 007\n  b = 1.50 + 1\n  c = 1\n}\n" +
				"resource \"kira_user\" \"u\" {\n  count = 01\n  type = \"individual\"\n  email = \"u@example.com\"\n  phone = 0052\n  first_name = local.a\n}\n")},
			"b.kira.hcl":          {Data: []byte("module \"m\" {\n  source = \"./m\"\n  x = 000\n}\noutput \"o\" {\n  value = local.c\n}\n")},
			"m/a.kira.hcl":        {Data: []byte("variable \"x\" {\n  type = string\n  default = 1.0\n}\noutput \"x\" {\n  value = var.x\n}\n")},
			"m/override.kira.hcl": {Data: []byte("output \"x\" {\n  value = var.y\n}\n")},
		}
	}
	folder := make(fstest.MapFS)
	_ = filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.Contains(path, ".kira") && !strings.HasSuffix(path, ".csv") && !strings.HasSuffix(path, ".yaml") {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		rel, err := filepath.Rel(dir, path)
		folder[filepath.ToSlash(rel)] = &fstest.MapFile{Data: data}
		return err
	})
	return folder
}

// A check that goes on from the ones before says the same as one of its own, for every
// example and whatever is typed into it.
func TestLawAKeptCheckSaysTheSame(t *testing.T) {
	if norace.Run(t, scratch) {
		return
	}
	examples, err := filepath.Glob(filepath.Join("..", "..", "examples", "*"))
	if err != nil || len(examples) < 5 {
		t.Fatal(len(examples), err)
	}
	edits := 24
	if testing.Short() {
		edits = 6
	}
	r := rand.New(rand.NewPCG(17, 4))
	for _, dir := range append(examples, "overrides and numbers") {
		folder := folderOf(t, dir)
		originals := make(map[string]string)
		for name, f := range folder {
			if strings.HasSuffix(name, config.NativeSuffix) {
				originals[name] = string(f.Data)
			}
		}
		if len(originals) == 0 {
			continue
		}
		kept := new(engine.Kept)
		if !strings.HasPrefix(dir, "..") {
			edits *= 10
		}
		for i := range edits {
			got, want := said(t.Context(), folder, kept), said(t.Context(), folder, nil)
			if !reflect.DeepEqual(got, want) {
				t.Fatalf("%s, after %d edits:\ngot  %+v\nwant %+v", dir, i, got, want)
			}
			if i%5 == 4 { // and one that is overtaken in the middle
				ctx, cancel := context.WithCancel(t.Context())
				said(ctx, &ending{MapFS: folder, after: r.IntN(2 * len(folder)), end: cancel}, kept)
				cancel()
				if got := said(ctx, folder, kept); len(got) > 0 {
					t.Errorf("%s: a check that nobody waits for says %+v", dir, got)
				}
			}
			edit(r, folder, originals)
		}
	}
}

// An overriding file is gone from the blocks of the others once it is gone.
func TestAKeptCheckForgetsAnOverride(t *testing.T) {
	folder, kept := folderOf(t, "overrides and numbers"), new(engine.Kept)
	if got := said(t.Context(), folder, kept); !strings.Contains(fmt.Sprint(got), `no variable "y"`) {
		t.Fatalf("the override says nothing: %+v", got)
	}
	folder["m/override.kira.hcl"].Data = []byte("output \"x\" {\n}\n")
	got, want := said(t.Context(), folder, kept), said(t.Context(), folder, nil)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}
