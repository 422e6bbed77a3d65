package cli_test

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kiraform/internal/cli"
)

// run runs kiraform in this process and returns its output and its exit code.
func run(t *testing.T, env cli.Env, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, errs strings.Builder
	env.Args, env.Stdout, env.Stderr = args, &out, &errs
	if env.Stdin == nil {
		env.Stdin = strings.NewReader("")
	}
	code = cli.Main(t.Context(), env)
	return out.String(), errs.String(), code
}

func TestColorIsForTerminals(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "main.kira.hcl"), []byte("locals {\n  a = local.b\n}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name    string
		tty     bool
		environ map[string]string
		args    []string
		want    bool
	}{
		{"a terminal has colours", true, nil, nil, true},
		{"a pipe has none", false, nil, nil, false},
		{"-no-color takes them away", true, nil, []string{"-no-color"}, false},
		{"so does NO_COLOR", true, map[string]string{"NO_COLOR": "1"}, nil, false},
		{"an empty NO_COLOR does not", true, map[string]string{"NO_COLOR": ""}, nil, true},
		{"a dumb terminal has none", true, map[string]string{"TERM": "dumb"}, nil, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, stderr, code := run(t, cli.Env{Dir: dir, StdoutTTY: tt.tty, Environ: tt.environ}, append(tt.args, "validate")...)
			if code != cli.ExitFailed {
				t.Fatalf("exit code %d, want a failed validation:\n%s", code, stderr)
			}
			if got := strings.Contains(stderr, "\x1b["); got != tt.want {
				t.Errorf("escape codes = %t, want %t:\n%s", got, tt.want, stderr)
			}
		})
	}
}

// TestSimulatorCommand holds that the simulator tells where it listens, answers
// there, and ends when it is interrupted.
func TestSimulatorCommand(t *testing.T) {
	said, out := io.Pipe()
	interrupts := make(chan os.Signal, 1)
	ended := make(chan int, 1)
	var stderr strings.Builder
	go func() {
		ended <- cli.Main(context.WithoutCancel(t.Context()), cli.Env{
			Args:   []string{"simulator", "-listen", "127.0.0.1:0"},
			Stdout: out, Stderr: &stderr, Interrupts: interrupts,
		})
		out.Close()
	}()
	lines := bufio.NewScanner(said)
	lines.Scan()
	_, rest, _ := strings.Cut(lines.Text(), "listens on ")
	base, _, found := strings.Cut(rest, "/sandbox")
	if !found {
		t.Fatalf("the first line is %q, want it to tell the address", lines.Text())
	}
	go io.Copy(io.Discard, said)

	resp, err := http.Get(base + "/_admin/")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK || resp.Header.Get("X-Kiraform-Simulator") == "" {
		t.Errorf("got %s with %v, want an answer of the simulator", resp.Status, resp.Header)
	}
	http.DefaultClient.CloseIdleConnections()
	interrupts <- os.Interrupt
	if code := <-ended; code != cli.ExitOK || stderr.Len() > 0 {
		t.Errorf("exit code %d, and said %q; want a quiet end", code, &stderr)
	}
}
