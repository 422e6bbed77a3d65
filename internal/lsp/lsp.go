// Package lsp is the language server: it tells an editor about a configuration while
// that is typed.
//
// It reads the folders of the documents that are open, and nothing else. It calls no
// function that reads files or the environment, never decrypts a state and never talks
// to Kira. Of a state it shows ids, statuses and dates, and no attribute's value.
//
// Start at [Serve]. Requests are answered in order by one goroutine; another one checks
// the configuration whenever the texts have rested, and leaves a check alone that is
// overtaken by the next keystroke.
package lsp

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"sync"
	"time"

	"kiraform/internal/config"
	"kiraform/internal/event"
	"kiraform/internal/sched"
	"kiraform/state"
)

// Options is all that a server needs of the world.
type Options struct {
	In  io.Reader
	Out io.Writer

	Version string // of kiraform

	// Folder opens the folder of a configuration, which is closed after each use, if it
	// can be.
	Folder func(dir string) (fs.FS, error)

	// Check checks the configuration in folder, which is dir with the texts that are
	// not saved. It emits the mistakes. Once the context ends it returns soon, and they
	// are of no meaning. There is one check at a time.
	Check func(ctx context.Context, dir string, folder fs.FS, emit event.Sink)

	// State returns the state of the configuration in dir, or nil if there is none, or
	// none that can be read as it is.
	State func(dir string) *state.State
}

// rest is how long nothing has to be typed before the configuration is checked.
// That of a large one rests longer.
const (
	rest        = 150 * time.Millisecond
	longestRest = 2 * time.Second
)

// mostMistakes is how many mistakes of a file are shown.
const mostMistakes = 1000

// Serve answers an editor until it says exit or goes away. It returns an error if it
// went away without a word.
func Serve(ctx context.Context, o Options) error {
	s := &server{Options: o, parsed: make(map[string]map[string]parsed), texts: make(map[string]string), versions: make(map[string]int),
		published: make(map[string]map[string]string), dirty: make(chan struct{}, 1)}
	ctx, cancel := context.WithCancel(ctx)
	var checking sync.WaitGroup
	checking.Go(func() { s.checks(ctx) })
	defer checking.Wait()
	defer cancel()
	r := bufio.NewReader(o.In)
	for !s.exited {
		body, err := readFrame(r)
		switch {
		case err == io.EOF && s.shut:
			return nil
		case err == io.EOF:
			return errors.New("the editor went away before it said shutdown")
		case err != nil:
			return err
		}
		var m message
		if err := json.Unmarshal(body, &m); err != nil {
			null, wrong := json.RawMessage("null"), &rpcError{parseError, "this is not JSON"}
			if json.Valid(body) { // as a list of messages is, which the protocol has not
				wrong = &rpcError{invalidRequest, "this is no message of the Language Server Protocol, which has no batches: send each message by itself"}
			}
			if err := s.send(message{ID: &null, Error: wrong}); err != nil {
				return err
			}
			continue
		}
		if err := s.receive(m); err != nil {
			return err
		}
	}
	if !s.shut {
		return errors.New("the editor said exit before shutdown")
	}
	return nil
}

type server struct {
	Options

	writing sync.Mutex // of Out

	ready, shut, exited bool
	roots               []string // the folders that the editor has open
	watches             bool     // the editor tells of changed files if it is asked to

	parsed map[string]map[string]parsed // by root and file; of the goroutine that answers
	edited map[string]*config.Edited    // the documents that are open, by path; of the same one

	mu       sync.Mutex
	texts    map[string]string // of the open documents, by path
	versions map[string]int
	uris     map[string]string // as the editor writes them, by path; of closed ones too

	dirty     chan struct{}
	published map[string]map[string]string // the last word on each file that was told of, by the folder that was checked
}

// send writes a message to the editor.
func (s *server) send(m message) error {
	m.JSONRPC = "2.0"
	body, err := json.Marshal(m)
	if err != nil {
		return err
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	return writeFrame(s.Out, body)
}

// receive answers a request, or takes note of a notification.
func (s *server) receive(m message) error {
	if m.Method == "" {
		return nil // an answer; nothing is asked
	}
	var result any
	var answer *rpcError
	err := sched.Catch(func() error {
		result, answer = s.handle(m)
		return nil
	})
	if err != nil { // a bug is no reason to leave the editor alone
		answer = &rpcError{internalError, "kiraform encountered a bug in " + m.Method}
	}
	if m.ID == nil {
		return nil
	}
	if answer == nil && result == nil {
		result = json.RawMessage("null")
	}
	return s.send(message{ID: m.ID, Result: result, Error: answer})
}

// handle carries out the request in m.
func (s *server) handle(m message) (any, *rpcError) {
	switch {
	case m.Method == "exit":
		s.exited = true
		return nil, nil
	case s.shut:
		return nil, &rpcError{invalidRequest, "after shutdown there is nothing but exit"}
	case m.Method == "initialize" && s.ready:
		return nil, &rpcError{invalidRequest, "initialize was sent already"}
	case m.Method == "initialize":
		return s.initialize(m)
	case !s.ready:
		return nil, &rpcError{notInitialised, "the first request has to be initialize"}
	}
	if do, ok := methods[m.Method]; ok {
		return do(s, m)
	}
	return nil, &rpcError{methodNotFound, "there is no method " + m.Method}
}

// methods are the requests and notifications that are understood.
var methods map[string]func(*server, message) (any, *rpcError)

func init() {
	nothing := func(*server, message) (any, *rpcError) { return nil, nil }
	methods = map[string]func(*server, message) (any, *rpcError){
		"initialized":     about((*server).initialized),
		"$/cancelRequest": nothing, // answers are quick
		"$/setTrace":      nothing,
		"shutdown": func(s *server, _ message) (any, *rpcError) {
			s.shut = true
			return nil, nil
		},
		"textDocument/didOpen":                about((*server).opened),
		"textDocument/didChange":              about((*server).changed),
		"textDocument/didClose":               about((*server).closed),
		"textDocument/didSave":                about(func(s *server, _ documentParams) (any, *rpcError) { s.touch(); return nil, nil }),
		"workspace/didChangeWatchedFiles":     about(func(s *server, _ struct{}) (any, *rpcError) { s.touch(); return nil, nil }),
		"workspace/didChangeWorkspaceFolders": about((*server).foldersChanged),
		"workspace/didChangeConfiguration":    nothing,
		"textDocument/completion":             about((*server).complete),
		"textDocument/hover":                  about((*server).hover),
		"textDocument/definition":             about((*server).definition),
		"textDocument/references":             about((*server).references),
		"textDocument/documentHighlight":      about((*server).highlights),
		"textDocument/documentSymbol":         about((*server).symbols),
		"textDocument/prepareRename":          about((*server).prepareRename),
		"textDocument/rename":                 about((*server).rename),
		"textDocument/formatting":             about((*server).formatting),
		"textDocument/codeAction":             about((*server).actions),
	}
}

// about reads the parameters of a message for do.
func about[P any](do func(*server, P) (any, *rpcError)) func(*server, message) (any, *rpcError) {
	return func(s *server, m message) (any, *rpcError) {
		var p P
		if len(m.Params) == 0 { // which the protocol allows where nothing is said
			m.Params = json.RawMessage("{}")
		}
		if err := json.Unmarshal(m.Params, &p); err != nil {
			return nil, &rpcError{invalidParams, "the parameters of " + m.Method + " cannot be read"}
		}
		return do(s, p)
	}
}

func (s *server) initialize(m message) (any, *rpcError) {
	var p initializeParams
	_ = json.Unmarshal(m.Params, &p) // without a folder it works as well
	s.mu.Lock()
	s.addRoots(documentID{p.RootURI})
	s.addRoots(p.WorkspaceFolders...)
	s.mu.Unlock()
	s.watches = p.Capabilities.Workspace.DidChangeWatchedFiles.DynamicRegistration
	s.ready = true
	return map[string]any{
		"serverInfo": map[string]any{"name": "kiraform", "version": s.Version},
		"capabilities": map[string]any{
			"positionEncoding":           "utf-16",
			"textDocumentSync":           map[string]any{"openClose": true, "change": 2, "save": map[string]any{}},
			"completionProvider":         map[string]any{"triggerCharacters": []string{".", "\"", "=", "["}},
			"hoverProvider":              true,
			"definitionProvider":         true,
			"referencesProvider":         true,
			"documentHighlightProvider":  true,
			"documentSymbolProvider":     true,
			"renameProvider":             map[string]any{"prepareProvider": true},
			"documentFormattingProvider": true,
			"codeActionProvider":         map[string]any{"codeActionKinds": []string{"quickfix"}},
			"workspace":                  map[string]any{"workspaceFolders": map[string]any{"supported": true, "changeNotifications": true}},
		},
	}, nil
}
