package planfile_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"kiraform/internal/event"
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
		{name: "a gate that has opened for another action", now: func(f *planfile.File) { f.Changes[1].Action, f.Changes[1].Final = "update", "" },
			want: []string{"kira_user.a: planned was defer, now it is update"}},
		{name: "another object, from another address", now: func(f *planfile.File) { f.Changes[0].ID, f.Changes[1].From = "other", "kira_user.z" },
			want: []string{"kira_user.a: it comes from kira_user.z; planned was no other address", "kira_user.b: it is the object other; planned was id"}},
		{name: "an action that is another one", now: func(f *planfile.File) {
			f.Invoke.All[0].Of, f.Invoke.All[0].Config = map[string]string{"amount": "6.00"}, "other"
		}, want: []string{"action.kira_payout.a: it is 6.00; planned was 5.00"}},
		{name: "the same action with another configuration", now: func(f *planfile.File) { f.Invoke.All[0].Config = "other" },
			want: []string{"action.kira_payout.a: the configuration has changed"}},
		{name: "fees where none were shown", now: func(f *planfile.File) { f.Invoke.All[1].Fees = "1.00" }},
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
		{name: "an output with another value", now: func(f *planfile.File) { f.Outputs[0].Digest = "2" }, want: []string{`output "x": it has another value`}},
		{name: "the configuration, and a request of another run", now: func(f *planfile.File) { f.Changes[0].Config, f.Changes[0].Sent = "other", "other" },
			want: []string{"kira_user.b: another run has sent it something since", "kira_user.b: the configuration has changed"}},
		{name: "an update that moves its object, and is not needed any more", now: func(f *planfile.File) {
			f.Changes = f.Changes[:1]
			f.Changes[0].Addr, f.Changes[0].From = "kira_user.c", "kira_user.d"
		},
			want: []string{"kira_user.a: defer is not needed any more", "kira_user.b: update is not needed any more", "kira_user.c: update was not planned"}},
		{name: "a move that has another reason", now: func(f *planfile.File) { f.Changes[0].Action = "no-op" }, want: []string{"kira_user.b: planned was update, now it is no-op"}},
		{name: "an action that was repeated", now: func(f *planfile.File) { f.Invoke.All[0].After = "a run" }, want: []string{"action.kira_payout.a: it was repeated since"}},
		{name: "an action without fees any more", now: func(f *planfile.File) { f.Invoke.All[0].Fees = "" }},
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

func key(t *testing.T) state.Key {
	t.Helper()
	k, err := state.NewKey([]byte("a key of 16 bytes"))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// signed is a plan file with that body, and a signature that fits.
func signed(t *testing.T, body string) []byte {
	body += "\n"
	return []byte(body + "hmac-sha256:" + key(t).Sign("saved plan", []byte(body)) + "\n")
}

// A file says why it is not to be carried out. Of an older format nothing but that is
// read, whoever signed it.
func TestRead(t *testing.T) {
	whole := string(signed(t, `{"kiraform_plan":5}`))
	for _, tt := range []struct{ name, file, says string }{
		{"as it was saved", whole, ""},
		{"without its last line feed", strings.TrimSuffix(whole, "\n"), "the signature of the saved plan is gone"},
		{"without its signature", `{"kiraform_plan":5}` + "\n", "the signature of the saved plan is gone"},
		{"edited", strings.Replace(whole, "5}", "5,\"id\":\"1\"}", 1), "its signature does not fit"},
		{"from before there were signatures", `{"kiraform_plan":2}` + "\n", "did not sign it"},
		{"of the first format with signatures", string(signed(t, `{"kiraform_plan":3}`)), "in another form"},
		{"of the format before this one", string(signed(t, `{"kiraform_plan":4}`)), "in another form"},
		{"of a later format", string(signed(t, `{"kiraform_plan":6,"version":"9.0"}`)), "has format 6, which kiraform 9.0 wrote"},
		{"with something after its end", string(signed(t, `{"kiraform_plan":5} {}`)), "damaged: there is something after its end"},
		{"with a time that is none", string(signed(t, `{"kiraform_plan":5,"options":{"wait":"soon"}}`)), "damaged: time: invalid duration"},
		{"of something else", "{}\n", "this is not a saved plan"},
		{"of no JSON", "hello\n", "this is not a saved plan"},
		{"of no JSON that is signed", string(signed(t, "hello")), "damaged: invalid character"},
	} {
		f, err := planfile.Read([]byte(tt.file), func(string) (state.Key, error) { return key(t), nil })
		switch {
		case tt.says == "" && (err != nil || f == nil):
			t.Errorf("%s: %v", tt.name, err)
		case tt.says != "" && (err == nil || !strings.Contains(err.Error(), tt.says)):
			t.Errorf("%s: got %v, want an error that says %q", tt.name, err, tt.says)
		}
	}
}

// A plan of nothing is carried out once, and the first state is not yet there.
func TestCheckOfAPlanWithoutAState(t *testing.T) {
	f := &planfile.File{KeyID: "key"}
	if err := f.Check(&planfile.File{KeyID: "key"}, time.Time{}); err != nil {
		t.Errorf("nothing has changed: %v", err)
	}
	done := time.Date(2026, 3, 20, 12, 0, 0, 0, time.UTC)
	err := f.Check(&planfile.File{KeyID: "key"}, done)
	if err == nil || !strings.Contains(err.Error(), "carried out already, on 2026-03-20 12:00:00 UTC. The changes since it was saved:\n  the state: it was first written") {
		t.Errorf("one that was carried out: %v", err)
	}
}

// A plan is written as JSON with all that it has, is read back as it was, and not a byte of
// it can be another one.
func TestEncode(t *testing.T) {
	own := key(t)
	have := func(string) (state.Key, error) { return own, nil }
	change := func(addr string) planfile.Change {
		return planfile.Change{Addr: addr, Action: "update", Paths: []string{"email"}}
	}
	for _, changes := range [][]planfile.Change{nil, {}, {change("kira_user.a")}, {change("kira_user.a"), change("kira_user.b"), change("kira_user.c")}} {
		f := &planfile.File{Format: planfile.Format, Version: "1.0", KeyID: "4711", Lineage: "l", Changes: changes, Unchanged: 2,
			Given: map[string]json.RawMessage{"changes": json.RawMessage("null")}}
		file, err := f.Encode(t.Context(), own)
		if err != nil {
			t.Fatal(err)
		}
		plain, err := json.MarshalIndent(f, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		if body, _, _ := strings.Cut(string(file), "\nhmac-sha256:"); body != string(plain) {
			t.Errorf("%d changes are written as\n%s\nwant\n%s", len(changes), body, plain)
		}
		back, err := planfile.Read(file, have)
		if err != nil || !reflect.DeepEqual(back, f) {
			t.Errorf("%d changes are read as %+v, %v", len(changes), back, err)
		}
		for i := len(changes); i < len(file); i += 4 { // no two files leave out the same
			edited := bytes.Clone(file)
			edited[i] ^= 1
			if _, err := planfile.Read(edited, have); err == nil {
				t.Errorf("byte %d of %d is another one, and the plan was read", i, len(file))
			}
		}
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if _, err := (&planfile.File{Changes: make([]planfile.Change, 1)}).Encode(ended, key(t)); !errors.Is(err, context.Canceled) {
		t.Errorf("nobody waits for it any more: %v", err)
	}
}

// The values that a plan was given are handed on, as a file of variables.
func TestVariables(t *testing.T) {
	if got := (&planfile.File{}).Variables(); got != nil {
		t.Errorf("no values are %q", got)
	}
	f := &planfile.File{Given: map[string]json.RawMessage{"n": json.RawMessage("1"), "a": json.RawMessage(`"x"`)}}
	if got := string(f.Variables()); got != `{"a":"x","n":1}` {
		t.Errorf("the values are %s", got)
	}
}

func packed(addrs ...string) []byte {
	p := planfile.NewPacker()
	for _, a := range addrs {
		p.Add(event.Reviewed{Planned: event.Planned{Addr: a}})
	}
	return p.Bytes()
}

// A plan whose key is not at hand says which one is needed, and is not carried out.
func TestReadWithoutTheKey(t *testing.T) {
	for name, tt := range map[string]struct {
		err       error
		says      string
		untrusted bool
	}{
		"with another key":          {&state.OtherKeyError{Want: "4711"}, "it is signed with the key 4711", true},
		"with none":                 {fs.ErrNotExist, "the key of the state is not here", true},
		"with one that is damaged":  {errors.New("the key is damaged"), "the key is damaged", false},
		"with one that fits it not": {nil, "its signature does not fit", true},
	} {
		other, err := state.NewKey([]byte("another key of 16"))
		if err != nil {
			t.Fatal(err)
		}
		f, err := planfile.Read(signed(t, `{"kiraform_plan":5}`), func(string) (state.Key, error) { return other, tt.err })
		if _, untrusted := errors.AsType[*planfile.UntrustedError](err); f != nil || err == nil || untrusted != tt.untrusted || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %v, %v", name, f, err)
		}
	}
}

// A review of actions shows those, and the counts that were made with them.
func TestReviewOfActions(t *testing.T) {
	f := &planfile.File{Unchanged: 3, Invoke: &planfile.Invoke{Counts: map[string]int{"invoke": 1}, Shown: []event.Planned{{Addr: "action.kira_payout.a", Action: "invoke"}}}}
	if r := f.Review(); len(r.Changes) != 1 || r.Changes[0].Addr != "action.kira_payout.a" || !maps.Equal(r.End.Counts, map[string]int{"invoke": 1}) {
		t.Errorf("it shows %+v and counts %v", r.Changes, r.End.Counts)
	}
}

// A review counts each resource once, and a move beside its action, unless the object is
// forgotten where it has come to. An action that waits is run in the end.
func TestReview(t *testing.T) {
	f := &planfile.File{
		Objects: packed("kira_user.a", "kira_user.b"),
		Changes: []planfile.Change{
			{Addr: "kira_user.a", Action: "defer", Final: "create"},
			{Addr: "kira_user.b", Action: "no-op", From: "kira_user.x"},
			{Addr: "kira_user.c", Action: "update", From: "kira_user.y"},
			{Addr: "kira_user.d", Action: "forget", From: "kira_user.z"},
			{Addr: "kira_user.e", Action: "create"}},
		Triggered: []event.Planned{{Addr: "action.kira_payout.a", Action: "invoke"}, {Addr: "action.kira_payout.b", Action: "defer"}},
		Outputs:   []planfile.Output{{Name: "x", Changes: true}, {Name: "y"}},
	}
	f.Unchanged, f.Options.Wait = 3, "90s"
	f.Outputs[0].After = &event.Node{Name: "x"}
	r := f.Review()
	if r.Wait != 90*time.Second || len(r.Outputs) != 2 || r.Outputs[0].Name != "x" || r.Outputs[0].After == nil || r.End.Counts["no-op"] != 3 {
		t.Errorf("it waits %v and has the outputs %+v; %v", r.Wait, r.Outputs, r.End.Counts)
	}
	delete(r.End.Counts, "no-op")
	if want := map[string]int{"create": 1, "defer": 1, "move": 2, "update": 1, "forget": 1, "invoke": 1, "later": 1}; !maps.Equal(r.End.Counts, want) {
		t.Errorf("it counts %v, want %v", r.End.Counts, want)
	}
	var said []string
	for _, c := range r.Changes {
		said = append(said, c.Addr+" "+c.Action+" "+c.Final)
	}
	if want := []string{"kira_user.a defer create", "kira_user.b no-op ", "action.kira_payout.a invoke ", "action.kira_payout.b defer invoke"}; !slices.Equal(said, want) {
		t.Errorf("it shows %q, want %q", said, want)
	}
	if !f.Shows("x") || f.Shows("y") || f.Shows("z") || (*planfile.File)(nil).Shows("x") {
		t.Error("it shows other outputs than the one that changes")
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
	run := planfile.InvokeApproval{Kind: "invoke", All: []planfile.ApprovedRun{{Addr: "action.kira_payout.a", Fees: "1.00"}}}
	if is, want := run.Digest(), "sha256:7f104c849b076403f2a8ca9b20fa8666c1621c27a282b4df58ccbd68bfb156a4"; is != want {
		t.Errorf("the digest of an action is %s, want %s: one that was approved by it could not be run", is, want)
	}
}
