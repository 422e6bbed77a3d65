// Package norace runs tests without the race detector although the others look
// for data races. It is for tests that do one thing after the other thousands of
// times, in which the detector finds nothing that the tests beside them do not
// meet, and takes seven times as long; and for packages in which nothing runs
// beside anything else.
package norace

import (
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
)

// On reports whether this program looks for data races.
func On() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.ContainsFunc(info.Settings, func(s debug.BuildSetting) bool { return s.Key == "-race" && s.Value == "true" })
}

// Build builds the tests of the package in the current folder without the race
// detector, unless they are in dir, and returns the path of the program.
func Build(dir string) (path string, err error) {
	path = filepath.Join(dir, "norace.test")
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	c := exec.Command("go", "test", "-c", "-ldflags=-s -w", "-o", path, ".")
	c.Env = append(c.Environ(), "CGO_ENABLED=0")
	if out, err := c.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building the tests without the race detector: %w\n%s", err, out)
	}
	return path, nil
}

// Run runs the test t in a process that looks for no races, and reports true;
// where nothing looks for races it does nothing and reports false. Tests that give
// the same folder share the built binary; they must not run at the same time.
func Run(t *testing.T, dir string) (done bool) {
	t.Helper()
	if !On() {
		return false
	}
	path, err := Build(dir)
	if err != nil {
		t.Fatal(err)
	}
	args := []string{"-test.run=^" + regexp.QuoteMeta(t.Name()) + "$", "-test.v"}
	flag.Visit(func(f *flag.Flag) {
		if f.Name == "test.short" || f.Name == "test.timeout" || !strings.HasPrefix(f.Name, "test.") {
			args = append(args, "-"+f.Name+"="+f.Value.String())
		}
	})
	out, err := exec.CommandContext(t.Context(), path, args...).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()) {
		t.Fatalf("without the race detector: %v\n%s", err, out)
	}
	return true
}

// Main runs all tests of a package in a process that looks for no races, and returns
// its exit code. Where nothing looks for races, or inputs are made up or coverage is
// measured, it runs them in this process. It is for packages without goroutines.
func Main(m *testing.M) (code int) {
	flag.Parse()
	if !On() || testing.CoverMode() != "" || flag.Lookup("test.fuzz").Value.String() != "" {
		return m.Run()
	}
	dir, err := os.MkdirTemp("", "kiraform-norace")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path, err := Build(dir)
	if err != nil {
		log.Print(err)
		return 1
	}
	c := exec.Command(path, os.Args[1:]...)
	c.Stdin, c.Stdout, c.Stderr = os.Stdin, os.Stdout, os.Stderr
	err = c.Run()
	if ended, ok := errors.AsType[*exec.ExitError](err); ok && ended.ExitCode() > 0 {
		return ended.ExitCode()
	}
	if err != nil {
		log.Printf("running the tests without the race detector: %v", err)
		return 1
	}
	return 0
}

// WithScratch runs the tests of a package with the path of a new folder in *dir, in which
// they share the binary that [Run] builds, and returns their exit code. It is for TestMain.
func WithScratch(m *testing.M, dir *string) (code int) {
	made, err := os.MkdirTemp("", "kiraform-tests")
	if err != nil {
		log.Print(err)
		return 1
	}
	defer os.RemoveAll(made)
	*dir = made
	return m.Run()
}
