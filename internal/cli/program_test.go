package cli_test

import (
	"errors"
	"flag"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"kiraform/internal/cli"
	"kiraform/internal/norace"
)

var raceScripts = flag.Bool("scripts.race", false, "look for data races in the program in every script, and not only in those where runs meet")

// meetings are the scripts in which a run goes on beside another one, waits, is
// killed, or looks at many objects at once. With -race the program looks for data
// races in them; in the others it is built without, which is several times as fast.
// Most tests that run commands in this process look for races as well.
var meetings = []string{"crash", "lock", "wait", "plan_saved_wait", "refresh_pages", "everything_gone", "replay", "workspace"}

// programmed runs tests with a program in PATH that looks for no data races.
type programmed struct{ *testing.M }

// plain is the folder of that program; "" where nothing looks for races.
var plain string

func (m programmed) Run() int {
	if !norace.On() {
		return m.M.Run()
	}
	dir, err := os.MkdirTemp("", "kiraform-plain")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path, err := norace.Build(dir)
	if err == nil {
		plain, cli.Plain = dir, dir
		err = errors.Join(os.Link(path, filepath.Join(dir, "kiraform")), os.Setenv("PATH", inFront(dir)+os.Getenv("PATH")))
	}
	if err != nil {
		log.Fatal(err)
	}
	return m.M.Run()
}

func inFront(dir string) string { return dir + string(filepath.ListSeparator) }

// chooseProgram gives a script the program that looks for races, if it is to.
func chooseProgram(env *testscript.Env) {
	name := strings.TrimPrefix(filepath.Base(env.WorkDir), "script-")
	if plain != "" && (*raceScripts || slices.Contains(meetings, name)) {
		env.Setenv("PATH", strings.Replace(env.Getenv("PATH"), inFront(plain), "", 1))
	}
}

// The scripts that are named for their races are there.
func TestMeetings(t *testing.T) {
	for _, name := range meetings {
		if _, err := os.Stat(filepath.Join("testdata", "script", name+".txtar")); err != nil {
			t.Error(err)
		}
	}
}
