package lsp

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"kiraform/internal/event"
)

// An editor has its own way to write the URI of a document, and takes another way for
// another document.
func TestURIsAreThoseOfTheEditor(t *testing.T) {
	var out bytes.Buffer
	s := (&folders{files: fstest.MapFS{}}).server()
	s.Out, s.published = &out, make(map[string]map[string]string)
	s.Check = func(_ context.Context, _ string, _ fs.FS, emit event.Sink) {
		emit(event.Diagnostic{Severity: "error", Source: &event.Source{File: "a(1).kira.hcl"}})
	}
	for _, uri := range []string{"file:///w/a(1).kira.hcl", "file:///w/%61%281%29.kira.hcl"} {
		s.set(uri, "variable \"x\" {}\nlocals {\n  a = var.x\n}\n", 1)
		s.check(t.Context())
		if got := fmt.Sprint(told(t, &out)); got != "["+uri+" 1: 1]" {
			t.Errorf("of %s it says %s", uri, got)
		}
		var p placeParams
		p.TextDocument.URI, p.Position, p.NewName = uri, position{2, 11}, "y"
		if got, err := s.definition(p); err != nil || got.([]location)[0].URI != uri {
			t.Errorf("%s is declared in %v, %v", uri, got, err)
		}
		if got, err := s.rename(p); err != nil || len(got.(workspaceEdit).Changes[uri]) != 2 {
			t.Errorf("a rename in %s edits %v, %v", uri, got, err)
		}
		_, _ = s.closed(documentParams{TextDocument: documentID{uri}})
		s.check(t.Context())
		out.Reset()
	}
}

// The mark at the beginning of a file is none of the characters that an editor counts.
func TestAMarkAtTheBeginningIsNotCounted(t *testing.T) {
	src := mark + "variable \"people\" {}\n"
	f := &folders{files: fstest.MapFS{"v.kira.hcl": {Data: []byte(src)}}}
	var out bytes.Buffer
	s := f.server()
	s.Out, s.published = &out, make(map[string]map[string]string)
	s.Check = func(_ context.Context, _ string, _ fs.FS, emit event.Sink) {
		emit(event.Diagnostic{Severity: "error", Source: &event.Source{File: "v.kira.hcl", Byte: len(mark), EndByte: len(mark) + 8}})
	}
	uri := "file:///w/a.kira.hcl"
	s.set(uri, "locals {\n  a = var.people\n}\n", 1)
	var p placeParams
	p.TextDocument.URI, p.Position, p.NewName = uri, position{1, 11}, "folk"
	if got, err := s.definition(p); err != nil || got.([]location)[0].Range.Start != (position{0, 10}) {
		t.Errorf("it is declared at %v, %v", got, err)
	}
	if got, err := s.rename(p); err != nil || edited(src[len(mark):], got.(workspaceEdit).Changes["file:///w/v.kira.hcl"]) != "variable \"folk\" {}\n" {
		t.Errorf("the rename edits %v, %v", got, err)
	}
	s.check(t.Context())
	if !strings.Contains(out.String(), `"range":{"start":{"line":0,"character":0},"end":{"line":0,"character":8}}`) {
		t.Errorf("it says %s", &out)
	}
}

// A rename that would not reach every place is refused, and so is a name that means
// something else.
func TestRenamesThatAreRefused(t *testing.T) {
	head := "variable \"people\" {}\nresource \"kira_user\" \"a\" {}\nlocals {\n  x = [var.people, kira_user.a]\n}\n"
	for _, tt := range []struct {
		other, at, now, want string
	}{
		{"", "people", "folk", ""},
		{"", "people", "for_each", `a variable cannot be called "for_each": that means something in a module block`},
		{"", "kira_user.a", "for_each", ""},
		{"", "people", "", `"" cannot be a name: begin with a letter, and go on with letters, digits, underscores and dashes`},
		{"", "people", "a b", `"a b" cannot be a name: begin with a letter, and go on with letters, digits, underscores and dashes`},
		{"variable \"folk\" {}\n", "people", "folk", "var.folk is there already"},
		{"output \"o\" {\n  value = lower(\n}\n", "people", "folk", ""},
		{"output \"o\" {\n  value = \"${ var.people\n}\n", "people", "folk", ""},
		{"output \"o\" {\n  value = var.people var.people\n}\n", "people", "folk", "b.kira.hcl has mistakes, and may name var.people where they are: correct them first"},
		{"output \"o\" {\n  value = var.peoples var.peoples\n}\n", "people", "folk", ""},
	} {
		s := (&folders{files: fstest.MapFS{"b.kira.hcl": {Data: []byte(tt.other)}}}).server()
		s.set("file:///w/a.kira.hcl", head, 1)
		p := placeParams{Position: positionOf(head, strings.LastIndex(head, tt.at)+len(tt.at)), NewName: tt.now}
		p.TextDocument.URI = "file:///w/a.kira.hcl"
		got := ""
		if _, err := s.rename(p); err != nil {
			got = err.Message
		}
		if got != tt.want {
			t.Errorf("beside %q, to %q: %s, want %s", tt.other, tt.now, got, tt.want)
		}
	}
}

// Changes are applied one after the other, and a range that is written from its end to its
// beginning is the same range.
func TestChangesOfADocument(t *testing.T) {
	for _, tt := range []struct{ changes, want string }{
		{`{"range":{"start":{"line":0,"character":1},"end":{"line":1,"character":1}},"text":"-"}`, "a-d\n"},
		{`{"range":{"start":{"line":1,"character":1},"end":{"line":0,"character":1}},"text":"-"}`, "a-d\n"},
		{`{"range":{"start":{"line":0,"character":0},"end":{"line":0,"character":1}},"text":""},{"range":{"start":{"line":0,"character":0},"end":{"line":0,"character":1}},"text":""}`, "\ncd\n"},
		{`{"range":{"start":{"line":7,"character":7},"end":{"line":9,"character":9}},"text":"e"}`, "ab\ncd\ne"},
		{`{"text":"x"},{"range":{"start":{"line":0,"character":1},"end":{"line":0,"character":1}},"text":"y"}`, "xy"},
	} {
		s := (&folders{files: fstest.MapFS{}}).server()
		s.set("file:///w/a.kira.hcl", "ab\ncd\n", 1)
		_, err := about((*server).changed)(s, message{Params: json.RawMessage(`{"textDocument":{"uri":"file:///w/a.kira.hcl","version":2},"contentChanges":[` + tt.changes + `]}`)})
		if got := s.texts["/w/a.kira.hcl"]; err != nil || got != tt.want {
			t.Errorf("%s makes %q, want %q", tt.changes, got, tt.want)
		}
	}
}

// counted is a folder that counts how often it is closed.
type counted struct {
	fs.FS
	closed *int
}

func (c counted) Close() error { *c.closed++; return nil }

// Every folder that is opened is closed, or a day of typing would use up all that a process
// may have open.
func TestFoldersAreClosed(t *testing.T) {
	f := &folders{files: fstest.MapFS{"a.kira.hcl": {Data: []byte("module \"m\" {\n  source = \"./m\"\n}\n")}, "m/a.kira.hcl": {Data: []byte("variable \"x\" {}\n")}}}
	s := f.server()
	opened, closed := 0, 0
	open := s.Folder
	s.Folder = func(dir string) (fs.FS, error) {
		folder, err := open(dir)
		if err == nil {
			opened++
		}
		return counted{folder, &closed}, err
	}
	s.Out, s.published = new(bytes.Buffer), make(map[string]map[string]string)
	s.Check = func(_ context.Context, _ string, _ fs.FS, emit event.Sink) {
		emit(event.Diagnostic{Severity: "error", Source: &event.Source{File: "a.kira.hcl"}})
	}
	var p placeParams
	for _, p.TextDocument.URI = range []string{"file:///w/m/a.kira.hcl", "file:///w/a.kira.hcl"} {
		s.set(p.TextDocument.URI, "variable \"x\" {}\n", 1)
		for _, do := range []func(placeParams) (any, *rpcError){s.complete, s.hover, s.definition} {
			_, _ = do(p)
		}
		s.check(t.Context())
	}
	if opened < 8 || opened != closed {
		t.Errorf("of %d folders %d are closed", opened, closed)
	}
}
