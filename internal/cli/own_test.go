package cli_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"kiraform/internal/cli"
	"kiraform/internal/event/eventtest"
)

// Whatever kiraform writes beside a configuration can be read by its owner
// only, also a file that was open to all before.
func TestFilesAreTheOwners(t *testing.T) {
	f := newFolder(t, map[string]string{"main.kira.hcl": strings.Replace(taker, "var.sec", "\"long enough\"", 1)})
	f.environ["KIRAFORM_LOG"] = f.path("run.log")
	for _, name := range []string{"plan.saved", "run.log", "kiraform-plan.md"} {
		f.write(name, "")
		if err := os.Chmod(f.path(name), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := cli.SaveMarkdown(f.dir, eventtest.Rich()); err != nil || !strings.Contains(f.read("kiraform-plan.md"), "# kiraform plan") {
		t.Fatal(err)
	}
	f.must(0, "plan", "-out=plan.saved")
	f.must(0, "apply", "plan.saved")
	f.must(0, "apply", "-auto-approve")
	err := filepath.WalkDir(f.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == f.dir {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// The content of .kiraform stays out of version control, whichever command
// makes the folder, and whoever adds all files at once.
func TestVersionControlLeavesTheKeyOut(t *testing.T) {
	for _, command := range [][]string{{"plan"}, {"apply", "-auto-approve"}} {
		f := newFolder(t, map[string]string{"main.kira.hcl": strings.Replace(taker, "var.sec", "\"long enough\"", 1)})
		f.must(0, command...)
		if got := f.read(".kiraform/.gitignore"); got != "*\n" {
			t.Errorf("after %s, .gitignore says %q", command[0], got)
		}
		if _, err := exec.LookPath("git"); err != nil {
			continue
		}
		git := func(args ...string) string {
			out, err := exec.Command("git", append([]string{"-C", f.dir}, args...)...).CombinedOutput()
			if err != nil {
				t.Fatalf("git %v: %v\n%s", args, err, out)
			}
			return string(out)
		}
		git("init", "-q")
		git("add", "-A")
		if listed := git("ls-files"); strings.Contains(listed, ".kiraform") || !strings.Contains(listed, "main.kira.hcl") {
			t.Errorf("git took:\n%s", listed)
		}
	}
}

// A .gitignore that a person wrote stays.
func TestAnIgnoreFileIsNotReplaced(t *testing.T) {
	f := newFolder(t, map[string]string{"main.kira.hcl": strings.Replace(taker, "var.sec", "\"long enough\"", 1), ".kiraform/.gitignore": "key\n"})
	f.must(0, "apply", "-auto-approve")
	if got := f.read(".kiraform/.gitignore"); got != "key\n" {
		t.Errorf("it says %q", got)
	}
}
