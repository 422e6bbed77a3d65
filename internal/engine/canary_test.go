package engine_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"kiraform/internal/engine"
	"kiraform/internal/event"
	"kiraform/internal/kira"
	"kiraform/internal/simulator"
	"kiraform/internal/ui/text"
)

// canaries are the secrets that random configurations have.
var canaries = []string{
	"secret-1", "secret-2", "222-22-222", "222222222", "G12345678", "G87654321", ein, "98-7654321",
	"D11111111", "D22222222", "RUAA910203MDFZNN09", "ROOL881120HDFRRS01", "032180000118359719",
	"canary-password", "canary-api-key",
}

// ein takes the place of the number that kiraform's own messages give as an
// example.
const ein = "31-4159265"

// parrot answers some requests with an error that repeats all it was sent, in
// one of the forms that Kira has for errors.
func parrot(form int, every int) func(http.Handler) http.Handler {
	var n atomic.Int64
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(body))
			if form == 0 || n.Add(1)%int64(every) != 0 || strings.HasSuffix(r.URL.Path, "/auth") {
				next.ServeHTTP(w, r)
				return
			}
			said := string(body) + fmt.Sprint(r.Header)
			status, answer := http.StatusBadRequest, any(nil)
			switch form {
			case 1:
				answer = map[string]any{"error": "Bad Request", "message": said}
			case 2:
				answer = map[string]any{"code": "validation_error", "message": "no", "details": []any{said, map[string]any{"path": "ein", "message": said}}}
			case 3:
				status, answer = http.StatusInternalServerError, map[string]any{"error": map[string]any{"code": said, "message": said}}
			default:
				w.WriteHeader(http.StatusOK)
				io.WriteString(w, "got "+said)
				return
			}
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			json.NewEncoder(w).Encode(answer)
		})
	}
}

// Law 7: no secret shows up in anything that a run prints, says, logs or keeps,
// however it goes.
func TestLawCanary(t *testing.T) {
	law(t, func(rt *rapid.T) {
		w := fresh(t, rt)
		w.onDisk = true
		w.watch.Allows(simulator.SecondObject, simulator.IdleRegistration, simulator.IdlePut) // a later run may want an object back that one has forgotten
		var log bytes.Buffer
		w.client = func(c *kira.Client) {
			c.APIKey, c.Password, c.MaxTries = "canary-api-key", "canary-password", 1
			c.Log = slog.New(slog.NewJSONHandler(&log, nil))
		}
		var said bytes.Buffer
		for range rapid.IntRange(1, 3).Draw(rt, "runs") {
			w.through(t, parrot(rapid.IntRange(0, 4).Draw(rt, "form"), rapid.IntRange(1, 4).Draw(rt, "every")))
			w.overhear(&said, broken(rt, random(rt)), rapid.Bool().Draw(rt, "destroy"))
		}
		kept := said.String() + log.String() + content(rt, w.dir)
		for _, c := range canaries {
			if at := strings.Index(kept, c); at >= 0 {
				rt.Fatalf("%s got out: ...%s...", c, kept[max(0, at-300):min(len(kept), at+100)])
			}
		}
	})
}

// broken makes one of the mistakes in src that are reported with the line
// which they are on.
func broken(t *rapid.T, src string) string {
	src = strings.ReplaceAll(src, "12-3456789", ein)
	switch rapid.IntRange(0, 9).Draw(t, "mistake") {
	case 0:
		return strings.ReplaceAll(src, "ein = \"", "ein = \"x") // not in the form of one
	case 1:
		return strings.ReplaceAll(src, "document_number = \"", "document_numbr = document_number = \"") // does not parse
	case 2:
		return strings.ReplaceAll(src, "\"\n  }]", "\n  }]") // a string without an end
	case 3:
		return strings.ReplaceAll(src, "ssn = \"", "ssn = nothing.such + \"")
	case 4:
		return strings.ReplaceAll(src, "secret = ", "secret = [") + "\n"
	case 5:
		return strings.ReplaceAll(src, "clabe = \"", "clabe = \"9")
	}
	return src
}

// overhear plans and applies src, and writes down all that is said of it: as
// JSON, as text, and as the error that comes back.
func (w *world) overhear(said *bytes.Buffer, src string, destroy bool) {
	o := w.options(src)
	view := text.New(text.Options{Out: said, Err: said})
	o.Emit = func(e event.Event) {
		data, err := json.Marshal(e)
		fmt.Fprintln(said, string(data), err)
		view.Handle(e)
	}
	p, err := engine.Open(o)
	if err != nil {
		fmt.Fprintln(said, err)
		return
	}
	pl, err := p.Plan(context.Background(), engine.PlanOptions{Destroy: destroy})
	if err != nil {
		fmt.Fprintln(said, err)
		return
	}
	sum, err := p.Apply(context.Background(), pl, engine.ApplyOptions{})
	fmt.Fprintln(said, sum, err)
}

// content is all that stands in the files of a folder.
func content(t failer, dir string) string {
	var b strings.Builder
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		b.Write(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}
