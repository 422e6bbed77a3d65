package apply

import (
	"context"
	"errors"
	"testing"
	"time"

	"kiraform/internal/addr"
	"kiraform/internal/event"
	"kiraform/internal/runs"
	"kiraform/schema"
	"kiraform/state"
)

// teller is a Kira that pays.
type teller struct {
	shown []runs.Payment
	looks int
	sent  []string // keys
}

func (k *teller) Look(context.Context) ([]runs.Payment, error) {
	k.looks++
	return k.shown, nil
}

func (k *teller) Send(_ context.Context, key string) (Outcome, error) {
	k.sent = append(k.sent, key)
	return Outcome{ID: "p1", Status: "COMPLETED"}, nil
}

func (k *teller) Date(context.Context) time.Time { return time.Time{} }

// noted takes records.
type noted struct{ all []state.Record }

func (n *noted) Append(r state.Record) error { n.all = append(n.all, r); return nil }

func (n *noted) Close() error { return nil }

func invocation(k *teller) Invocation {
	return Invocation{
		Want: runs.Want{Addr: addr.Resource{Action: true, Kind: "kira_payout", Name: "rent"}, Action: &schema.Action{Pays: true, KeyLife: time.Hour},
			Of: map[string]string{"amount": "5.00", "recipient_id": "re"}, Digest: "d"},
		Written: func(state.Run) bool { return true }, Actor: k, Journal: new(noted),
		NewKey: func() string { return "key" }, Now: time.Now, Emit: func(event.Event) {},
	}
}

// The last condition is asked for right before the request leaves; a wait for it is
// time in which somebody else may pay.
func TestReadyIsAskedBeforeAnActionIsSent(t *testing.T) {
	dear := errors.New("it has become dearer")
	for name, tt := range map[string]struct {
		asked     bool
		err       error
		meanwhile bool // somebody else pays the same while the condition is asked for
		step      runs.Step
		sent      int
		looks     int // before the sending
	}{
		"a condition that holds":                           {step: runs.Send, sent: 1, looks: 1},
		"one that took a request":                          {asked: true, step: runs.Send, sent: 1, looks: 2},
		"one that does not hold":                           {err: dear, step: runs.Send, looks: 1},
		"one that took a request and does not hold":        {asked: true, err: dear, step: runs.Send, looks: 1},
		"somebody pays while a request is under way":       {asked: true, meanwhile: true, step: runs.Stop, looks: 2},
		"without a request, the first look is good enough": {meanwhile: true, step: runs.Send, sent: 1, looks: 1},
	} {
		k := new(teller)
		in, looks := invocation(k), 0
		in.Ready = func(_ context.Context, v runs.Verdict) (bool, error) {
			if looks = k.looks; v.Step != runs.Send {
				t.Errorf("%s: asked about %s", name, v.Step)
			}
			if tt.meanwhile {
				k.shown = []runs.Payment{{Payment: schema.Payment{ID: "p0", Recipient: "re", Amount: "5.00", Created: time.Now()}}}
			}
			return tt.asked, tt.err
		}
		v, err := Invoke(t.Context(), in, state.New("l"))
		if looks != 1 {
			t.Errorf("%s: asked after %d looks", name, looks)
		}
		before := k.looks
		if tt.sent > 0 {
			before-- // of two that pay at once the later one sees both
		}
		if !errors.Is(err, tt.err) || v.Step != tt.step || len(k.sent) != tt.sent || before != tt.looks {
			t.Errorf("%s: %s, %v, sent %d times after %d looks; want %s, %v, %d and %d", name, v.Step, err, len(k.sent), before, tt.step, tt.err, tt.sent, tt.looks)
		}
	}
}

// Nothing is asked where nothing would be sent.
func TestReadyIsNotAskedForAnActionThatIsDone(t *testing.T) {
	k, st := new(teller), state.New("l")
	in := invocation(k)
	if _, err := Invoke(t.Context(), in, st); err != nil {
		t.Fatal(err)
	}
	in.Ready = func(context.Context, runs.Verdict) (bool, error) {
		t.Error("asked about an action that is done")
		return true, nil
	}
	if v, err := Invoke(t.Context(), in, st); err != nil || v.Step != runs.Done || len(k.sent) != 1 {
		t.Errorf("%s, %v, sent %d times; want it done", v.Step, err, len(k.sent))
	}
}

// A wish to stop while the condition is asked for is obeyed.
func TestAStopRightBeforeAnActionIsSent(t *testing.T) {
	k, stop := new(teller), make(chan struct{})
	in := invocation(k)
	in.Stop = stop
	in.Ready = func(context.Context, runs.Verdict) (bool, error) { close(stop); return false, nil }
	if _, err := Invoke(t.Context(), in, state.New("l")); !errors.Is(err, ErrStopped) || len(k.sent) > 0 {
		t.Errorf("%v, and sent %d times; want it stopped", err, len(k.sent))
	}
}
