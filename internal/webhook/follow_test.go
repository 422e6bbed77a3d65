package webhook

import (
	"fmt"
	"os"
	"testing"
	"time"
)

func about(event, id, user string) string {
	return fmt.Sprintf(`{"event":%q,"data":{"event_id":%q,"user_id":%q}}`, event, id, user)
}

func (b *bench) next(f *Follower) (ids []string) {
	b.Helper()
	fresh, err := f.Next()
	if err != nil {
		b.Fatal(err)
	}
	for _, d := range fresh {
		ids = append(ids, d.ID)
	}
	return ids
}

// Only a verified event that is new wakes anybody: not one that was there
// before, one that is forged, one that could not be verified, or one that comes
// again, with the same bytes or others.
func TestFollow(t *testing.T) {
	b := newBench(t)
	b.keep(Valid, about("user.updated", "old", "u1"))
	f, err := b.Follow()
	if err != nil {
		t.Fatal(err)
	}
	b.keep(Valid, about("user.updated", "old", "u1"))
	b.keep(Valid, about("user.updated", "old", "u2"))
	b.keep(Forged, about("user.updated", "e1", "u1"))
	b.keep(Unverified, about("user.updated", "e1", "u1"))
	if ids := b.next(f); len(ids) != 0 {
		t.Errorf("woken by %v", ids)
	}
	b.keep(Valid, about("user.updated", "e1", "u1"))
	b.keep(Valid, about("user.updated", "e1", "u1"))
	b.at = b.at.Add(24 * time.Hour) // another file
	b.keep(Valid, about("user.updated", "e2", "u1"))
	if ids := b.next(f); fmt.Sprint(ids) != "[e1 e2]" {
		t.Errorf("woken by %v", ids)
	}
	if ids := b.next(f); len(ids) != 0 {
		t.Errorf("woken again by %v", ids)
	}
}

// A line that is still being written is read once it is whole, and a folder
// that is not there yet has nothing.
func TestFollowWhileItIsWritten(t *testing.T) {
	none, err := Store{Dir: t.TempDir() + "/none"}.Follow()
	if fresh, err2 := none.Next(); err != nil || err2 != nil || len(fresh) != 0 {
		t.Errorf("of no folder: %v, %v, %v", fresh, err, err2)
	}
	b := newBench(t)
	f, err := b.Follow()
	if err != nil {
		t.Fatal(err)
	}
	b.keep(Valid, about("user.updated", "e1", "u1"))
	whole, err := os.ReadFile(b.file(suffix))
	if err != nil {
		t.Fatal(err)
	}
	for n := range len(whole) {
		if err := os.WriteFile(b.file(suffix), whole[:n], 0o600); err != nil {
			t.Fatal(err)
		}
		if ids := b.next(f); len(ids) != 0 {
			t.Fatalf("%d of %d bytes have %v", n, len(whole), ids)
		}
	}
	if err := os.WriteFile(b.file(suffix), whole, 0o600); err != nil {
		t.Fatal(err)
	}
	if ids := b.next(f); fmt.Sprint(ids) != "[e1]" {
		t.Errorf("whole, it has %v", ids)
	}
}

func TestAsked(t *testing.T) {
	b := newBench(t)
	for _, at := range []time.Time{noon, noon.Add(time.Hour), noon.Add(time.Minute)} {
		if err := b.Ask("u1", at); err != nil {
			t.Fatal(err)
		}
	}
	if log := b.read(); !log.Asked["u1"].Equal(noon.Add(time.Hour)) || len(log.Damaged) != 0 || len(log.Deliveries) != 0 {
		t.Errorf("%+v", log)
	}
	if err := (Store{Dir: t.TempDir() + "/none"}).Ask("u1", noon); err != nil {
		t.Error(err)
	}
}

func TestSubject(t *testing.T) {
	for name, want := range map[string]string{
		"user.verification.failed": "user", "virtual_account.activated": "virtual_account", "payout.completed": "payout",
		"payout.status_changed": "payout", "payin.created": "",
	} {
		d, err := Sample(name, Content{}, "")
		if err != nil {
			t.Fatal(err)
		}
		word, id := d.Envelope().Subject()
		if (id != "") != (want != "") || want != "" && word != want {
			t.Errorf("%s is about %q %q", name, word, id)
		}
	}
}
