package cli_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"kiraform/internal/cli"
	"kiraform/internal/simulator/simtest"
	"kiraform/state/postgres/pgtest"
)

var update = flag.Bool("update", false, "rewrite the expected output in testdata")

func TestMain(m *testing.M) {
	testscript.Main(stopping{programmed{m}}, map[string]func(){"kiraform": tool})
}

// stopping ends the Postgres of the tests once they have run.
type stopping struct{ programmed }

func (s stopping) Run() int {
	defer pgtest.Stop()
	return s.programmed.Run()
}

// hosts are the names in scripts for the hosts of their Kiras, which have other
// ports in every run, by the variable that has the address.
var hosts = map[string]string{"SCRIPT_KIRA": "127.0.0.1:8787", "OTHER_KIRA": "127.0.0.1:8788"}

// tool is kiraform as scripts run it: its output also goes to the file that
// TRANSCRIPT names, and calls the script's Kiras as [hosts] does.
func tool() {
	env := cli.OS()
	for variable, name := range hosts {
		if u, err := url.Parse(env.Environ[variable]); err == nil && u.Host != "" {
			env.Stdout, env.Stderr = named{env.Stdout, u.Host, name}, named{env.Stderr, u.Host, name}
		}
	}
	if path := env.Environ["TRANSCRIPT"]; path != "" {
		f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		if err != nil {
			panic(err)
		}
		env.Stdout, env.Stderr = io.MultiWriter(env.Stdout, f), io.MultiWriter(env.Stderr, f)
	}
	os.Exit(cli.Main(context.Background(), env))
}

// named passes its input on with another name for a host.
type named struct {
	io.Writer
	host, name string
}

func (n named) Write(p []byte) (int, error) {
	if _, err := n.Writer.Write(bytes.ReplaceAll(p, []byte(n.host), []byte(n.name))); err != nil {
		return 0, err
	}
	return len(p), nil
}

// scriptCommands are the commands of scripts, besides the ones of testscript.
var scriptCommands = map[string]func(ts *testscript.TestScript, neg bool, args []string){
	"exits": exits, "kira": beKira, "untimed": untimed, "provokes": provokes, "editor": editor,
}

// TestScripts runs the manual: one behaviour a file, each against a Kira of its
// own, in a folder of its own. Besides the commands of testscript, a script can
// say
//
//	exits CODE kiraform ...    run it, and ask for this exit code
//	kira ...                   be somebody at Kira; see [commands]
//	untimed                    make stdout the last one, with all times as 0s and all digests as sha256:...
//	editor FILE                be an editor, and write what it is told to stdout.editor; see [editor]
//	terminal FILE COMMAND...   run it at a terminal (on Linux) where FILE is typed; stdout is the screen
//	provokes KIND...           mean to provoke one entry of each kind in Kira's list of misbehaviour
//
// and copy complete people from $PEOPLE. The scripts for pipelines are in $REVIEW.
// Its Kira is at $SCRIPT_KIRA/sandbox; at $OTHER_KIRA is one that the command kira
// does not reach, with people of its own. When a script has ended, no secret may be
// found in anything that kiraform said or wrote, nothing that it said says its heading
// again, and the lists of misbehaviour of
// both and of embedded simulators have the entries that it provokes, and no others.
func TestScripts(t *testing.T) {
	t.Parallel()
	people, err := filepath.Abs(filepath.Join("testdata", "people"))
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                filepath.Join("testdata", "script"),
		UpdateScripts:      *update,
		RequireUniqueNames: true,
		Cmds:               scriptCommands,
		Setup: func(env *testscript.Env) error {
			env.Setenv("PEOPLE", people)
			env.Setenv("REVIEW", filepath.Join(people, "..", "..", "..", "..", ".ci", "review"))
			return setUp(env)
		},
	})
}

// setUp gives a script its Kira, and looks for secrets and misbehaviour when it
// has ended.
func setUp(env *testscript.Env) error {
	chooseProgram(env)
	k := newKira()
	srv := simtest.Start(k.Server, k)
	other := newKira()
	otherSrv := simtest.Start(other.Server, other)
	env.Values[kiraOf{}] = k
	env.Setenv("KIRA_BASE_URL", srv.URL+"/sandbox")
	env.Setenv("SCRIPT_KIRA", srv.URL)
	env.Setenv("OTHER_KIRA", otherSrv.URL)
	env.Setenv("KIRA_API_KEY", apiKey)
	env.Setenv("KIRA_CLIENT_ID", clientID)
	env.Setenv("KIRA_PASSWORD", password)
	env.Setenv("KIRAFORM_LOG", filepath.Join(env.WorkDir, "kiraform.log"))
	env.Setenv("GORACE", "atexit_sleep_ms=0") // or each command takes a second longer with -race
	env.Setenv("TRANSCRIPT", filepath.Join(env.WorkDir, "transcript"))
	env.Defer(func() {
		srv.Close()
		otherSrv.Close()
		t := env.T().(testing.TB)
		for _, leak := range leaks(env.WorkDir) {
			t.Error(leak)
		}
		if said, err := os.ReadFile(filepath.Join(env.WorkDir, "transcript")); err == nil {
			for _, text := range echoes(string(said)) {
				t.Errorf("this says its heading again:\n%s", text)
			}
		}
		if t.Failed() {
			return // in the middle, with entries that may still have come
		}
		k.watch.Look(k.Server)
		k.watch.Look(other.Server)
		k.watch.LookBelow(t, env.WorkDir)
		k.watch.Judge(t)
	})
	return nil
}

// exits runs a command and asks for its exit code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM [ARGS...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		ended, ok := errors.AsType[*exec.ExitError](err)
		if !ok {
			ts.Fatalf("%v", err)
		}
		got = ended.ExitCode()
	}
	if got != want {
		ts.Fatalf("%s exited with %d, want %d", strings.Join(args[1:], " "), got, want)
	}
}

var (
	took   = regexp.MustCompile(`\b(in|after) [0-9.]+m?s\b`)
	digest = regexp.MustCompile(`sha256:[0-9a-f]{64}`)
	minute = regexp.MustCompile(`20[0-9]{2}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2} UTC`)
)

// untimed repeats the last output without the parts that differ from run to
// run.
func untimed(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 0 {
		ts.Fatalf("usage: untimed")
	}
	said := ts.ReadFile("stdout")
	said = digest.ReplaceAllString(took.ReplaceAllString(said, "$1 0s"), "sha256:...")
	fmt.Fprint(ts.Stdout(), minute.ReplaceAllString(said, "2026-01-01 10:00 UTC"))
}
