package lsp

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"kiraform/internal/norace"
)

// labels are the proposals at the end of a text.
func labels(t *testing.T, file, src string) (all []string) {
	s := (&folders{files: fstest.MapFS{"z.kira.hcl": {Data: []byte("variable \"v\" {}\n")}}}).server()
	uri := "file:///w/" + file
	s.set(uri, src, 1)
	p := placeParams{Position: positionOf(src, len(src))}
	p.TextDocument.URI = uri
	list, err := s.complete(p)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range list.(completionList).Items {
		all = append(all, i.Label)
	}
	return all
}

// In the arguments of a call stand values, whatever is in the arguments before.
func TestArgumentsOfACallAreValues(t *testing.T) {
	for _, call := range []string{"lower(", "join(\"-\", ", "merge({ a = 1 }, ", "concat([1, 2], ", "f(g(1, 2), ", "merge({ a = f(1, "} {
		src := "resource \"kira_user\" \"a\" {\n  email = " + call
		if got := fmt.Sprint(labels(t, "a.kira.hcl", src)); !strings.Contains(got, "var.v") || strings.Contains(got, "first_name") {
			t.Errorf("behind %s it proposes %.200s", call, got)
		}
	}
	for _, before := range []string{"email = lower(var.v)\n  ", "email = lower(\n  ", "email = merge({ a = 1 })\n  ", "ignored = [lower(\"x\")]\n  "} {
		src := "resource \"kira_user\" \"a\" {\n  " + before
		if got := fmt.Sprint(labels(t, "a.kira.hcl", src)); !strings.Contains(got, "first_name") {
			t.Errorf("behind %q it proposes %.200s", before, got)
		}
	}
}

// Every beginning of every example is a text that somebody has typed so far.
func TestEveryBeginningOfTheExamples(t *testing.T) {
	if norace.Run(t, t.TempDir()) {
		return
	}
	files, err := filepath.Glob(filepath.Join("..", "..", "examples", "*", "*.hcl"))
	if err != nil || len(files) < 15 {
		t.Fatal(len(files), err)
	}
	step := 31
	if testing.Short() {
		step = 97
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i < len(data); i += step {
			labels(t, filepath.Base(file), string(data[:i]))
		}
		for i := range data { // a call with an argument to come is a text that HCL knows no end of
			if data[i] == ',' {
				labels(t, filepath.Base(file), string(data[:i+1]))
			}
		}
	}
}
