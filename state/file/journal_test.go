package file_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"kiraform/internal/addr"
	"kiraform/state"
	"kiraform/state/file"
	"kiraform/state/statetest"
)

// journalled returns a file with a journal of the records a, b and c, and the
// lines of that journal.
func journalled(t *testing.T) (file.Store, [][]byte) {
	f := newFile(t)
	s := state.New("lineage")
	save(t, f, s)
	journal(t, f, s, object("a"), object("b"), object("c"))
	lines := bytes.SplitAfter(read(t, f.Path+".journal"), []byte("\n"))
	return f, lines[:len(lines)-1] // the part that SplitAfter finds after the last line is empty
}

func TestAJournalCutAnywhere(t *testing.T) {
	f, lines := journalled(t)
	whole := bytes.Join(lines, nil)
	for n := range len(whole) {
		write(t, f.Path+".journal", whole[:n])
		s, err := f.Load(t.Context())
		if n < len(lines[0]) {
			if err == nil {
				t.Fatalf("a journal without a head, of %d bytes, loads", n)
			}
			continue
		}
		ended := bytes.Count(whole[:n], []byte("\n")) - 1
		if err != nil || len(s.Resources) != ended {
			t.Fatalf("cut after %d bytes: %v and %v, want the first %d records", n, s, err, ended)
		}
	}
}

func TestACutLineIsRepairedBeforeTheJournalGoesOn(t *testing.T) {
	f, lines := journalled(t)
	write(t, f.Path+".journal", bytes.TrimSuffix(bytes.Join(lines, nil), lines[3][10:]))
	s := load(t, f)
	journal(t, f, s, object("d"))
	if got := fmt.Sprint(load(t, f).Addrs()); got != "[kira_user.a kira_user.b kira_user.d]" {
		t.Errorf("the journal holds %s", got)
	}
}

func TestADamagedJournal(t *testing.T) {
	flip := func(line []byte) []byte {
		line = bytes.Clone(line)
		line[len(line)/2] ^= 1
		return line
	}
	for _, tt := range []struct {
		name   string
		damage func(l [][]byte) []byte
		line   int
		says   string
	}{
		{"a wrong bit in the middle", func(l [][]byte) []byte { l[2] = flip(l[2]); return bytes.Join(l, nil) }, 3, "line 3: its checksum is wrong, and 1 whole"},
		{"a wrong bit in the head", func(l [][]byte) []byte { l[0] = flip(l[0]); return bytes.Join(l, nil) }, 1, "3 whole lines"},
		{"a line that is cut in the middle", func(l [][]byte) []byte { l[1] = append(l[1][:20:20], '\n'); return bytes.Join(l, nil) }, 2, "line 2: it should have"},
		{"lines that run together", func(l [][]byte) []byte { l[1] = l[1][:20]; return bytes.Join(l, nil) }, 2, "line 2"},
		{"an empty file", func([][]byte) []byte { return nil }, 0, "0 bytes"},
		{"text", func([][]byte) []byte { return []byte("hello\n") }, 1, "not a line of a journal"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f, lines := journalled(t)
			content := tt.damage(lines)
			write(t, f.Path+".journal", content)
			s, err := f.Load(t.Context())
			e, ok := errors.AsType[*state.DamagedError](err)
			if !ok || s != nil || e.Line != tt.line || !strings.Contains(e.Error(), tt.says) || e.Path != f.Path+".journal" {
				t.Errorf("Load = %v, %v; want damage in line %d that says %q", s, err, tt.line, tt.says)
			}
			base := state.New("lineage")
			base.Serial = 1
			if err := f.Save(t.Context(), base); err == nil {
				t.Error("Save goes over a journal that it cannot read")
			}
			if got := read(t, f.Path+".journal"); !bytes.Equal(got, content) {
				t.Error("the journal is changed")
			}
		})
	}
}

func TestADamagedLastLineIsPassedOver(t *testing.T) {
	f, lines := journalled(t)
	lines[3][30] ^= 1
	write(t, f.Path+".journal", bytes.Join(lines, nil))
	if got := len(load(t, f).Resources); got != 2 {
		t.Errorf("%d records are left, want 2", got)
	}
}

func TestAJournalOfAnotherState(t *testing.T) {
	other := newFile(t)
	s := state.New("another lineage")
	save(t, other, s)
	journal(t, other, s, object("x"))
	strange := read(t, other.Path+".journal")

	t.Run("with records it stops everything", func(t *testing.T) {
		f, _ := journalled(t)
		s := load(t, f)
		write(t, f.Path+".journal", strange)
		if _, err := f.Load(t.Context()); err == nil || !strings.Contains(err.Error(), "1 records of lineage another lineage") {
			t.Errorf("Load = %v", err)
		}
		if err := f.Save(t.Context(), s); err == nil {
			t.Error("Save drops the records")
		}
	})
	t.Run("without records it is passed over", func(t *testing.T) {
		f, _ := journalled(t)
		save(t, f, load(t, f))
		head, _, _ := bytes.Cut(strange, []byte("\n"))
		write(t, f.Path+".journal", append(head, '\n'))
		s := load(t, f)
		journal(t, f, s, object("d"))
		statetest.Same(t, load(t, f), s)
	})
	t.Run("without a state it stops everything too", func(t *testing.T) {
		if err := os.Remove(other.Path); err != nil {
			t.Fatal(err)
		}
		if s, err := other.Load(t.Context()); err == nil {
			t.Errorf("Load = %v, want an error", s)
		}
	})
}

func TestTheJournalGoesOnFromAnOlderGeneration(t *testing.T) {
	f := newFile(t)
	s := state.New("lineage")
	s.Resources[user("old")] = state.Object{ID: "old"}
	save(t, f, s)
	save(t, f, s)
	journal(t, f, s, object("a"))
	write(t, f.Path, unpacked(t, read(t, generation(f, 1))))

	found := load(t, f)
	if got := fmt.Sprint(found.Addrs()); got != "[kira_user.a kira_user.old]" {
		t.Errorf("found %s", got)
	}
	journal(t, f, found, object("b"))
	save(t, f, found)
	if found.Serial != 3 {
		t.Errorf("the serial is %d, want 3: one that neither file had", found.Serial)
	}
	statetest.Same(t, load(t, f), found)
}

func TestSaveNeverDropsRecordsThatItDoesNotKnow(t *testing.T) {
	f := newFile(t)
	s := state.New("lineage")
	save(t, f, s)
	mine, theirs := load(t, f), load(t, f)
	journal(t, f, theirs, object("a"))
	if err := f.Save(t.Context(), mine); !errors.Is(err, state.ErrStale) {
		t.Errorf("Save = %v, want ErrStale", err)
	}
	save(t, f, theirs.Clone())
	if got := load(t, f).Resources[user("a")].ID; got != "a" {
		t.Errorf("the object is %q", got)
	}
}

func TestRecordsSaySomethingAboutAnAddress(t *testing.T) {
	f := newFile(t)
	s := state.New("lineage")
	save(t, f, s)
	j, err := f.Journal(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range []state.Record{{Addr: user("a")}, {Addr: user("a"), Intent: &state.Intent{}}, {Addr: user("not a name"), Ends: []string{"k"}}} {
		if err := j.Append(r); err == nil {
			t.Errorf("Append takes %+v", r)
		}
	}
	if err := errors.Join(j.Close(), j.Close()); err != nil {
		t.Error(err)
	}
}

func TestAppendsThatOverlapShareAFlush(t *testing.T) {
	const n = 100
	var (
		f       = newFile(t)
		j       state.Journal
		armed   atomic.Bool
		flushes atomic.Int64
		first   = make(chan struct{}) // closed once the first flush has begun
	)
	s := state.New("lineage")
	save(t, f, s)
	slow := f.WithDisk(nil, func(of *os.File) error {
		if armed.Load() && flushes.Add(1) == 1 {
			close(first)
			for file.Queued(j) < n-1 { // it lasts until all others wait
				runtime.Gosched()
			}
		}
		return of.Sync()
	})
	j, err := slow.Journal(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	armed.Store(true)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			r := object("x")
			r.Addr = r.Addr.Instance(addr.Int(i))
			if err := j.Append(r); err != nil {
				t.Error(err)
			}
		})
		if i == 0 {
			<-first
		}
	}
	all.Wait()
	if got := flushes.Load(); got != 2 {
		t.Errorf("%d appends took %d flushes, want 2", n, got)
	}
	if got := len(load(t, f).Resources); got != n {
		t.Errorf("%d of %d records are there", got, n)
	}
}
