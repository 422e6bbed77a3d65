package provider_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/zclconf/go-cty/cty"

	"kiraform/apply"
	"kiraform/internal/addr"
	"kiraform/internal/live"
	"kiraform/internal/provider"
	"kiraform/schema/kinds"
	"kiraform/state"
)

// behind is the managed user that an account waits for, as Kira showed her last.
func behind(t *testing.T, status string) map[string]apply.Neighbour {
	t.Helper()
	return behindOne(t, stands(status))
}

func behindOne(t *testing.T, body string) map[string]apply.Neighbour {
	t.Helper()
	k, _ := kinds.ByName("kira_user")
	return map[string]apply.Neighbour{"user_id": {Addr: addr.Resource{Kind: "kira_user", Name: "ana"}, ID: "u1", Seen: shows(t, k, body)}}
}

func stands(status string) string { return strings.Replace(user(""), "CREATED", status, 1) }

// A gate is judged by the last observation while that will do; else it is looked at,
// once. One that cannot open is no wait, and is an error if it shut while this run
// waited for it.
func TestHold(t *testing.T) {
	const review = "kira_user.ana is REVIEW, and Kira has to make it VERIFIED first"
	stalled := user(`, "verification_triggered": false`)
	for name, tt := range map[string]struct {
		behind map[string]apply.Neighbour // nil: nobody manages the user
		began  string                     // the status that the state had her in when the run began
		wait   bool
		look   reply
		want   string // hold, with "look" or "final" behind it; or error
		asked  int
	}{
		"she is verified":              {behind: behind(t, "VERIFIED"), want: ""},
		"she is in review":             {behind: behind(t, "REVIEW"), want: review + " look"},
		"she is in review, with -wait": {behind: behind(t, "REVIEW"), wait: true, want: review},
		"she is rejected": {behind: behind(t, "REJECTED"), began: "REJECTED", look: reply{200, stands("REJECTED")},
			want: "kira_user.ana is REJECTED, and Kira has to make it VERIFIED first final", asked: 1},
		"she is rejected, and was before the wait": {behind: behind(t, "REJECTED"), began: "REJECTED", wait: true, look: reply{200, stands("REJECTED")},
			want: "kira_user.ana is REJECTED, and Kira has to make it VERIFIED first final", asked: 1},
		"she came to be rejected during the wait": {behind: behind(t, "REJECTED"), began: "REVIEW", wait: true, look: reply{200, stands("REJECTED")},
			want: "error kiraform verify kira_user.ana", asked: 1},
		"she came to be rejected, and nobody waits": {behind: behind(t, "REJECTED"), began: "REVIEW", look: reply{200, stands("REJECTED")},
			want: "kira_user.ana is REJECTED, and Kira has to make it VERIFIED first final", asked: 1},
		"she was rejected, and is verified by now": {behind: behind(t, "REJECTED"), look: reply{200, stands("VERIFIED")}, want: "", asked: 1},
		"she was rejected, and is in review again": {behind: behind(t, "REJECTED"), look: reply{200, stands("REVIEW")}, want: review, asked: 1},
		"nobody begins to verify her": {behind: behindOne(t, stalled), look: reply{200, stalled},
			want: "kira_user.ana is CREATED, and Kira has not begun to verify it. To see what to write: kiraform readiness kira_user.ana final", asked: 1},
		"nobody begins to verify a stranger":               {look: reply{200, stands("CREATED")}, want: "kira_user u1 is CREATED, and Kira has to make it VERIFIED first", asked: 1},
		"nobody begins to verify a stranger, as Kira says": {look: reply{200, stalled}, want: "kira_user u1 is CREATED, and Kira has not begun to verify it final", asked: 1},
		"a stranger is verified":                           {look: reply{200, stands("VERIFIED")}, want: "", asked: 1},
		"a stranger is in review":                          {look: reply{200, stands("REVIEW")}, want: "kira_user u1 is REVIEW, and Kira has to make it VERIFIED first", asked: 1},
		"a stranger is rejected":                           {look: reply{200, stands("REJECTED")}, wait: true, want: "kira_user u1 is REJECTED, and Kira has to make it VERIFIED first final", asked: 1},
		"there is no such stranger":                        {look: reply{404, `{"code": "not_found", "message": "User u1 not found"}`}, want: "error there is no kira_user u1 at Kira", asked: 1},
		"a stranger cannot be looked at":                   {look: reply{403, `{"message": "Not yours"}`}, want: "error look at kira_user u1", asked: 1},
		"a stranger is read as somebody else":              {look: reply{200, strings.Replace(stands("VERIFIED"), "u1", "u2", 1)}, want: "error look at kira_user u1", asked: 1},
		"the connection is cut during the look":            {look: reply{0, ""}, want: "error look at kira_user u1", asked: 5},
		"a managed user is gone":                           {behind: behind(t, "REJECTED"), look: reply{404, `{"code": "not_found", "message": "User u1 not found"}`}, want: "error there is no kira_user.ana at Kira", asked: 1},
		"the status of a managed user is hidden":           {behind: behind(t, ""), look: reply{200, stands("REVIEW")}, want: review, asked: 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := begin(t, "kira_virtual_account", anAccount(), map[string][]reply{getUser: {tt.look}}, provider.Options{})
				st := state.New("l")
				if tt.began != "" {
					k, _ := kinds.ByName("kira_user")
					st.Resources[addr.Resource{Kind: "kira_user", Name: "ana"}] = state.Object{ID: "u1", Seen: theKey(t).Seal(k.Schema, "s", shows(t, k, stands(tt.began)))}
				}
				p := provider.New(st, provider.Options{Call: f.call(), Key: theKey(t), Wait: tt.wait})
				f.op.Behind = tt.behind
				hold, err := p.Hold(t.Context(), f.op)
				got := hold.Reason
				if hold.Look {
					got += " look"
				}
				if hold.Final {
					got += " final"
				}
				if part, fails := strings.CutPrefix(tt.want, "error "); fails {
					if err == nil || !strings.Contains(err.Error(), part) {
						t.Errorf("%v, want an error with %s", err, part)
					}
					if _, gone := strings.CutPrefix(part, "there is no"); gone && outcome(err) != "refused" {
						t.Errorf("it may open yet: %s", outcome(err))
					}
				} else if err != nil || got != tt.want {
					t.Errorf("%q, want %q: %v", got, tt.want, err)
				}
				if n := len(f.sent); n != tt.asked {
					t.Errorf("%d requests, want %d", n, tt.asked)
				}
				managed := tt.behind != nil && err == nil && tt.asked == 1
				if looked := len(hold.Looked) == 1; looked != managed && !errorOfEnd(err) || looked && hold.Looked[0].ID != "u1" {
					t.Errorf("looked at %+v", hold.Looked)
				}
			})
		})
	}
}

// errorOfEnd reports whether an object came to its end.
func errorOfEnd(err error) bool { return err != nil && strings.Contains(err.Error(), "is REJECTED") }

// A gate that is any value, such as an account's number, says what is missing.
func TestHoldForAValue(t *testing.T) {
	const get = "GET /v1/virtual-accounts/acc-1"
	const number, over = `, "account_number": "42"`, "kira_virtual_account%s is deactivated, and cannot be used"
	k, _ := kinds.ByName("kira_virtual_account")
	for name, tt := range map[string]struct {
		status, number string
		managed        bool
		want           string
		asked          int
	}{
		"it has none":                          {"approved", "", false, "kira_virtual_account acc-1 has no account_number, and Kira has to provide it first", 1},
		"it has one":                           {"approved", number, false, "", 1},
		"it has one, and has ended":            {"deactivated", number, false, fmt.Sprintf(over, " acc-1"), 1},
		"it is managed, and has one":           {"approved", number, true, "", 0},
		"it is managed, has one and has ended": {"deactivated", number, true, fmt.Sprintf(over, ".usd"), 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				is := strings.Replace(strings.TrimSuffix(account, "}"), "approved", tt.status, 1) + tt.number + "}"
				f := begin(t, "kira_liquidation_address", texts("virtual_account_id", "acc-1"), map[string][]reply{get: {{200, is}}}, provider.Options{})
				if tt.managed {
					f.op.Behind = map[string]apply.Neighbour{"virtual_account_id": {Addr: addr.Resource{Kind: k.Schema.Name, Name: "usd"}, ID: "acc-1", Seen: shows(t, k, is)}}
				}
				if hold, err := f.Hold(t.Context(), f.op); err != nil || hold.Reason != tt.want || len(f.sent) != tt.asked {
					t.Errorf("%+v, %v, %d requests", hold, err, len(f.sent))
				}
			})
		})
	}
}

// What has no gate, or whose other object is not written, is held up by nothing.
func TestNoGate(t *testing.T) {
	for _, kind := range []string{"kira_user", "kira_virtual_account"} {
		f := begin(t, kind, nil, nil, provider.Options{})
		if hold, err := f.Hold(t.Context(), f.op); err != nil || hold.Reason != "" || len(f.sent) > 0 {
			t.Errorf("%s: %+v, %v", kind, hold, err)
		}
		f.Await(t.Context(), f.op) // comes back at once
	}
	f := begin(t, "kira_virtual_account", anAccount(), nil, provider.Options{Wait: true})
	f.op.Behind = behind(t, "VERIFIED")
	f.Await(t.Context(), f.op) // so does the wait for a gate that is open
	if len(f.sent) > 0 {
		t.Errorf("sent %s", f.requests(true))
	}
}

// A kind that this kiraform does not know is none that has ended.
func TestAStateWithAnotherKind(t *testing.T) {
	st := state.New("l")
	st.Resources[addr.Resource{Kind: "kira_of_tomorrow", Name: "x"}] = state.Object{ID: "x"}
	provider.New(st, provider.Options{})
}

// Once the object of a gate has gone or ended, nothing is concluded from its last status
// but that it has to be looked at; and if it lives after all, it is waited for until it has
// moved.
func TestAwaitAfterAnEnd(t *testing.T) {
	review, verified := reply{200, stands("REVIEW")}, reply{200, stands("VERIFIED")}
	for name, tt := range map[string]struct {
		end   reply
		error string
	}{
		"gone":  {reply{404, `{"code": "not_found", "message": "User u1 not found"}`}, "there is no kira_user.ana at Kira"},
		"ended": {reply{200, stands("REJECTED")}, "kira_user.ana is REJECTED"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := begin(t, "kira_virtual_account", anAccount(), map[string][]reply{getUser: {tt.end, tt.end, review, review, verified}}, provider.Options{Wait: true})
				f.op.Behind = behind(t, "REVIEW")
				f.Await(t.Context(), f.op)
				if _, err := f.Hold(t.Context(), f.op); len(f.sent) != 2 && name == "gone" || err == nil || !strings.Contains(err.Error(), tt.error) {
					t.Errorf("%d requests, %v", len(f.sent), err)
				}
				n := len(f.sent)
				f.Await(t.Context(), f.op)
				if got := len(f.sent) - n; got < 3 {
					t.Errorf("it came back after %d looks", got)
				}
			})
		})
	}
}

// A wait goes on from the status that the last one ended with.
func TestAwaitGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		review := reply{200, stands("REVIEW")}
		f := begin(t, "kira_virtual_account", anAccount(), map[string][]reply{getUser: {review, review, review, {200, stands("VERIFIED")}}}, provider.Options{Wait: true})
		f.op.Behind = behind(t, "CREATED")
		f.Await(t.Context(), f.op)
		if len(f.sent) != 1 {
			t.Fatalf("%d looks until it moved", len(f.sent))
		}
		f.Await(t.Context(), f.op)
		if len(f.sent) != 4 {
			t.Errorf("%d looks until it moved again, want 4", len(f.sent))
		}
	})
}

// A watch of many providers answers for all of them.
func TestAWatchIsShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := begin(t, "kira_virtual_account", anAccount(), map[string][]reply{getUser: {{200, stands("VERIFIED")}}}, provider.Options{})
		watch := live.NewWatch(f.call())
		watch.Until(t.Context(), live.Watched{Object: addr.Object{Kind: "kira_user", ID: "u1"}, Attr: "status"}, func(seen cty.Value) string { return seen.GetAttr("status").AsString() }, "REVIEW")
		f.op.Behind = behind(t, "REVIEW")
		n := len(f.sent)
		hold, err := provider.New(state.New("l"), provider.Options{Call: f.call(), Key: theKey(t), Watch: watch}).Hold(t.Context(), f.op)
		if err != nil || hold.Reason != "" || len(f.sent) != n {
			t.Errorf("%+v, %v, %d requests", hold, err, len(f.sent)-n)
		}
	})
}

// With Wait the wait for a gate ends when it has moved; without, with the first look.
// The next question about the gate is answered by that look.
func TestAwait(t *testing.T) {
	for _, wait := range []bool{true, false} {
		t.Run(fmt.Sprintf("wait %v", wait), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				review, verified := reply{200, stands("REVIEW")}, reply{200, stands("VERIFIED")}
				f := begin(t, "kira_virtual_account", anAccount(), map[string][]reply{getUser: {review, review, review, verified}}, provider.Options{Wait: wait})
				f.op.Behind = behind(t, "REVIEW")
				began := time.Now()
				f.Await(t.Context(), f.op)
				if n := len(f.sent); n != map[bool]int{true: 4, false: 1}[wait] {
					t.Errorf("%d looks", n)
				}
				if time.Since(began) > time.Minute {
					t.Errorf("it took %v", time.Since(began))
				}
				n := len(f.sent)
				hold, err := f.Hold(t.Context(), f.op)
				if err != nil || (hold.Reason == "") != wait || hold.Look {
					t.Errorf("%+v, %v", hold, err)
				}
				if asked := len(f.sent) - n; asked != map[bool]int{true: 1, false: 0}[wait] && asked != 0 {
					t.Errorf("%d more looks", asked)
				}
			})
		})
	}
}

// An object that this run waited for, and that ended meanwhile, is an error.
func TestAStrangerEndsDuringTheWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := begin(t, "kira_virtual_account", anAccount(), map[string][]reply{getUser: {{200, stands("REVIEW")}, {200, stands("REJECTED")}}}, provider.Options{Wait: true})
		if hold, err := f.Hold(t.Context(), f.op); err != nil || hold.Reason == "" {
			t.Fatalf("%+v, %v", hold, err)
		}
		f.op.Behind = nil
		f.Await(t.Context(), f.op)
		_, err := f.Hold(t.Context(), f.op)
		if err == nil || !strings.Contains(err.Error(), "kira_user u1 is REJECTED, and Kira has to make it VERIFIED first") || strings.Contains(err.Error(), "kiraform") || outcome(err) != "refused" ||
			!strings.HasSuffix(err.Error(), "to ask your Kira contact to run the verification again") {
			t.Errorf("%s: %v", outcome(err), err)
		}
	})
}

// An object that exists is waited for until it lacks nothing, and the look that found
// that is the observation of it, unless it is too old or shows too little.
func TestAwaitOfAnObject(t *testing.T) {
	const get = "GET /v1/virtual-accounts/acc-1"
	number := reply{200, strings.TrimSuffix(account, "}") + `, "account_number": "42"}`}
	for name, tt := range map[string]struct {
		later time.Duration
		more  int // requests for the read
	}{"right after": {0, 0}, "half a minute later": {31 * time.Second, 1}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := begin(t, "kira_virtual_account", anAccount(), map[string][]reply{get: {{200, account}, number}}, provider.Options{Wait: true})
				f.op.Made, f.op.Prior, f.op.Whole = true, f.known(account), true
				f.op.Prior.Adopted = true
				f.Await(t.Context(), f.op)
				if n := len(f.sent); n != 2 {
					t.Fatalf("%d looks", n)
				}
				time.Sleep(tt.later)
				res, err := f.Read(t.Context(), f.op)
				if err != nil || res.ID != "acc-1" || !res.Adopted || res.Seen.GetAttr("account_number").AsString() != "42" {
					t.Errorf("%+v, %v", res, err)
				}
				if n := len(f.sent) - 2; n != tt.more {
					t.Errorf("%d requests for the read", n)
				}
				f.op.Made = false // one that is read for its own sake is looked at
				if _, err := f.Read(t.Context(), f.op); err != nil || len(f.sent) != 3+tt.more {
					t.Errorf("%d requests, %v", len(f.sent), err)
				}
			})
		})
	}
}

// A row of a list is enough to say that a gate is open, unless something needs the
// whole object.
func TestARowOpensAGate(t *testing.T) {
	for _, whole := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			rows := reply{200, fmt.Sprintf(`{"data": [%s, %s], "total": 2}`, stands("VERIFIED"), strings.Replace(stands("VERIFIED"), "u1", "u2", 1))}
			f := begin(t, "kira_virtual_account", anAccount(), map[string][]reply{"GET /v1/users": {rows}, getUser: {{200, stands("VERIFIED")}}}, provider.Options{})
			watch := live.NewWatch(f.call())
			p := provider.New(state.New("l"), provider.Options{Call: f.call(), Key: theKey(t), Wait: true, Watch: watch})
			two := f.op
			two.Want, two.Behind = input(t, "kira_virtual_account", texts("user_id", "u2")), nil
			f.op.Behind = behind(t, "REVIEW")
			done := make(chan bool)
			go func() { p.Await(t.Context(), two); close(done) }()
			p.Await(t.Context(), f.op)
			<-done
			near := f.op.Behind["user_id"]
			near.Whole = whole
			f.op.Behind["user_id"] = near
			n := len(f.sent)
			hold, err := p.Hold(t.Context(), f.op)
			if err != nil || hold.Reason != "" || len(hold.Looked) != 1 || (len(hold.Looked[0].Unlooked) > 0) == whole {
				t.Errorf("%+v, %v", hold, err)
			}
			if asked := len(f.sent) - n; (asked == 1) != whole || asked > 1 {
				t.Errorf("whole %v: %d requests", whole, asked)
			}
			n = len(f.sent)
			k, _ := kinds.ByName("kira_user")
			user := apply.Op{Addr: addr.Resource{Kind: "kira_user", Name: "ana"}, Kind: k.Schema, Made: true, Whole: whole, Note: f.op.Note,
				Prior: state.Object{ID: "u1", Seen: theKey(t).Seal(k.Schema, "s", near.Seen)}}
			if res, err := p.Read(t.Context(), user); err != nil || (len(res.Unlooked) > 0) == whole || (len(f.sent) > n) != whole {
				t.Errorf("whole %v: read as %+v, %v, with %d requests", whole, res, err, len(f.sent)-n)
			}
		})
	}
}

// The data source of a check block stops nothing if it cannot be read; any other does.
func TestADataSourceThatCannotBeRead(t *testing.T) {
	check := func(is bool) func(addr.Resource) bool { return func(addr.Resource) bool { return is } }
	refused := reply{403, `{"message": "Not yours"}`}
	for name, tt := range map[string]struct {
		scoped func(addr.Resource) bool
		answer reply
		fails  bool
		told   int
	}{
		"of a check":               {check(true), refused, false, 1},
		"of no check":              {check(false), refused, true, 0},
		"where there are none":     {nil, refused, true, 0},
		"of a check, and it is ok": {check(true), reply{200, user("")}, false, 0},
	} {
		synctest.Test(t, func(t *testing.T) {
			f := begin(t, "kira_user", nil, map[string][]reply{getUser: {tt.answer}}, provider.Options{Scoped: tt.scoped})
			d, _ := kinds.DataByName("kira_user")
			f.op.Addr.Data, f.op.Kind = true, d.Schema
			attrs := make(map[string]cty.Value)
			for name, ty := range d.Schema.InputType().AttributeTypes() {
				attrs[name] = cty.NullVal(ty)
			}
			attrs["id"] = cty.StringVal("u1")
			f.op.Want = cty.ObjectVal(attrs)
			res, err := f.Read(t.Context(), f.op)
			if tt.fails != (err != nil) || len(f.notes) != tt.told || err == nil && res.Seen.IsKnown() == (tt.told > 0) {
				t.Errorf("%s: %+v, %v, told %v", name, res, err, f.notes)
			}
		})
	}
}
