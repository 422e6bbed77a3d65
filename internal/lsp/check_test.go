package lsp

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"sync"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"kiraform/internal/event"
)

// told is what an editor was told of mistakes: file, version and number, in order.
func told(t *testing.T, out *bytes.Buffer) (all []string) {
	for r := bufio.NewReader(out); ; {
		body, err := readFrame(r)
		if err == io.EOF {
			return all
		}
		var m message
		var p publishParams
		if err != nil || json.Unmarshal(body, &m) != nil || json.Unmarshal(m.Params, &p) != nil {
			t.Fatalf("%s, %v", body, err)
		}
		version := 0
		if p.Version != nil {
			version = *p.Version
		}
		all = append(all, fmt.Sprintf("%s %d: %d", p.URI, version, len(p.Diagnostics)))
	}
}

// guarded is a buffer that is written to under a lock.
type guarded struct {
	mu *sync.Mutex
	to *bytes.Buffer
}

// Write implements [io.Writer].
func (g *guarded) Write(p []byte) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.to.Write(p)
}

// The next keystroke ends a check without a word about a text that is no more, and the
// text that rests is checked.
func TestAKeystrokeOvertakesACheck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex // of the counts and of out
		var out bytes.Buffer
		f := &folders{files: fstest.MapFS{}}
		s := f.server()
		s.Out, s.published = &guarded{&mu, &out}, make(map[string]map[string]string)
		finished, overtaken := 0, 0
		s.Check = func(ctx context.Context, _ string, _ fs.FS, emit event.Sink) {
			emit(event.Diagnostic{Severity: "error", Source: &event.Source{File: "a.kira.hcl"}})
			select {
			case <-ctx.Done():
				mu.Lock()
				overtaken++
			case <-time.After(time.Second):
				mu.Lock()
				finished++
			}
			mu.Unlock()
		}
		ctx, cancel := context.WithCancel(t.Context())
		go s.checks(ctx)
		for version := range 5 {
			s.set("file:///w/a.kira.hcl", "x", version)
			time.Sleep(300 * time.Millisecond)
		}
		mu.Lock()
		if finished != 0 || overtaken != 4 || out.Len() > 0 {
			t.Errorf("while somebody types %d checks are finished, %d overtaken; it says %s", finished, overtaken, &out)
		}
		mu.Unlock()
		time.Sleep(5 * time.Second)
		cancel()
		synctest.Wait()
		if got := fmt.Sprint(told(t, &out)); finished != 1 || got != "[file:///w/a.kira.hcl 4: 1]" {
			t.Errorf("then %d checks are finished, and it says %s", finished, got)
		}
	})
}

// A file that is not open is told of when its mistakes change, and an open one whenever it
// was checked: the editor forgets them when it closes a file.
func TestOnlyNewsIsTold(t *testing.T) {
	var out bytes.Buffer
	f := &folders{files: fstest.MapFS{"b.kira.hcl": {Data: []byte("x")}}}
	s := f.server()
	s.Out, s.published = &out, make(map[string]map[string]string)
	mistakes := 1
	s.Check = func(_ context.Context, _ string, _ fs.FS, emit event.Sink) {
		for n := range mistakes {
			for _, key := range []string{"0", "1"} { // instances of one block have the same mistakes
				emit(event.Diagnostic{Severity: "error", Summary: fmt.Sprint(n), Addr: "kira_user.u[" + key + "]", Source: &event.Source{File: "b.kira.hcl"}})
			}
		}
	}
	check := func() string {
		s.check(t.Context())
		return fmt.Sprint(told(t, &out))
	}
	s.set("file:///w/a.kira.hcl", "x", 1)
	s.set("file:///w/b.kira.hcl", "x", 1)
	for i, want := range []string{
		"[file:///w/a.kira.hcl 1: 0 file:///w/b.kira.hcl 1: 1]",
		"[file:///w/a.kira.hcl 2: 0 file:///w/b.kira.hcl 0: 1]", // b is closed
		"[file:///w/a.kira.hcl 3: 0]",
		"[file:///w/a.kira.hcl 4: 0 file:///w/b.kira.hcl 0: 2]", // another mistake
		"[file:///w/a.kira.hcl 5: 0 file:///w/b.kira.hcl 0: 0]", // and none
		"[file:///w/a.kira.hcl 6: 0]",
	} {
		switch i {
		case 1:
			var p documentParams
			p.TextDocument.URI = "file:///w/b.kira.hcl"
			_, _ = s.closed(p)
		case 3:
			mistakes = 2
		case 4:
			mistakes = 0
		}
		s.set("file:///w/a.kira.hcl", "x", i+1)
		if got := check(); got != want {
			t.Errorf("after check %d it says %s, want %s", i+1, got, want)
		}
	}
}
