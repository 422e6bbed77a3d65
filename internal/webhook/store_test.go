package webhook

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"filippo.io/age"

	"kiraform/internal/cipher"
	"kiraform/internal/disk"
)

var noon = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

// bench is a store whose clock the test moves.
type bench struct {
	*testing.T
	Store
	w          *Writer
	at         time.Time
	recipients []string
}

func newBench(t *testing.T, recipients ...string) *bench {
	b := &bench{T: t, Store: Store{Dir: filepath.Join(t.TempDir(), "webhooks")}, at: noon, recipients: recipients}
	b.listen()
	t.Cleanup(func() { _ = b.w.Close() })
	return b
}

func (b *bench) listen() {
	b.Helper()
	w, err := b.Writer(b.recipients, func() time.Time { return b.at })
	if err != nil {
		b.Fatal(err)
	}
	b.w = w
}

func (b *bench) keep(v Verdict, body string) Kept {
	b.Helper()
	b.at = b.at.Add(time.Second)
	k, err := b.w.Keep(v, content{Remote: "127.0.0.1:9", Path: "/hook?a=1", Header: http.Header{"X-Odd": {"1", "2"}}, Body: []byte(body)})
	if err != nil {
		b.Fatal(err)
	}
	return k
}

func (b *bench) read() *Log {
	b.Helper()
	log, err := b.Read()
	if err != nil {
		b.Fatal(err)
	}
	return log
}

func (b *bench) file(suffix string) string { return filepath.Join(b.Dir, day(b.at)+suffix) }

func made(event, id string) string {
	return fmt.Sprintf(`{"event":%q,"data":{"event_id":%q,"email":"maria@example.com"}}`, event, id)
}

func TestAnEventIsKeptAsItCame(t *testing.T) {
	b := newBench(t)
	odd := "{\"event\":\"user.created\",\r\n \"data\":{\"event_id\":\"e1\",\"x\":\"\\u00e9\xff\"}}"
	k := b.keep(Valid, odd)
	if k.Duplicate || k.Dropped || k.Event != "user.created" || k.ID != "e1" || !k.Valid {
		t.Errorf("kept as %+v", k)
	}
	got := b.read().Deliveries
	if len(got) != 1 || string(got[0].Body) != odd || got[0].Path != "/hook?a=1" || !slices.Equal(got[0].Header["X-Odd"], []string{"1", "2"}) ||
		!got[0].At.Equal(b.at) || got[0].N != len(odd) || got[0].Remote != "127.0.0.1:9" {
		t.Errorf("read as %+v", got)
	}
	for path, want := range map[string]os.FileMode{b.Dir: os.ModeDir | 0o700, b.file(suffix): 0o600, b.file(forgedSuffix): 0o600} {
		if info, err := os.Stat(path); err != nil || info.Mode() != want {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
	}
}

func TestDuplicatesAreCounted(t *testing.T) {
	b := newBench(t)
	for i := range 3 {
		if k := b.keep(Valid, made("user.created", "e1")); k.Duplicate != (i > 0) {
			t.Errorf("delivery %d: duplicate %v", i, k.Duplicate)
		}
	}
	b.keep(Forged, made("user.created", "e1"))
	b.keep(Valid, made("user.updated", "e1")) // the same id, other bytes: they are kept too
	b.keep(Valid, `not JSON`)
	b.keep(Valid, `not JSON`)
	if err := b.w.Close(); err != nil {
		t.Fatal(err)
	}
	b.listen() // kept events are known again
	if k := b.keep(Valid, made("user.created", "e1")); !k.Duplicate {
		t.Error("after a new start a duplicate is an event of its own")
	}
	log := b.read()
	if got := log.Events(false); len(got) != 2 || got[0].Duplicates != 4 || got[1].Duplicates != 1 || string(got[1].Body) != "not JSON" {
		t.Errorf("events: %+v", got)
	}
	if got := log.Events(true); len(got) != 3 || got[1].Verdict != Forged {
		t.Errorf("with the forged one: %+v", got)
	}
	for _, d := range log.Deliveries {
		if d.Locked != nil || len(d.Body) == 0 {
			t.Errorf("a delivery has no body: %+v", d)
		}
	}
	kept, err := os.ReadFile(b.file(suffix))
	if n := bytes.Count(kept, []byte(`"body":`)); err != nil || n != 3 {
		t.Errorf("%d bodies are kept, of 3 different ones", n)
	}
}

// A forger who knows the id of an event that is still to come must not make
// the true one count as a duplicate.
func TestAForgedEventTakesNobodysPlace(t *testing.T) {
	b := newBench(t)
	b.keep(Forged, made("user.created", "e1"))
	if k := b.keep(Valid, made("user.created", "e1")); k.Duplicate {
		t.Error("the true event counts as a duplicate of the forged one")
	}
	if got := b.read().Events(false); len(got) != 1 || !got[0].Valid || got[0].Duplicates != 0 {
		t.Errorf("events: %+v", got)
	}
}

func TestForgedEventsHaveAQuota(t *testing.T) {
	for name, quota := range map[string]quota{"of bytes": {1000, 1600}, "of deliveries": {15, 1 << 20}} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			b.w.quota = quota
			big := strings.Repeat("x", 98)
			dropped := 0
			for i := range 20 {
				if b.keep(Forged, big+fmt.Sprintf("%02d", i)).Dropped {
					dropped++
				}
			}
			kept := min(quota.count, quota.bytes/100)
			if dropped != 20-kept || b.w.Refused() != dropped {
				t.Errorf("%d of 20 were not kept", dropped)
			}
			if k := b.keep(Valid, made("user.created", "e1")); k.Dropped {
				t.Error("the forged ones take the place of a true one")
			}
			if err := b.w.Close(); err != nil {
				t.Fatal(err)
			}
			b.listen()
			b.w.quota = quota
			if k := b.keep(Forged, big+"99"); !k.Dropped {
				t.Error("a new start begins a new quota")
			}
			b.at = b.at.Add(24 * time.Hour)
			if k := b.keep(Forged, big+"99"); k.Dropped {
				t.Error("the next day has no quota of its own")
			}
			if got := len(b.read().Events(true)); got != kept+2 {
				t.Errorf("%d events are kept", got)
			}
		})
	}
	if forgedQuota.bytes < 2*MaxBody || forgedQuota.bytes > 64<<20 {
		t.Errorf("the quota is %v", forgedQuota)
	}
}

// A forged delivery that is not kept counts for nothing: a smaller one still has its place.
func TestADeliveryThatIsDroppedTakesNoPlace(t *testing.T) {
	b := newBench(t)
	b.w.quota = quota{count: 3, bytes: 100}
	for i, tt := range []struct {
		size    int
		dropped bool
	}{{60, false}, {50, true}, {50, true}, {40, false}, {1, true}} {
		if k := b.keep(Forged, strings.Repeat(string(rune('a'+i)), tt.size)); k.Dropped != tt.dropped {
			t.Errorf("delivery %d, of %d bytes: dropped %v", i+1, tt.size, k.Dropped)
		}
	}
	if n := len(b.read().Events(true)); n != 2 || b.w.Refused() != 3 {
		t.Errorf("%d are kept, and %d were refused", n, b.w.Refused())
	}
}

func TestADayEnds(t *testing.T) {
	b := newBench(t)
	b.keep(Valid, made("user.created", "e1"))
	b.at = time.Date(2026, 5, 1, 23, 59, 59, 5e8, time.UTC)
	b.keep(Valid, made("user.created", "e2"))
	log := b.read()
	if len(log.Deliveries) != 2 || len(log.Periods) != 1 || len(log.Gaps()) != 0 || !log.Periods[0].End.IsZero() {
		t.Errorf("over midnight: %+v", log)
	}
	if names, _ := filepath.Glob(filepath.Join(b.Dir, "*.jsonl")); len(names) != 4 {
		t.Errorf("files: %v", names)
	}
}

func TestGaps(t *testing.T) {
	b := newBench(t)
	b.keep(Valid, made("user.created", "e1"))
	died := b.at
	_ = b.w.lock.Unlock() // it dies
	b.at = b.at.Add(time.Hour)
	b.listen()
	again := b.at
	b.at = b.at.Add(time.Hour)
	if err := b.w.Close(); err != nil {
		t.Fatal(err)
	}
	stopped := b.at
	b.at = b.at.Add(time.Hour)
	b.listen()
	want := []Period{{Begin: died, End: again}, {Begin: stopped, End: b.at}}
	if got := b.read().Gaps(); !slices.Equal(got, want) {
		t.Errorf("gaps: %v, not %v", got, want)
	}
}

func TestOneListens(t *testing.T) {
	b := newBench(t)
	if _, err := b.Writer(nil, time.Now); !errors.Is(err, ErrListening) {
		t.Errorf("a second writer: %v", err)
	}
}

func TestDamage(t *testing.T) {
	b := newBench(t)
	for i := range 3 {
		b.keep(Valid, made("user.created", fmt.Sprint("e", i)))
	}
	whole, err := os.ReadFile(b.file(suffix))
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.SplitAfter(whole, []byte("\n"))
	t.Run("a byte is turned over", func(t *testing.T) {
		bad := slices.Clone(whole)
		bad[len(lines[0])+len(lines[1])+40] ^= 1
		if err := os.WriteFile(b.file(suffix), bad, 0o600); err != nil {
			t.Fatal(err)
		}
		if log := b.read(); len(log.Deliveries) != 2 || len(log.Damaged) != 1 || !strings.HasSuffix(log.Damaged[0], ".jsonl:3") {
			t.Errorf("%d are read, damaged are %v", len(log.Deliveries), log.Damaged)
		}
	})
	t.Run("every place where a listener can die", func(t *testing.T) {
		for cut := len(whole) - len(lines[2]) - len(lines[3]) - 2; cut < len(whole); cut++ {
			if err := os.WriteFile(b.file(suffix), whole[:cut], 0o600); err != nil {
				t.Fatal(err)
			}
			complete := max(0, bytes.Count(whole[:cut], []byte("\n"))-1)
			if log := b.read(); len(log.Deliveries) != complete || len(log.Damaged) != 0 {
				t.Fatalf("cut at %d: %d of %d are read, damaged are %v", cut, len(log.Deliveries), complete, log.Damaged)
			}
		}
	})
	t.Run("half a line takes no other with it", func(t *testing.T) {
		_ = b.w.lock.Unlock()
		if err := os.WriteFile(b.file(suffix), whole[:len(whole)-9], 0o600); err != nil {
			t.Fatal(err)
		}
		b.listen()
		b.keep(Valid, made("user.created", "e9"))
		if log := b.read(); len(log.Deliveries) != 3 || log.Deliveries[2].ID != "e9" || len(log.Damaged) != 1 {
			t.Errorf("%d are read, damaged are %v", len(log.Deliveries), log.Damaged)
		}
	})
}

func TestEncryption(t *testing.T) {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	b := newBench(t, id.Recipient().String()) // it has no identity, and needs none
	b.keep(Valid, made("user.created", "e1"))
	b.keep(Forged, made("user.created", "e1"))
	for _, s := range []string{suffix, forgedSuffix} {
		kept, err := os.ReadFile(b.file(s))
		if err != nil || bytes.Contains(kept, []byte("maria")) || bytes.Contains(kept, []byte("bWFyaWE")) || bytes.Contains(kept, []byte("X-Odd")) {
			t.Errorf("%s has the content in clear: %s", s, kept)
		}
	}
	if d := b.read().Deliveries[0]; d.ID != "e1" || d.Event != "user.created" || d.Locked == nil || d.Body != nil {
		t.Errorf("without a key: %+v", d)
	}
	b.Identity = cipher.Identity(id.String())
	if d := b.read().Deliveries[0]; d.Locked != nil || string(d.Body) != made("user.created", "e1") {
		t.Errorf("with the key: %+v", d)
	}
}

// Many send at once while somebody else reads. Every event is whole, and there
// are far fewer flushes than events.
func TestManyAtOnce(t *testing.T) {
	b := newBench(t)
	const senders, each = 20, 25
	var wg sync.WaitGroup
	for s := range senders {
		wg.Go(func() {
			for i := range each {
				body := made("user.created", fmt.Sprintf("e%d.%d", s, i))
				if k, err := b.w.Keep(Valid, content{Body: []byte(body)}); err != nil || k.Duplicate {
					t.Errorf("%+v, %v", k, err)
				}
			}
		})
	}
	wg.Go(func() {
		for range 20 {
			if log, err := b.Read(); err != nil || len(log.Damaged) > 0 {
				t.Errorf("while it is written: %v, %v", err, log.Damaged)
			}
		}
	})
	wg.Wait()
	if got := b.read().Events(false); len(got) != senders*each {
		t.Errorf("%d events", len(got))
	}
}

func TestADiskThatIsFull(t *testing.T) {
	b := newBench(t)
	b.keep(Valid, made("user.created", "e1"))
	true1 := b.w.good.file
	full, err := os.OpenFile("/dev/full", os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	b.w.good.file = full
	c := content{Body: []byte(made("user.created", "e2"))}
	if _, err := b.w.Keep(Valid, c); err == nil {
		t.Fatal("it is kept on a full disk")
	}
	b.w.good.file = true1
	if k, err := b.w.Keep(Valid, c); err != nil || k.Duplicate {
		t.Errorf("when there is room again: %+v, %v", k, err)
	}
	if got := b.read(); len(got.Deliveries) != 2 || len(got.Damaged) != 0 {
		t.Errorf("%+v", got)
	}
}

// BenchmarkKeep keeps events from 64 senders at once; flushes is the number of
// times that the disk was asked to make them durable, for each event.
func BenchmarkKeep(b *testing.B) {
	w, err := Store{Dir: b.TempDir()}.Writer(nil, time.Now)
	if err != nil {
		b.Fatal(err)
	}
	defer w.Close()
	b.SetParallelism(64)
	var n sync.Mutex
	count := 0
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			n.Lock()
			count++
			id := count
			n.Unlock()
			if _, err := w.Keep(Valid, content{Body: []byte(made("user.created", fmt.Sprint(id)))}); err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64(w.flushes)/float64(b.N), "flushes/op")
}

// Whoever deletes files while somebody listens loses the events in them, and none
// that come later.
func TestFilesAreDeletedWhileSomebodyListens(t *testing.T) {
	for name, remove := range map[string]func(*bench) error{
		"the file of the day": func(b *bench) error { return os.Remove(b.file(suffix)) },
		"the folder":          func(b *bench) error { return os.RemoveAll(b.Dir) },
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			b.keep(Valid, made("user.created", "e1"))
			if err := remove(b); err != nil {
				t.Fatal(err)
			}
			for _, id := range []string{"e2", "e1", "e3"} {
				if k := b.keep(Valid, made("user.created", id)); k.Duplicate {
					t.Errorf("%s counts as a duplicate of what was deleted", id)
				}
			}
			if got := b.read().Events(false); len(got) != 3 || got[1].Locked != nil || len(got[1].Body) == 0 {
				t.Errorf("kept: %+v", got)
			}
			if _, err := b.Writer(nil, time.Now); !errors.Is(err, ErrListening) {
				t.Errorf("somebody else can listen: %v", err)
			}
		})
	}
}

// An event that could not be verified makes no duplicate of the true one.
func TestAnUnverifiedEventTakesNobodysPlace(t *testing.T) {
	b := newBench(t)
	b.keep(Unverified, made("user.updated", "e1"))
	if k := b.keep(Valid, made("user.created", "e1")); k.Duplicate {
		t.Error("the true event counts as a duplicate")
	}
	if k := b.keep(Valid, made("user.created", "e1")); !k.Duplicate {
		t.Error("the true one does not count as one that came before")
	}
	b.at = b.at.Add(24 * time.Hour)
	if k := b.keep(Valid, made("user.created", "e1")); !k.Duplicate || k.Again {
		t.Errorf("a day later: %+v; its body is kept with the file of the day", k)
	}
}

// The name of a new file is on the disk before a sender is told that its event is:
// where that fails, the sender is told to come again.
func TestTheNameOfANewFileIsFlushed(t *testing.T) {
	b := newBench(t)
	var flushed int
	var fault error
	b.w.store.disk = &disk.Disk{Fail: func(c disk.Call) error {
		if c.Op == "sync" && c.Path == b.Dir {
			flushed++
			return fault
		}
		return nil
	}}
	b.at = b.at.Add(24 * time.Hour) // another file
	fault = errors.New("the disk is gone")
	c := content{Body: []byte(made("user.created", "u1"))}
	if _, err := b.w.Keep(Valid, c); !errors.Is(err, fault) {
		t.Errorf("an event was kept in a file that may have no name: %v", err)
	}
	fault = nil
	if k, err := b.w.Keep(Valid, c); err != nil || k.Duplicate {
		t.Errorf("once the disk works again: %v, duplicate %v", err, k.Duplicate)
	}
	before := flushed
	b.keep(Valid, made("user.created", "u2"))
	if before < 2 || flushed != before {
		t.Errorf("the folder was flushed %d times for one file, and %d times for a second event in it", before, flushed-before)
	}
}
