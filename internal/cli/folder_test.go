package cli_test

import (
	"bytes"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kiraform/internal/cli"
	"kiraform/internal/simulator"
	"kiraform/internal/simulator/simtest"
)

// folder is a folder of configuration with the command line at work in it, as
// the binary would be.
type folder struct {
	t       testing.TB
	dir     string
	environ map[string]string
	stdin   string
	tty     bool
	watch   simtest.Watch // on the requests to its Kira

	interrupts chan os.Signal
	hears      func(said string) // is told all that a command has said until now
}

// heard is the output of a command.
type heard struct {
	bytes.Buffer
	hears func(said string)
}

func (h *heard) Write(p []byte) (int, error) {
	n, err := h.Buffer.Write(p)
	if h.hears != nil {
		h.hears(h.String())
	}
	return n, err
}

// newFolder returns a folder that holds files, given by name. Its test fails if
// kiraform behaves like no good client.
func newFolder(t testing.TB, files map[string]string) *folder {
	f := &folder{t: t, dir: t.TempDir(), environ: make(map[string]string)}
	t.Cleanup(func() {
		f.watch.LookBelow(t, f.dir)
		f.watch.Judge(t)
	})
	for name, content := range files {
		f.write(name, content)
	}
	return f
}

// serve serves sim to the folder, over TCP and through a handler if there is
// one, and watches it.
func (f *folder) serve(sim *simulator.Server, through http.Handler) {
	f.t.Cleanup(func() { f.watch.Look(sim) })
	f.environ["KIRA_BASE_URL"] = simtest.Serve(f.t, sim, through).URL + "/sandbox"
}

func (f *folder) write(name, content string) {
	f.t.Helper()
	path := filepath.Join(f.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		f.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		f.t.Fatal(err)
	}
}

func (f *folder) path(name string) string { return filepath.Join(f.dir, name) }

func (f *folder) read(name string) string {
	f.t.Helper()
	data, err := os.ReadFile(f.path(name))
	if err != nil {
		f.t.Fatal(err)
	}
	return string(data)
}

// result is the output of one command, and its exit code.
type result struct {
	code     int
	out, err string
}

// words is all that was printed, without frames and with every run of white
// space as one space: these tests are not about the places where lines break.
func (r result) words() string {
	return strings.Join(strings.Fields(strings.NewReplacer("╷", "", "│", "", "╵", "").Replace(r.out+" "+r.err)), " ")
}

func (f *folder) run(args ...string) result {
	f.t.Helper()
	out, err := heard{hears: f.hears}, heard{hears: f.hears}
	code := cli.Main(f.t.Context(), cli.Env{
		Args: args, Stdin: strings.NewReader(f.stdin), Stdout: &out, Stderr: &err,
		Environ: maps.Clone(f.environ), Dir: f.dir, StdinTTY: f.tty, StdoutTTY: f.tty,
		Interrupts: f.interrupts,
	})
	return result{code, out.String(), err.String()}
}

// must runs a command that is expected to end with code, and returns its
// output.
func (f *folder) must(code int, args ...string) string {
	f.t.Helper()
	r := f.run(args...)
	if r.code != code {
		f.t.Fatalf("kiraform %s: exit code %d, want %d\n%s\n%s", strings.Join(args, " "), r.code, code, r.out, r.err)
	}
	return r.words()
}

// says reports an error unless text has every one of parts in it.
func says(t testing.TB, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("nothing says %q in:\n%s", p, text)
		}
	}
}

// generations is all that is kept of earlier states.
func (f *folder) generations() (all string) {
	f.t.Helper()
	paths, err := filepath.Glob(f.path(".kiraform/history/*.0*"))
	if err != nil || len(paths) == 0 {
		f.t.Fatalf("no generations are kept: %v", err)
	}
	for _, p := range paths {
		data, err := os.ReadFile(p)
		if err != nil {
			f.t.Fatal(err)
		}
		all += string(data)
	}
	return all
}
