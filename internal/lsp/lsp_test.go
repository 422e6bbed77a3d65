package lsp

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"kiraform/internal/event"
	"kiraform/state"
)

func TestFrames(t *testing.T) {
	for _, tt := range []struct{ name, in, want, problem string }{
		{"a message", "Content-Length: 2\r\n\r\n{}", "{}", ""},
		{"headers that nobody knows, in any case", "X: y\r\ncontent-length:2\r\nContent-Type: x\r\n\r\n{}", "{}", ""},
		{"nothing in it", "Content-Length: 0\r\n\r\n", "", ""},
		{"the end", "", "", "EOF"},
		{"the end in a header", "Content-Le", "", errCut.Error()},
		{"the end behind a header", "Content-Length: 2\r\n", "", errCut.Error()},
		{"the end in a message", "Content-Length: 3\r\n\r\n{}", "", errCut.Error()},
		{"no header", "{}\r\n\r\n", "", `lsp: "{}" is no header`},
		{"no length", "Content-Length: x\r\n\r\n", "", `lsp: " x" is no length`},
		{"a length below nothing", "Content-Length: -1\r\n\r\n", "", `lsp: " -1" is no length`},
		{"too long", "Content-Length: 99999999999\r\n\r\n{}", "", errTooLong.Error()},
		{"a header without end", "X: " + strings.Repeat("x", 1<<20), "", errTooLong.Error()},
		{"headers without end", strings.Repeat("X: y\r\n", 1<<16), "", errTooLong.Error()},
	} {
		body, err := readFrame(bufio.NewReader(strings.NewReader(tt.in)))
		switch {
		case tt.problem == "" && (err != nil || string(body) != tt.want):
			t.Errorf("%s: %q, %v", tt.name, body, err)
		case tt.problem != "" && (err == nil || err.Error() != tt.problem):
			t.Errorf("%s: %v, want %s", tt.name, err, tt.problem)
		}
	}
}

func FuzzFrames(f *testing.F) {
	f.Add([]byte("Content-Length: 2\r\n\r\n{}Content-Length: 100\r\n\r\n{"))
	f.Add([]byte("Content-Length: 9999999\r\nX:\n\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r := bufio.NewReader(bytes.NewReader(data))
		for {
			body, err := readFrame(r)
			if err != nil {
				return
			}
			var b bytes.Buffer
			if err := writeFrame(&b, body); err != nil {
				t.Fatal(err)
			}
			if again, err := readFrame(bufio.NewReader(&b)); err != nil || !bytes.Equal(again, body) {
				t.Fatalf("%q is read as %q, %v", body, again, err)
			}
		}
	})
}

func TestPositionsCountUnitsOfUTF16(t *testing.T) {
	text := "a\n🙂é x\r\n"
	for offset, want := range map[int]position{0: {0, 0}, 1: {0, 1}, 2: {1, 0}, 6: {1, 2}, 8: {1, 3}, 9: {1, 4}, 10: {1, 5}, len(text): {2, 0}} {
		if got := positionOf(text, offset); got != want {
			t.Errorf("byte %d is at %v, want %v", offset, got, want)
		}
		if got := offsetOf(text, want); got != offset {
			t.Errorf("%v is byte %d, want %d", want, got, offset)
		}
	}
	if got := offsetOf(text, position{1, 99}); got != 10 {
		t.Errorf("the end of a line is byte %d, want 10, before its \\r", got)
	}
	for _, p := range []position{{-1, 0}, {0, -5}, {0, 99}, {99, 99}} { // an editor may be wrong
		if got := offsetOf(text, p); got < 0 || got > len(text) {
			t.Errorf("%v is byte %d", p, got)
		}
	}
}

func TestURIs(t *testing.T) {
	for _, path := range []string{"/a b/ü/main.kira.hcl", "/a%20b/#x?.kira.hcl"} {
		if got := pathOf(uriOf(path)); got != filepath.FromSlash(path) {
			t.Errorf("%s becomes %s", path, got)
		}
	}
	for uri, want := range map[string]string{"untitled:Untitled-1": "", "https://example.com/main.kira.hcl": "", "file://host/x": "", "file:///c%3A/x": "c:/x", "%": ""} {
		if got := filepath.ToSlash(pathOf(uri)); got != want {
			t.Errorf("%s is %q, want %q", uri, got, want)
		}
	}
}

// talk sends messages to a server whose only folder is memory, and returns the answers.
func talk(t testing.TB, files fstest.MapFS, messages ...string) []message {
	t.Helper()
	var in, out bytes.Buffer
	for _, m := range messages {
		if err := writeFrame(&in, []byte(m)); err != nil {
			t.Fatal(err)
		}
	}
	err := Serve(t.Context(), Options{In: &in, Out: &out, Version: "0.1.0",
		Folder: func(dir string) (fs.FS, error) {
			if dir != filepath.FromSlash("/w") {
				return nil, fs.ErrNotExist
			}
			return files, nil
		},
		Check: func(context.Context, string, fs.FS, event.Sink) {},
		State: func(string) *state.State { return nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	var all []message
	for r := bufio.NewReader(&out); ; {
		body, err := readFrame(r)
		if err == io.EOF {
			return all
		}
		var m message
		if err != nil || json.Unmarshal(body, &m) != nil {
			t.Fatalf("%s, %v", body, err)
		}
		all = append(all, m)
	}
}

const (
	begin = `{"id":0,"method":"initialize","params":{"rootUri":"file:///w"}}`
	shut  = `{"id":1,"method":"shutdown"}`
	exit  = `{"method":"exit"}`
)

func TestTheServerGoesOnWhateverItIsSent(t *testing.T) {
	all := talk(t, fstest.MapFS{}, `{"id":7,"method":"textDocument/hover"}`, begin, `[]`, `{`, `[{"id":12,"method":"shutdown"}]`, `{"id":8,"method":"textDocument/hover","params":[1]}`,
		`{"id":"x","method":"none"}`, `{"method":"none"}`, `{"id":9,"result":1}`, `{"id":13,"method":"initialize","params":{}}`, `{"id":14,"method":"textDocument/hover"}`, `{"id":10,"method":"textDocument/completion","params":{"textDocument":{"uri":"file:///etc/passwd"}}}`,
		`{"method":"textDocument/didOpen","params":{"textDocument":{"uri":"file:///etc/passwd","text":"x"}}}`,
		`{"method":"textDocument/didChange","params":{"textDocument":{"uri":"file:///w/never-opened.kira.hcl"},"contentChanges":[{"text":"x"}]}}`, shut,
		`{"id":11,"method":"textDocument/hover"}`, `{"id":15,"method":"initialize"}`, exit)
	var got []string
	for _, m := range all {
		code, id := 0, "null"
		if m.ID != nil {
			id = string(*m.ID)
		}
		if m.Error != nil {
			code = m.Error.Code
		}
		got = append(got, fmt.Sprintf("%s %d", id, code))
	}
	want := `7 -32002, 0 0, null -32600, null -32700, null -32600, 8 -32602, "x" -32601, 13 -32600, 14 0, 10 0, 1 0, 11 -32600, 15 -32600`
	if strings.Join(got, ", ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, ", "), want)
	}
}

// FuzzRequests asks everything about every place of any text: nothing panics, and every
// request is answered.
func FuzzRequests(f *testing.F) {
	for _, src := range []string{
		"resource \"kira_user\" \"maria\" {\n  type = \"individual\"\n  identifying_information = [{ type = \"\" }]\n}\nlocals {\n  x = kira_user.maria[0].id\n}\n",
		"module \"m\" {\n  source = \"./m\"\n  a = module.m[\"x\"].y\n}\nmoved {\n  from = kira_user.a\n  to = kira_user.b\n}\n",
		"resource \"kira_user\" \"", "x = [kira_user.a[\"b\"]]].", "action \"kira_payout\" \"p\" {\n config {\n", "\"${\"${}", "a = <<E\n${\n", "variable x {\n type\n",
		"resource kira_user {\n}\noutput {\n}\nkiraform {\n rules {\n  off = []\n}\n}", "]", "data.x", "}{", "locals = {",
	} {
		f.Add(src, uint(len(src)), "x")
		f.Add(src, uint(10), "a b")
	}
	f.Fuzz(func(t *testing.T, src string, at uint, now string) {
		p := positionOf(src, int(at%(uint(len(src))+1)))
		messages := []string{begin}
		add := func(method string, params map[string]any) {
			params["textDocument"] = map[string]any{"uri": "file:///w/main.kira.hcl", "text": src, "version": 1}
			body, err := json.Marshal(map[string]any{"id": len(messages), "method": method, "params": params})
			if err != nil {
				t.Fatal(err)
			}
			messages = append(messages, string(body))
		}
		add("textDocument/didOpen", map[string]any{})
		for method := range methods {
			if !strings.HasPrefix(method, "textDocument/") || strings.HasPrefix(method, "textDocument/did") {
				continue
			}
			d := diagnostic{Source: "kiraform", Range: span{p, p}, Message: "x needs " + now + ". Did you mean \"" + now + "\"?"}
			codes := []string{""}
			if method == "textDocument/codeAction" {
				codes = []string{"missing-attribute", "digits-lost", "pasted-body", "invalid-date"}
			}
			for _, d.Code = range codes {
				add(method, map[string]any{"position": p, "newName": now, "range": d.Range, "context": map[string]any{"diagnostics": []diagnostic{d}}})
			}
		}
		asked := len(messages) - 1
		messages = append(messages, shut, exit)
		answers := talk(t, fstest.MapFS{"m/main.kira.hcl": {Data: []byte(src)}}, messages...)
		got := 0
		for _, m := range answers {
			if m.Error != nil && m.Error.Code == internalError {
				t.Errorf("%s", m.Error.Message)
			}
			if m.ID != nil {
				got++
			}
		}
		if got != asked+2 {
			t.Errorf("%d of %d requests were answered", got, asked+2)
		}
	})
}

// folders serves files below /w, and remembers the folders that were opened.
type folders struct {
	files  fstest.MapFS
	opened []string
}

func (f *folders) server() *server {
	return &server{texts: map[string]string{}, versions: map[string]int{}, parsed: map[string]map[string]parsed{}, dirty: make(chan struct{}, 1), roots: []string{"/w"},
		Options: Options{State: func(string) *state.State { return nil }, Folder: func(dir string) (fs.FS, error) {
			f.opened = append(f.opened, dir)
			if dir == "/w" {
				return f.files, nil
			}
			return fs.Sub(f.files, strings.TrimPrefix(dir, "/w/"))
		}}}
}

// Whatever a request names, a file that is not open is read in the folders of the editor
// only.
func TestNothingOutsideIsRead(t *testing.T) {
	f := &folders{files: fstest.MapFS{"main.kira.hcl": {Data: []byte("variable \"a\" {}\n")}}}
	s := f.server()
	for _, uri := range []string{"file:///etc/main.kira.hcl", "file:///w/../etc/main.kira.hcl", "file:///w/%2e%2e/etc/main.kira.hcl", "file://evil.example/w/main.kira.hcl",
		"file:w/main.kira.hcl", "file:///w/main.kira.hcl%00", "http://w/main.kira.hcl", "", "\x00", "file:"} {
		var p placeParams
		p.TextDocument.URI = uri
		for _, do := range []func(placeParams) (any, *rpcError){s.complete, s.hover, s.definition, s.references, s.prepareRename} {
			if _, err := do(p); err != nil {
				t.Errorf("%q: %v", uri, err)
			}
		}
	}
	if len(f.opened) > 0 {
		t.Errorf("it opened %q", f.opened)
	}
	if ix, _ := s.index("file:///w/main.kira.hcl"); ix == nil || len(ix.uses) != 1 {
		t.Errorf("of a file in the folder it has %v", ix)
	}
}

// Of a configuration, only the file that changed is parsed once more.
func TestOnlyChangedFilesAreParsed(t *testing.T) {
	f := &folders{files: fstest.MapFS{"a.kira.hcl": {Data: []byte("variable \"a\" {}\n")}, "b.kira.hcl": {Data: []byte("variable \"b\" {}\n")}}}
	s := f.server()
	place := func(file string) *use { return &s.parsed["/w"][file].uses[0] }
	s.index(uriOf("/w/a.kira.hcl"))
	a, b := place("a.kira.hcl"), place("b.kira.hcl")
	s.set(uriOf("/w/a.kira.hcl"), "variable \"c\" {}\n", 2)
	ix, _ := s.index(uriOf("/w/a.kira.hcl"))
	if place("a.kira.hcl") == a || place("b.kira.hcl") != b {
		t.Error("it parsed the other files than the one that changed")
	}
	if !ix.defined(name{".", "var.c"}) || ix.defined(name{".", "var.a"}) {
		t.Errorf("it has %v", ix.uses)
	}
}

// A file keeps its ends of lines.
func TestEndsOfLinesAreKept(t *testing.T) {
	text := "resource \"kira_webhook\" \"a\" {\r\n}\r\n\r\nmoved {\r\n  from = kira_webhook.c\r\n  to   = kira_webhook.a\r\n}\r\n"
	f := &folders{files: fstest.MapFS{}}
	s := f.server()
	s.set(uriOf("/w/main.kira.hcl"), text, 1)
	for now, want := range map[string]string{
		"b": strings.Replace(text, `"a"`, `"b"`, 1) + "\r\nmoved {\r\n  from = kira_webhook.a\r\n  to   = kira_webhook.b\r\n}\r\n",
		"c": "resource \"kira_webhook\" \"c\" {\r\n}\r\n\r\nmoved {\r\n  from = kira_webhook.a\r\n  to   = kira_webhook.c\r\n}\r\n",
	} {
		p := placeParams{Position: position{0, 25}, NewName: now}
		p.TextDocument.URI = uriOf("/w/main.kira.hcl")
		edit, err := s.rename(p)
		if err != nil {
			t.Fatal(err)
		}
		edits := edit.(workspaceEdit).Changes[uriOf("/w/main.kira.hcl")]
		slices.SortFunc(edits, func(a, b textEdit) int { return offsetOf(text, b.Range.Start) - offsetOf(text, a.Range.Start) })
		got := text
		for _, e := range edits {
			got = got[:offsetOf(text, e.Range.Start)] + e.NewText + got[offsetOf(text, e.Range.End):]
		}
		if got != want {
			t.Errorf("it is\n%q\nwant\n%q", got, want)
		}
	}
}
