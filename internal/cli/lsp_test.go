package cli_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/rogpeppe/go-internal/testscript"
)

// editor is an editor that starts kiraform lsp in the folder of a script, and does what
// a file says, a line each:
//
//	open FILE                  open it
//	write FILE TEXT            open one that is not on the disk
//	mistakes FILE              wait for its mistakes, and print them
//	replace FILE OLD -> NEW    type NEW in place of OLD
//	close FILE | remove FILE   close it, or remove it from the disk
//	folder DIR                 open another folder
//	at FILE TEXT               put the cursor behind TEXT
//	complete [PREFIX]          print what is proposed, or what of it begins so
//	hover | definition | references | symbols FILE
//	rename NEW                 rename what is under the cursor, and print the files
//	fixes FILE [TITLE]         print the corrections of all mistakes, or do one
//	format FILE                format it and print it
//	send TEXT                  send a message as it is
func editor(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: editor FILE")
	}
	e := &lspEditor{ts: ts, dir: ts.MkAbs("."), texts: make(map[string]string), versions: make(map[string]int), mistakes: make(map[string][]lspDiagnostic)}
	e.start()
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		if line = strings.TrimSpace(line); line != "" {
			fmt.Fprintf(&e.out, "> %s\n", line)
			e.do(strings.Fields(line)[0], strings.TrimSpace(strings.TrimPrefix(line, strings.Fields(line)[0])))
		}
	}
	e.stop()
	ts.Check(os.WriteFile(ts.MkAbs("stdout.editor"), []byte(e.out.String()), 0o600))
}

type lspPosition struct {
	Line      int `json:"line"`
	Character int `json:"character"`
}

type lspRange struct{ Start, End lspPosition }

type lspEdit struct {
	Range   lspRange `json:"range"`
	NewText string   `json:"newText"`
}

type lspDiagnostic struct {
	Range    lspRange `json:"range"`
	Severity int      `json:"severity"`
	Code     string   `json:"code"`
	Source   string   `json:"source"`
	Message  string   `json:"message"`
}

type lspEditor struct {
	ts       *testscript.TestScript
	dir      string
	cmd      *exec.Cmd
	in       io.WriteCloser
	answers  chan map[string]json.RawMessage
	out      strings.Builder
	ids      int
	file     string
	cursor   lspPosition
	texts    map[string]string
	versions map[string]int
	mistakes map[string][]lspDiagnostic
	fresh    map[string]int // the version that mistakes are of
}

func (e *lspEditor) start() {
	program := ""
	for _, dir := range filepath.SplitList(e.ts.Getenv("PATH")) {
		if path := filepath.Join(dir, "kiraform"); program == "" {
			if _, err := os.Stat(path); err == nil {
				program = path
			}
		}
	}
	e.cmd = exec.Command(program, "lsp")
	e.cmd.Dir, e.cmd.Env = e.dir, os.Environ()
	for _, name := range []string{"KIRAFORM_LOG", "TRANSCRIPT", "HOME", "KIRA_BASE_URL"} {
		e.cmd.Env = append(e.cmd.Env, name+"="+e.ts.Getenv(name))
	}
	var err error
	e.in, err = e.cmd.StdinPipe()
	e.ts.Check(err)
	out, err := e.cmd.StdoutPipe()
	e.ts.Check(err)
	e.ts.Check(e.cmd.Start())
	e.fresh = make(map[string]int)
	e.answers = make(chan map[string]json.RawMessage, 100)
	go func() {
		defer close(e.answers)
		for r := bufio.NewReader(out); ; {
			length := 0
			for {
				line, err := r.ReadString('\n')
				if err != nil {
					return
				}
				if line = strings.TrimSpace(line); line == "" {
					break
				}
				length, _ = strconv.Atoi(strings.TrimPrefix(line, "Content-Length: "))
			}
			body := make([]byte, length)
			var m map[string]json.RawMessage
			if _, err := io.ReadFull(r, body); err != nil || json.Unmarshal(body, &m) != nil {
				return
			}
			e.answers <- m
		}
	}()
	e.request("initialize", map[string]any{"rootUri": e.uri("."), "capabilities": map[string]any{}})
	e.notify("initialized", map[string]any{})
}

func (e *lspEditor) stop() {
	e.request("shutdown", nil)
	e.notify("exit", nil)
	e.ts.Check(e.cmd.Wait())
}

func (e *lspEditor) uri(file string) string {
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(filepath.Join(e.dir, file))}).String()
}

func (e *lspEditor) write(body string) {
	_, err := fmt.Fprintf(e.in, "Content-Length: %d\r\n\r\n%s", len(body), body)
	e.ts.Check(err)
}

func (e *lspEditor) notify(method string, params any) {
	body, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "method": method, "params": params})
	e.ts.Check(err)
	e.write(string(body))
}

// request sends a request and returns the result, or an error of the server as text.
func (e *lspEditor) request(method string, params any) json.RawMessage {
	e.ids++
	body, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": e.ids, "method": method, "params": params})
	e.ts.Check(err)
	e.write(string(body))
	for {
		m := e.next()
		if string(m["id"]) != strconv.Itoa(e.ids) {
			continue
		}
		if m["error"] != nil {
			fmt.Fprintf(&e.out, "error %s\n", m["error"])
			return nil
		}
		return m["result"]
	}
}

// next takes the next message, and takes note of mistakes.
func (e *lspEditor) next() map[string]json.RawMessage {
	select {
	case m, ok := <-e.answers:
		if !ok {
			e.ts.Fatalf("the server went away; so far:\n%s", e.out.String())
		}
		if string(m["method"]) == `"textDocument/publishDiagnostics"` {
			var p struct {
				URI         string
				Version     int
				Diagnostics []lspDiagnostic
			}
			e.ts.Check(json.Unmarshal(m["params"], &p))
			u, err := url.Parse(p.URI)
			e.ts.Check(err)
			file, err := filepath.Rel(e.dir, filepath.FromSlash(u.Path))
			e.ts.Check(err)
			e.mistakes[file], e.fresh[file] = p.Diagnostics, p.Version
		}
		return m
	case <-time.After(time.Minute):
		e.ts.Fatalf("the server says nothing; so far:\n%s", e.out.String())
	}
	return nil
}

func (e *lspEditor) do(verb, rest string) {
	file, more, _ := strings.Cut(rest, " ")
	place := map[string]any{"textDocument": map[string]any{"uri": e.uri(e.file)}, "position": e.cursor,
		"newName": rest, "context": map[string]any{"includeDeclaration": true}}
	document := map[string]any{"textDocument": map[string]any{"uri": e.uri(file)}}
	switch verb {
	case "open":
		e.texts[file], e.versions[file] = e.ts.ReadFile(file), 1
		e.notify("textDocument/didOpen", map[string]any{"textDocument": map[string]any{"uri": e.uri(file), "languageId": "kiraform", "version": 1, "text": e.texts[file]}})
	case "write":
		e.texts[file], e.versions[file] = unquoted(`"`+strings.ReplaceAll(more, `"`, `\"`)+`"`), 1
		e.notify("textDocument/didOpen", map[string]any{"textDocument": map[string]any{"uri": e.uri(file), "languageId": "kiraform", "version": 1, "text": e.texts[file]}})
	case "close":
		delete(e.versions, file)
		e.notify("textDocument/didClose", document)
	case "remove":
		e.ts.Check(os.Remove(e.ts.MkAbs(file)))
		e.notify("workspace/didChangeWatchedFiles", map[string]any{"changes": []any{map[string]any{"uri": e.uri(file), "type": 3}}})
	case "folder":
		e.notify("workspace/didChangeWorkspaceFolders", map[string]any{"event": map[string]any{"added": []any{map[string]any{"uri": e.uri(file), "name": file}}}})
	case "replace":
		old, now, _ := strings.Cut(more, " -> ")
		e.replace(file, unquoted(old), unquoted(now))
	case "mistakes":
		for e.fresh[file] < e.versions[file] {
			e.next()
		}
		for _, d := range e.mistakes[file] {
			fmt.Fprintf(&e.out, "%s %d %s %s\n", spanText(d.Range), d.Severity, d.Code, strings.ReplaceAll(d.Message, "\n", " "))
		}
	case "at":
		i := strings.Index(e.texts[file], unquoted(more))
		if i < 0 {
			e.ts.Fatalf("%s has no %s:\n%s", file, more, e.texts[file])
		}
		e.file, e.cursor = file, e.positionAt(file, i+len(unquoted(more)))
	case "complete":
		e.complete(e.request("textDocument/completion", place), rest)
	case "hover":
		var h *struct{ Contents struct{ Value string } }
		e.ts.Check(json.Unmarshal(e.request("textDocument/hover", place), &h))
		if h != nil {
			fmt.Fprintln(&e.out, strings.TrimSpace(h.Contents.Value))
		}
	case "definition", "references":
		var all []struct {
			URI   string
			Range lspRange
		}
		e.ts.Check(json.Unmarshal(e.request("textDocument/"+verb, place), &all))
		for _, l := range all {
			fmt.Fprintf(&e.out, "%s %s\n", strings.TrimPrefix(l.URI, e.uri(".")+"/"), spanText(l.Range))
		}
	case "symbols":
		e.symbols(e.request("textDocument/documentSymbol", document), "")
	case "format":
		var edits []lspEdit
		e.ts.Check(json.Unmarshal(e.request("textDocument/formatting", document), &edits))
		e.edit(map[string][]lspEdit{e.uri(file): edits})
	case "rename":
		var w struct{ Changes map[string][]lspEdit }
		if result := e.request("textDocument/rename", place); result != nil {
			e.ts.Check(json.Unmarshal(result, &w))
		}
		e.edit(w.Changes)
	case "fixes":
		e.fixes(file, more)
	case "send":
		e.write(rest)
		fmt.Fprintf(&e.out, "%s\n", e.next()["error"])
	default:
		e.ts.Fatalf("an editor cannot %s", verb)
	}
}

func unquoted(s string) string {
	if u, err := strconv.Unquote(s); err == nil {
		return u
	}
	return s
}

func spanText(r lspRange) string {
	return fmt.Sprintf("%d:%d-%d:%d", r.Start.Line+1, r.Start.Character+1, r.End.Line+1, r.End.Character+1)
}

func (e *lspEditor) positionAt(file string, i int) lspPosition {
	before := e.texts[file][:i]
	line := before[strings.LastIndexByte(before, '\n')+1:]
	return lspPosition{strings.Count(before, "\n"), len(utf16.Encode([]rune(line)))}
}

func (e *lspEditor) offset(file string, p lspPosition) int {
	lines := strings.SplitAfter(e.texts[file], "\n")
	at := len(strings.Join(lines[:p.Line], ""))
	if p.Line == len(lines) {
		return at
	}
	return at + len(string(utf16.Decode(utf16.Encode([]rune(lines[p.Line]))[:p.Character])))
}

// replace types something in place of old, as an editor tells of it: by a range.
func (e *lspEditor) replace(file, old, now string) {
	i := strings.Index(e.texts[file], old)
	if i < 0 {
		e.ts.Fatalf("%s has no %q:\n%s", file, old, e.texts[file])
	}
	r := map[string]any{"start": e.positionAt(file, i), "end": e.positionAt(file, i+len(old))}
	e.texts[file] = e.texts[file][:i] + now + e.texts[file][i+len(old):]
	e.versions[file]++
	e.notify("textDocument/didChange", map[string]any{"textDocument": map[string]any{"uri": e.uri(file), "version": e.versions[file]},
		"contentChanges": []any{map[string]any{"range": r, "text": now}}})
}

func (e *lspEditor) complete(result json.RawMessage, prefix string) {
	var list struct {
		Items []struct {
			Label, Detail string
			TextEdit      lspEdit
		}
	}
	e.ts.Check(json.Unmarshal(result, &list))
	for _, item := range list.Items {
		if strings.HasPrefix(item.Label, prefix) {
			fmt.Fprintf(&e.out, "%s  %s\n", item.TextEdit.NewText, item.Detail)
		}
	}
}

func (e *lspEditor) symbols(result json.RawMessage, indent string) {
	var all []struct {
		Name, Detail string
		Kind         int
		Children     json.RawMessage
	}
	e.ts.Check(json.Unmarshal(result, &all))
	for _, s := range all {
		fmt.Fprintf(&e.out, "%s%s %s\n", indent, s.Name, s.Detail)
		if s.Children != nil {
			e.symbols(s.Children, indent+"  ")
		}
	}
}

// edit changes the files, and prints each that changed. An open one is told of.
func (e *lspEditor) edit(changes map[string][]lspEdit) {
	for _, uri := range slices.Sorted(keysOf(changes)) {
		file := strings.TrimPrefix(uri, e.uri(".")+"/")
		if _, open := e.texts[file]; !open {
			e.texts[file] = e.ts.ReadFile(file)
		}
		edits := changes[uri]
		sort.SliceStable(edits, func(i, j int) bool {
			return e.offset(file, edits[i].Range.Start) > e.offset(file, edits[j].Range.Start)
		})
		text := e.texts[file]
		for _, x := range edits {
			text = text[:e.offset(file, x.Range.Start)] + x.NewText + text[e.offset(file, x.Range.End):]
		}
		if e.versions[file] > 0 && text != e.texts[file] {
			e.replace(file, e.texts[file], text)
		}
		e.texts[file] = text
		if e.versions[file] == 0 { // it is not open, so it is saved
			e.ts.Check(os.WriteFile(e.ts.MkAbs(file), []byte(text), 0o600))
		}
		fmt.Fprintf(&e.out, "-- %s\n%s", file, text)
	}
}

func keysOf[V any](m map[string]V) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func (e *lspEditor) fixes(file, title string) {
	for e.fresh[file] < e.versions[file] {
		e.next()
	}
	var all []struct {
		Title string
		Edit  struct{ Changes map[string][]lspEdit }
	}
	for _, d := range e.mistakes[file] {
		result := e.request("textDocument/codeAction", map[string]any{"textDocument": map[string]any{"uri": e.uri(file)},
			"range": d.Range, "context": map[string]any{"diagnostics": []lspDiagnostic{d}}})
		e.ts.Check(json.Unmarshal(result, &all))
		for _, a := range all {
			if title == "" {
				fmt.Fprintln(&e.out, a.Title)
			} else if a.Title == title {
				e.edit(a.Edit.Changes)
				return
			}
		}
	}
}
