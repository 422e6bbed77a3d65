package file_test

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"kiraform/state"
	"kiraform/state/file"
	"kiraform/state/statetest"
)

// stopAt runs do on a disk that stops the program before its nth step, and
// returns the steps that were begun.
func stopAt(f file.Store, n int, do func(file.Store)) (steps []string) {
	type stop struct{}
	defer func() {
		if r := recover(); r != nil && r != any(stop{}) {
			panic(r)
		}
	}()
	do(f.WithDisk(func(what string) {
		steps = append(steps, what)
		if len(steps) == n {
			panic(stop{})
		}
	}, nil))
	return steps
}

func TestSaveStoppedAnywhereLosesNothing(t *testing.T) {
	wantSteps := []string{
		"write kiraform.state.json.lineage.00000002.gz", "rename kiraform.state.json.lineage.00000002.gz", "flush the folder of kiraform.state.json.lineage.00000002.gz",
		"write kiraform.state.json", "rename kiraform.state.json", "flush the folder of kiraform.state.json",
		"remove the journal",
	}
	for n := range len(wantSteps) + 1 {
		f := newFile(t)
		s := state.New("lineage")
		save(t, f, s)
		journal(t, f, s, object("a"), object("b"))
		before := load(t, f)
		after := s.Clone()
		after.KeyID = "new"
		saved := after.Clone()
		saved.Serial++

		steps := stopAt(f, n+1, func(f file.Store) {
			if err := f.Save(t.Context(), after); err != nil {
				t.Error(err)
			}
		})
		if want := wantSteps[:min(n+1, len(wantSteps))]; !slices.Equal(steps, want) {
			t.Fatalf("steps are %q, want %q", steps, want)
		}
		found, want := load(t, f), before
		if n >= slices.Index(wantSteps, "flush the folder of kiraform.state.json") {
			want = saved
		}
		statetest.Same(t, found, want)

		// The next run goes on from there.
		journal(t, f, found, object("c"))
		statetest.Same(t, load(t, f), found)
		save(t, f, found)
		statetest.Same(t, load(t, f), found)
		if _, err := os.Stat(f.Path + ".journal"); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("stopped before step %d: the next save left the journal there", n)
		}
	}
}

func TestFirstSaveStoppedAnywhere(t *testing.T) {
	for n := 1; ; n++ {
		f := newFile(t)
		s := state.New("lineage")
		steps := stopAt(f, n, func(f file.Store) { _ = f.Save(t.Context(), s) })
		found, err := f.Load(t.Context())
		if err != nil || found != nil && found.Serial != 1 {
			t.Fatalf("stopped in %q: Load = %v, %v", steps, found, err)
		}
		if len(steps) < n {
			break
		}
	}
}

func TestJournalStoppedAnywhereWhileItIsBegun(t *testing.T) {
	for n := 1; ; n++ {
		f := newFile(t)
		s := state.New("lineage")
		save(t, f, s)
		// The journal of an older serial lies there, as after a Save cut short.
		journal(t, f, s, object("a"))
		old := read(t, f.Path+".journal")
		save(t, f, s)
		write(t, f.Path+".journal", old)

		steps := stopAt(f, n, func(f file.Store) {
			if _, err := f.Journal(t.Context(), s); err != nil {
				t.Error(err)
			}
		})
		statetest.Same(t, load(t, f), s)
		if len(steps) < n {
			break
		}
	}
}

func TestADiskThatFailsIsToldAndLosesNothingBefore(t *testing.T) {
	f := newFile(t)
	s := state.New("lineage")
	save(t, f, s)
	var full error
	flushes := 0
	failing := f.WithDisk(nil, func(file *os.File) error {
		flushes++
		return errors.Join(full, file.Sync())
	})
	j, err := failing.Journal(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	if err := j.Append(object("a")); err != nil {
		t.Fatal(err)
	}
	s.Apply(object("a"))

	full = syscall.ENOSPC
	if err := j.Append(object("b")); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("Append = %v, want ENOSPC", err)
	}
	before := flushes
	full = nil
	if err := j.Append(object("c")); !errors.Is(err, syscall.ENOSPC) || flushes != before {
		t.Errorf("after a failure, Append = %v with %d more flushes; want the same error and none", err, flushes-before)
	}
	if found := load(t, f); found.Resources[user("a")].ID != "a" || found.Resources[user("c")].ID != "" {
		t.Errorf("the journal holds %v", found.Addrs())
	}

	full = syscall.EIO
	serial := s.Serial
	if err := failing.Save(t.Context(), s); !errors.Is(err, syscall.EIO) || s.Serial != serial {
		t.Errorf("Save = %v and serial %d, want EIO and %d", err, s.Serial, serial)
	}
	full = nil
	if err := failing.Save(t.Context(), s); err != nil {
		t.Errorf("Save once the disk works again: %v", err)
	}
	statetest.Same(t, load(t, f), s)
	if names := entries(t, f); !slices.Equal(names, []string{".kiraform", "kiraform.state.json"}) {
		t.Errorf("files left: %q", names)
	}
}

func entries(t *testing.T, f file.Store) (names []string) {
	t.Helper()
	list, err := os.ReadDir(filepath.Dir(f.Path))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		names = append(names, e.Name())
	}
	return names
}

// TestRunThatIsKilled is the program that [TestKilledRunsLoseNothing] kills. It
// journals objects, and now and then saves, until it dies, and says of each
// once it is durable.
func TestRunThatIsKilled(t *testing.T) {
	if flag.NArg() == 0 {
		return // an ordinary test run
	}
	f := file.Store{Path: flag.Arg(0)}
	s := load(t, f)
	for i := len(s.Resources); ; {
		j, err := f.Journal(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		for end := i + 5; i < end; i++ {
			r := object(fmt.Sprint("n", i))
			if err := j.Append(r); err != nil {
				t.Fatal(err)
			}
			s.Apply(r)
			fmt.Println("durable", r.Addr.Name)
		}
		save(t, f, s)
	}
}

func TestKilledRunsLoseNothing(t *testing.T) {
	f := newFile(t)
	save(t, f, state.New("lineage"))
	var durable []string
	const runs = 8
	for range runs {
		run := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestRunThatIsKilled$", f.Path)
		out, err := run.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := run.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for left := 1 + rand.IntN(30); lines.Scan(); {
			if name, ok := strings.CutPrefix(lines.Text(), "durable "); ok {
				durable = append(durable, name)
				if left--; left == 0 {
					_ = run.Process.Kill()
				}
			}
		}
		_ = run.Wait()
		s := load(t, f)
		for _, name := range durable {
			if s.Resources[user(name)].ID != name {
				t.Fatalf("%s is lost; there are %d objects", name, len(s.Resources))
			}
		}
	}
	if len(durable) < 8 {
		t.Errorf("only %d objects were written", len(durable))
	}
	if !t.Failed() {
		t.Attr("reliability", fmt.Sprintf("| A program that does nothing but write its journal and its state is sent SIGKILL; %d objects were durable | %d | %d | 0 | 0 | 0 |",
			len(durable), runs, runs))
	}
}
