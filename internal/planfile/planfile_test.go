package planfile_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"kiraform/internal/planfile"
	"kiraform/state"
)

func FuzzRead(f *testing.F) {
	key, err := state.NewKey([]byte("a key of 16 bytes"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(`{"kiraform_plan":1,"targets":["kira_user.a"]}`))
	f.Add([]byte(`{"kiraform_plan":2,"place":{"environment":"sandbox"}}`))
	f.Add([]byte(`{"kiraform_plan":5,"version":"9"}`))
	f.Add([]byte("{}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		signed := append(data[:len(data):len(data)], "\nhmac-sha256:"+key.Sign("saved plan", append(data[:len(data):len(data)], '\n'))+"\n"...)
		for _, file := range [][]byte{data, signed} {
			p, err := planfile.Read(file, func(string) (state.Key, error) { return key, nil })
			if (p == nil) == (err == nil) {
				t.Fatalf("Read = %v, %v", p, err)
			}
		}
	})
}

// Every fact of a saved plan that is another one now is said, and nothing else.
func TestCheck(t *testing.T) {
	noon := time.Date(2026, 3, 20, 12, 0, 0, 0, time.UTC)
	saved := func() *planfile.File {
		return &planfile.File{KeyID: "key", Lineage: "lineage", State: "state", Bound: map[string]string{"a setting": "1", "another": "1"},
			Changes: []planfile.Change{{Addr: "kira_user.b", Action: "update", ID: "id", Paths: []string{"email"}}, {Addr: "kira_user.a", Action: "defer", Final: "create"}},
			Outputs: []planfile.Output{{Name: "x", Digest: "1"}, {Name: "y", Digest: "1"}},
			Invoke: &planfile.Invoke{MaxPayout: "10.00", All: []planfile.Invocation{{Addr: "action.kira_payout.a", Of: map[string]string{"amount": "5.00"}, Fees: "1.00"},
				{Addr: "action.kira_payout.b"}}}}
	}
	for _, tt := range []struct {
		name string
		now  func(*planfile.File)
		done time.Time
		want []string
	}{
		{name: "nothing", now: func(*planfile.File) {}},
		{name: "another key, by which nothing else can be told", now: func(f *planfile.File) { f.KeyID, f.State = "other", "other" },
			want: []string{"the key of the state: it is other; planned was with key"}},
		{name: "another state", now: func(f *planfile.File) { f.Lineage, f.State = "other", "" },
			want: []string{"the state: it was first written, or replaced by another one", "the state: it is one without a name; planned was with state"}},
		{name: "settings", now: func(f *planfile.File) { f.Bound = map[string]string{"a setting": "2", "new": "1"} },
			want: []string{"a setting: it has changed", "another: it is not there any more", "new: it was not there"}},
		{name: "a gate that has opened", now: func(f *planfile.File) { f.Changes[1].Action, f.Changes[1].Final = "create", "" }},
		{name: "changes, sorted by address", now: func(f *planfile.File) {
			f.Changes[0].Live, f.Changes[0].Paths = "other", nil
			f.Changes[1] = planfile.Change{Addr: "kira_user.c", Action: "no-op", From: "kira_user.d"}
		}, want: []string{"kira_user.a: defer is not needed any more", "kira_user.b: it would change nothing; planned was email", "kira_user.b: the object at Kira has changed",
			"kira_user.c: the move from kira_user.d was not planned"}},
		{name: "outputs", now: func(f *planfile.File) { f.Outputs[0].Changes = true; f.Outputs[1].Name = "z" },
			want: []string{`output "x": another run has saved it since`, `output "y": it is not there any more`, `output "z": it was not planned`}},
		{name: "actions", now: func(f *planfile.File) {
			f.Invoke.MaxPayout, f.Invoke.All[0].Fees, f.Invoke.All[1].Addr = "", "1.01", "action.kira_payout.c"
		}, done: noon, want: []string{"max_payout: it is not there; planned was with 10.00", "action.kira_payout.a: the fees are 1.01; planned was 1.00",
			"action.kira_payout.b: there is nothing to do any more", "action.kira_payout.c: it was not planned"}},
		{name: "lower fees", now: func(f *planfile.File) { f.Invoke.All[0].Fees = "0.50" }},
	} {
		now := saved()
		tt.now(now)
		err := saved().Check(now, tt.done)
		stale, is := errors.AsType[*planfile.StaleError](err)
		switch {
		case is != (tt.want != nil):
			t.Errorf("%s: it is stale: %v", tt.name, err)
		case is && (!slices.Equal(stale.Moved, tt.want) || stale.Done != tt.done):
			t.Errorf("%s: it says\n%q\nwant\n%q", tt.name, stale.Moved, tt.want)
		}
	}
}

// A digest is over everything that is approved, and over nothing that a form of it adds.
func TestDigest(t *testing.T) {
	a := planfile.Approval{Kind: "apply", Changes: []planfile.ApprovedChange{{Addr: "kira_user.a", Action: "create"}}}
	if is, want := a.Digest(), "sha256:457d7538f26c26c625eed0e95a7a987714a578af832c4411138b08a137b9de53"; is != want {
		t.Errorf("the digest is %s, want %s: plans that were approved by one could not be applied", is, want)
	}
	b := a
	b.Changes = []planfile.ApprovedChange{{Addr: "kira_user.a", Action: "update"}}
	if a.Digest() == b.Digest() || a.Digest() == (planfile.InvokeApproval{Kind: "apply"}).Digest() {
		t.Error("two effects have one digest")
	}
}
