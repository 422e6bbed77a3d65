package lsp

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"kiraform/internal/norace"
)

// A server that goes on from the versions before of a document answers as one that sees
// the document for the first time.
func TestLawAnEditedDocumentIsAnsweredTheSame(t *testing.T) {
	if norace.Run(t, scratch) {
		return
	}
	files, err := filepath.Glob(filepath.Join("..", "..", "examples", "*", "*.hcl"))
	if err != nil || len(files) < 15 {
		t.Fatal(len(files), err)
	}
	edits := 16
	if testing.Short() {
		edits = 4
	}
	r := rand.New(rand.NewPCG(17, 7))
	signs := []string{"x", "{", "}", "\"", "\n", "= ", "# ", "${", "/*", "[", "\noutput \"n\" {\n  value = 1\n}\n", "kira_user."}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		uri := "file:///w/" + filepath.Base(file)
		text := string(data)
		kept := (&folders{files: fstest.MapFS{}}).server()
		for range edits {
			fresh := (&folders{files: fstest.MapFS{}}).server()
			kept.set(uri, text, 1)
			fresh.set(uri, text, 1)
			p := placeParams{Position: positionOf(text, r.IntN(len(text)+1))}
			p.TextDocument.URI = uri
			for name, do := range map[string]func(*server) (any, *rpcError){
				"completion": func(s *server) (any, *rpcError) { return s.complete(p) },
				"hover":      func(s *server) (any, *rpcError) { return s.hover(p) },
				"references": func(s *server) (any, *rpcError) { return s.references(p) },
				"symbols":    func(s *server) (any, *rpcError) { return s.symbols(documentParams{TextDocument: p.TextDocument}) },
			} {
				got, _ := do(kept)
				want, _ := do(fresh)
				if !reflect.DeepEqual(got, want) {
					t.Fatalf("%s at %v: %+v, want %+v, in\n%s", name, p.Position, got, want, text)
				}
			}
			switch at := r.IntN(len(text) + 1); r.IntN(4) {
			case 0:
				text = text[:at] + text[min(at+r.IntN(20), len(text)):]
			case 1:
				text = string(data)
			default:
				text = text[:at] + signs[r.IntN(len(signs))] + text[at:]
			}
		}
	}
}

// Of a document that is edited, only the block that changed is parsed and read up to the
// cursor.
func TestTheBlockAtTheCursorIsRead(t *testing.T) {
	s := (&folders{files: fstest.MapFS{}}).server()
	uri, block := "file:///w/a.kira.hcl", "output \"o\" {\n  value = 1\n}\n"
	for _, text := range []string{strings.Repeat(block, 9), strings.Repeat(block, 4) + "output \"o\" {\n  val\n}\n" + strings.Repeat(block, 4)} {
		s.set(uri, text, 1)
		if ix, file := s.index(uri); len(ix.scopeAt(file, 4*len(block)+18).frames) != 1 {
			t.Errorf("it stands in %+v", ix.scopeAt(file, 4*len(block)+18))
		}
	}
	if got := s.edited["/w/a.kira.hcl"].Begin(4*len(block) + 18); got != 4*len(block) {
		t.Errorf("it reads from %d, want %d", got, 4*len(block))
	}
	_, _ = s.closed(documentParams{TextDocument: documentID{uri}})
	s.index(uri)
	if len(s.edited) > 0 {
		t.Error("it keeps a document that is closed")
	}
}
