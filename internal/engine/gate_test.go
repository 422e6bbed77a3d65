package engine_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"kiraform/apply"
	"kiraform/internal/engine"
	"kiraform/internal/event"
)

// waits applies src and waits for the changes that have to happen at Kira.
func (w *world) waits(t *testing.T, src string, wait time.Duration, stop <-chan struct{}) apply.Summary {
	t.Helper()
	p, err := engine.Open(w.options(src))
	if err != nil {
		t.Fatalf("%v\n%s", err, w.said())
	}
	pl, err := p.Plan(context.Background(), engine.PlanOptions{Wait: wait > 0})
	if err != nil {
		t.Fatalf("%v\n%s", err, w.said())
	}
	sum, err := p.Apply(context.Background(), pl, engine.ApplyOptions{Wait: wait, Stop: stop})
	if err != nil {
		t.Fatalf("%v\n%s", err, w.said())
	}
	return sum
}

// One list request watches all that wait, and shows of each that it has moved to
// an end.
func TestWaitingUsersShareTheirLooks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.sim.VerifyAfter = 3 * time.Second
	const users = 40
	sum := w.waits(t, crowd(users, true, false), time.Minute, nil)
	if !sum.OK() || sum.Deferred != 0 {
		t.Fatalf("%+v\n%s", sum, w.said())
	}
	asked := w.requests(0)
	looks, lists := count(asked, "GET /v1/users/"), count(asked, "GET /v1/users")-count(asked, "GET /v1/users/")
	// The last that wait are looked at one by one, which costs no more than a list.
	if looks > users/10 || lists == 0 || lists > users {
		t.Errorf("took %d looks at one user and %d lists; want few for all %d", looks, lists, users)
	}
	reasons := make(map[string]bool)
	for _, e := range w.events {
		if e, ok := e.(event.Gate); ok && strings.Contains(string(e.Text), "and Kira has to make it VERIFIED first") {
			_, is, _ := strings.Cut(string(e.Text), " is ")
			status, _, _ := strings.Cut(is, ",")
			reasons[status] = true
		}
	}
	if !reasons["CREATED"] || !reasons["REVIEW"] && !reasons["VERIFYING"] {
		t.Errorf("only said that users are %v; want how they get on", reasons)
	}
}

// Without -wait, too, one list request tells of all users whether they are verified
// by now.
func TestUsersAreLookedAtTogether(t *testing.T) {
	for verified, deferred := range map[time.Duration]int{time.Millisecond: 0, 0: 40} {
		w := newWorld(t)
		w.sim.VerifyAfter = verified
		sum := w.waits(t, crowd(40, true, false), 0, nil)
		if !sum.OK() || sum.Deferred != deferred {
			t.Fatalf("verified after %v: %+v, want %d deferred\n%s", verified, sum, deferred, w.said())
		}
		asked := w.requests(0)
		if looks, lists := count(asked, "GET /v1/users/"), count(asked, "GET /v1/users")-count(asked, "GET /v1/users/"); looks > 4 || lists > 6 {
			t.Errorf("verified after %v: took %d looks at one user and %d lists; want few for all 40", verified, looks, lists)
		}
	}
}

// An object that exists is waited for too, until it can be used.
func TestWaitingForAnAccountNumber(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.sim.ActivateAfter = time.Second
	sum := w.waits(t, crowd(3, true, false)+"output \"number\" { value = kira_virtual_account.a[0].account_number }\n", time.Minute, nil)
	if !sum.OK() || sum.Deferred != 0 {
		t.Fatalf("%+v\n%s", sum, w.said())
	}
	ready := 0
	for _, e := range w.events {
		if e, ok := e.(event.Note); ok && e.Text == "is ready for use" {
			ready++
		}
	}
	if ready != 3 {
		t.Errorf("%d accounts were said to be ready, want 3\n%s", ready, w.said())
	}
}

func TestRejectedWhileWaiting(t *testing.T) {
	w := newWorld(t)
	w.sim.VerifyAfter = 500 * time.Millisecond
	src := strings.Replace(crowd(1, true, false), `"https://example.com/1.jpg"`, `"`+onePixel+`"`, 1)
	sum := w.waits(t, src, time.Minute, nil)
	if sum.Failed != 1 {
		t.Fatalf("%+v\n%s", sum, w.said())
	}
	if said := w.said(); !strings.Contains(said, "is REJECTED, and Kira has to make it VERIFIED first") || !strings.Contains(said, "kiraform verify") {
		t.Errorf("it was not said what to do about the rejection:\n%s", said)
	}

	// The next run knows it from the beginning: it is no failure, and there is
	// nothing to wait for. A correction is an ordinary update, after which the run
	// says who has to act.
	w.events = nil
	sum = w.waits(t, src, time.Hour, nil)
	if !sum.OK() || sum.Deferred != 1 || !strings.Contains(w.said(), "end-state") {
		t.Errorf("%+v, want the account deferred and a warning at the user\n%s", sum, w.said())
	}
	sum = w.waits(t, crowd(1, true, false), 0, nil)
	if !sum.OK() || sum.Done["update"] != 1 || sum.Deferred != 1 {
		t.Errorf("%+v, want one update and the account deferred\n%s", sum, w.said())
	}
	if said := w.said(); !strings.Contains(said, "still-rejected") || !strings.Contains(said, "kiraform verify 'kira_user.u[0]'") {
		t.Errorf("it was not said that Kira has to verify it again:\n%s", said)
	}
}

// A user who was rejected before the run that needs him is put off, and whoever
// else waits goes on.
func TestRejectedBeforeWaiting(t *testing.T) {
	w := newWorld(t)
	w.sim.VerifyAfter = 0
	w.waits(t, crowd(2, false, false), 0, nil)
	for i, status := range []string{"REJECTED", "VERIFIED"} {
		if err := w.sim.SetUserStatus(w.sim.Users()[i]["id"].(string), status); err != nil {
			t.Fatal(err)
		}
	}
	w.events = nil
	sum := w.waits(t, crowd(2, true, false), time.Hour, nil)
	if !sum.OK() || sum.Done["create"] != 1 || sum.Deferred != 1 || strings.Count(w.said(), "end-state") != 1 {
		t.Errorf("%+v; want one account made, one deferred, and one warning\n%s", sum, w.said())
	}
}

// A user who is rejected as soon as he is made is no failure of a run that does
// not wait, and is warned of all the same.
func TestRejectedAtOnce(t *testing.T) {
	w := newWorld(t)
	w.sim.VerifyAfter = 0
	o := w.options(crowd(1, true, false))
	emit := o.Emit
	o.Emit = func(e event.Event) {
		emit(e)
		if e, ok := e.(event.End); ok && strings.HasPrefix(e.Addr, "kira_user") {
			if err := w.sim.SetUserStatus(e.ID, "REJECTED"); err != nil {
				t.Error(err)
			}
		}
	}
	p, err := engine.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	pl, err := p.Plan(t.Context(), engine.PlanOptions{})
	if err != nil {
		t.Fatal(err)
	}
	sum, err := p.Apply(t.Context(), pl, engine.ApplyOptions{})
	if err != nil || !sum.OK() || sum.Deferred != 1 || strings.Count(w.said(), "end-state") != 1 {
		t.Errorf("%+v, %v; want the account deferred, and a warning\n%s", sum, err, w.said())
	}
}

// An account that Kira declines while the run waits for its number is a failure,
// and not ready; the next run only warns.
func TestDeclinedWhileWaiting(t *testing.T) {
	w := newWorld(t)
	w.sim.ActivateAfter = 0
	src := crowd(1, true, false)
	o := w.options(src)
	emit := o.Emit
	o.Emit = func(e event.Event) {
		emit(e)
		if e, ok := e.(event.Gate); ok && strings.Contains(string(e.Text), "its account number") {
			go func() {
				if err := w.sim.DeclineAccount(w.sim.VirtualAccounts()[0]["id"].(string)); err != nil {
					t.Error(err)
				}
			}()
		}
	}
	p, err := engine.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	pl, err := p.Plan(t.Context(), engine.PlanOptions{Wait: true})
	if err != nil {
		t.Fatal(err)
	}
	sum, err := p.Apply(t.Context(), pl, engine.ApplyOptions{Wait: time.Minute})
	said := w.said()
	if err != nil || sum.Failed != 1 || strings.Contains(said, "is ready for use") || !strings.Contains(said, "is declined at Kira") {
		t.Errorf("%+v, %v; want a failure\n%s", sum, err, said)
	}
	if sum := w.waits(t, src, time.Hour, nil); !sum.OK() || sum.Deferred != 0 {
		t.Errorf("the next run: %+v\n%s", sum, w.said())
	}
}

// onePixel is a picture that no verification accepts.
const onePixel = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAACAkQBADs="

// An interrupt while something waits saves the finished work, and defers the
// rest.
func TestInterruptWhileWaiting(t *testing.T) {
	w := newWorld(t)
	w.sim.VerifyAfter = 0
	stop := make(chan struct{})
	src := crowd(2, true, false)
	o := w.options(src)
	emit := o.Emit
	waiting := 0
	o.Emit = func(e event.Event) {
		emit(e)
		if _, ok := e.(event.Gate); ok {
			if waiting++; waiting == 2 {
				close(stop)
			}
		}
	}
	p, err := engine.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	pl, err := p.Plan(t.Context(), engine.PlanOptions{Wait: true})
	if err != nil {
		t.Fatal(err)
	}
	sum, err := p.Apply(t.Context(), pl, engine.ApplyOptions{Wait: time.Hour, Stop: stop})
	if err != nil || sum.Deferred != 2 || sum.Failed != 0 || !sum.Stopped {
		t.Errorf("%+v, %v; want both accounts deferred", sum, err)
	}
	st, err := w.store().Load(t.Context())
	if err != nil || len(st.Resources) != 2 {
		t.Errorf("the state has %v (%v); want both users", st.Resources, err)
	}
}

// A plan says of a shut gate what the run said of it that made the other object, so
// that the end of a run has one group for one reason, whoever made the objects.
func TestOneGateHasOneWording(t *testing.T) {
	for name, tt := range map[string]struct {
		src  string
		made func(w *world, id string) error // once the other object is made
		says string
	}{
		"a user whom Kira has to verify": {src: crowd(1, true, false), says: "kira_user.u[0] is CREATED, and Kira has to make it VERIFIED first"},
		"a user of whom too little is known": {src: strings.NewReplacer(complete, "  birth_date  = \"1990-05-15\"\n  nationality = \"MEX\"\n", `provider = "act"`, `bank = "another_bank"`).Replace(crowd(1, true, false)),
			says: "kira_user.u[0] is CREATED, and Kira has not begun to verify it"},
		"a user who was rejected": {src: crowd(1, true, false), says: "kira_user.u[0] is REJECTED, and Kira has to make it VERIFIED first",
			made: func(w *world, id string) error { return w.sim.SetUserStatus(id, "REJECTED") }},
		"an account without a number": {src: liquidationExample(t), says: "kira_virtual_account.usd has no account_number, and Kira has to provide it first"},
		"an account that was declined": {src: liquidationExample(t), says: "kira_virtual_account.usd is declined, and cannot be used",
			made: func(w *world, id string) error { return w.sim.DeclineAccount(id) }},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.sim.ActivateAfter = 0 // by hand
			if strings.HasPrefix(tt.says, "kira_user") {
				w.sim.VerifyAfter = 0
			}
			o := w.options(tt.src)
			emit := o.Emit
			o.Emit = func(e event.Event) {
				emit(e)
				if e, ok := e.(event.End); ok && tt.made != nil && strings.HasPrefix(tt.says, e.Addr) {
					if err := tt.made(w, e.ID); err != nil {
						t.Error(err)
					}
				}
			}
			for _, run := range []string{"the run that makes the other object", "the next one"} {
				w.events = nil
				p, err := engine.Open(o)
				if err != nil {
					t.Fatal(err)
				}
				pl, err := p.Plan(t.Context(), engine.PlanOptions{})
				if err != nil {
					t.Fatalf("%v\n%s", err, w.said())
				}
				if _, err := p.Apply(t.Context(), pl, engine.ApplyOptions{}); err != nil {
					t.Fatal(err)
				}
				for _, e := range w.events {
					if e, ok := e.(event.Deferred); ok && !strings.HasPrefix(string(e.Reason), tt.says) {
						t.Errorf("%s says %q, want %q", run, e.Reason, tt.says)
					}
				}
				if !strings.Contains(w.said(), tt.says) {
					t.Errorf("%s does not say %q", run, tt.says)
				}
			}
		})
	}
}
