package webhook

import (
	"bufio"
	"bytes"
	"os"
	"strings"
	"testing"
	"time"
)

// A delivery that came again has the bytes of the one that was kept, in whichever order
// their times are; one that was kept whole has its own.
func TestRepeat(t *testing.T) {
	log := &Log{Deliveries: []Delivery{
		{Head: Head{SHA256: "a", Again: true}}, // the clock went back
		{Head: Head{SHA256: "a"}, Body: []byte("A")},
		{Head: Head{SHA256: "a", Again: true}},
		{Head: Head{SHA256: "b"}, Locked: errDamaged},
		{Head: Head{SHA256: "b"}, Body: []byte("B")},
		{Head: Head{SHA256: "b", Again: true}},
	}}
	log.repeat()
	var got []string
	for _, d := range log.Deliveries {
		got = append(got, string(d.Body))
	}
	if want := ",A,A,,B,"; strings.Join(got, ",") != want {
		t.Errorf("the bodies are %q, want %q", strings.Join(got, ","), want)
	}
	if log.Deliveries[4].Locked != nil || log.Deliveries[5].Locked == nil {
		t.Errorf("locked are %v and %v", log.Deliveries[4].Locked, log.Deliveries[5].Locked)
	}
}

// A period goes on over midnight, and its last moment is the latest, whatever the clock
// does.
func TestPeriods(t *testing.T) {
	b := newBench(t)
	b.keep(Valid, made("user.created", "e1"))
	last := b.at
	b.at = noon.Add(-time.Minute)
	b.keep(Valid, made("user.created", "e2"))
	if got := b.read().Periods; len(got) != 1 || !got[0].Last.Equal(last) {
		t.Errorf("the periods are %v; want one until %v", got, last)
	}
	b.at = noon.Add(24 * time.Hour)
	b.keep(Valid, made("user.created", "e3"))
	b.keep(Valid, made("user.created", "e4"))
	if got := b.read().Periods; len(got) != 1 || !got[0].Begin.Equal(noon) || !got[0].Last.Equal(b.at) || !got[0].End.IsZero() {
		t.Errorf("after midnight the periods are %v", got)
	}
	if err := b.w.Close(); err != nil {
		t.Fatal(err)
	}
	b.at = noon.Add(-time.Hour)
	b.listen()
	if got := b.read().Periods; len(got) != 2 || !got[0].Begin.Equal(b.at) || !got[1].Begin.Equal(noon) {
		t.Errorf("after the clock went back the periods are %v", got)
	}
}

// Lines that nobody wrote so are named, or passed over.
func TestLines(t *testing.T) {
	wrong, err := line{Head: &Head{SHA256: digest([]byte("x"))}, Body: []byte(`{"body":"eQ=="}`)}.encode()
	if err != nil {
		t.Fatal(err)
	}
	log := &Log{}
	Store{}.reading("f", log).lines(bytes.NewReader(append([]byte("\n\n"), wrong...)))
	if len(log.Damaged) > 0 || len(log.Deliveries) != 1 || log.Deliveries[0].Locked == nil || log.Deliveries[0].Body != nil {
		t.Errorf("read as %+v", log)
	}

	long := strings.Repeat("x", 3*maxLine)
	text, size, whole := readLine(bufio.NewReader(strings.NewReader(long + "\n")))
	if !whole || size != int64(len(long))+1 || len(text) > 2*maxLine {
		t.Errorf("of a line of %d bytes %d are kept, %d counted", len(long)+1, len(text), size)
	}
}

// A follower reads no line twice.
func TestAFollowerGoesOn(t *testing.T) {
	b := newBench(t)
	f, err := b.Follow()
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"e1", "e2", "e3"} {
		b.keep(Valid, made("user.created", id))
		if got, err := f.Next(); err != nil || len(got) != 1 || got[0].ID != id {
			t.Fatalf("followed by %+v, %v", got, err)
		}
	}
	kept, err := os.ReadFile(b.file(suffix))
	if r := f.files[day(b.at)+suffix]; err != nil || r.n != bytes.Count(kept, []byte("\n")) || r.bytes != int64(len(kept)) {
		t.Errorf("it has read %d lines, %d bytes", r.n, r.bytes)
	}
}

// A duplicate that cannot be kept leaves its event known.
func TestADuplicateOnAFullDisk(t *testing.T) {
	b := newBench(t)
	b.keep(Valid, made("user.created", "e1"))
	good := b.w.good.file
	full, err := os.OpenFile("/dev/full", os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	b.w.good.file = full
	if _, err := b.w.Keep(Valid, content{Body: []byte(made("user.created", "e1"))}); err == nil {
		t.Fatal("it is kept on a full disk")
	}
	b.w.good.file = good
	if k := b.keep(Valid, made("user.created", "e1")); !k.Duplicate {
		t.Error("its next delivery counts as the first")
	}
}

// Half a line that a failed write left takes no other line with it, and all that is kept
// is flushed.
func TestHalfALine(t *testing.T) {
	b := newBench(t)
	if _, err := b.w.good.file.WriteString(`{"half`); err != nil {
		t.Fatal(err)
	}
	b.w.good.half = true
	b.keep(Valid, made("user.created", "e1"))
	b.keep(Valid, made("user.created", "e2"))
	if got := b.read(); len(got.Deliveries) != 2 || len(got.Damaged) != 1 {
		t.Errorf("%d deliveries, damaged are %q", len(got.Deliveries), got.Damaged)
	}
	if b.w.good.dirty {
		t.Error("the last line was not flushed")
	}
}

// Where somebody puts another file in the place of one that is written to, events go
// into the new one, and forged ones are counted anew.
func TestFilesThatAreReplaced(t *testing.T) {
	b := newBench(t)
	for range 2 {
		b.keep(Forged, made("user.created", "forged"))
	}
	if b.w.forged != 2 || b.w.bytes != len(made("user.created", "forged")) {
		t.Errorf("%d forged deliveries of %d bytes count; want two, and the bytes of one", b.w.forged, b.w.bytes)
	}
	for _, name := range []string{b.file(suffix), b.file(forgedSuffix)} {
		if err := os.Rename(name, name+".old"); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	b.keep(Valid, made("user.created", "e1"))
	b.keep(Forged, made("user.created", "forged"))
	if kept, err := os.ReadFile(b.file(suffix)); err != nil || !bytes.Contains(kept, []byte(`"e1"`)) {
		t.Errorf("the file has %s", kept)
	}
	if b.w.forged != 1 {
		t.Errorf("%d forged deliveries count", b.w.forged)
	}
}

// The bytes of an event are kept once a day, since the files of other days may be
// deleted.
func TestBytesAreKeptEachDay(t *testing.T) {
	b := newBench(t)
	b.keep(Valid, made("user.created", "e1"))
	if err := b.w.Close(); err != nil {
		t.Fatal(err)
	}
	b.at = b.at.Add(24 * time.Hour)
	b.listen()
	if k := b.keep(Valid, made("user.created", "e1")); k.Again || !k.Duplicate {
		t.Errorf("on the next day it is kept as %+v", k)
	}
	if k := b.keep(Valid, made("user.created", "e1")); !k.Again {
		t.Errorf("a second time that day it is kept as %+v", k)
	}
}

// An event that nobody could verify is no duplicate of a forged one.
func TestAnUnverifiedEventAfterAForgedOne(t *testing.T) {
	b := newBench(t)
	b.keep(Forged, made("user.created", "e1"))
	if k := b.keep(Unverified, made("user.created", "e1")); k.Duplicate {
		t.Error("it counts as one")
	}
}
