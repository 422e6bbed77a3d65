package cli_test

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"kiraform/internal/cli"
	"kiraform/internal/simulator"
)

// hearing is a folder with a user, an account and a registration, at a Kira
// that sends events to a listener.
func hearing(t *testing.T, sim *simulator.Server) (*folder, *ear) {
	person, err := os.ReadFile("testdata/people/maria.kira.hcl")
	if err != nil {
		t.Fatal(err)
	}
	f := newFolder(t, map[string]string{"maria.kira.hcl": string(person), "main.kira.hcl": `
provider "kira" {
  environment = "sandbox"
}
variable "hook" {}
resource "kira_webhook" "w" {
  webhook_url = var.hook
  secret      = "` + hookSecret + `"
}
resource "kira_virtual_account" "usd" {
  user_id  = kira_user.maria.id
  type     = "US_BANK"
  provider = "act"
  mode     = "fiat"
}
`})
	f.serve(sim, nil)
	f.environ["KIRA_API_KEY"], f.environ["KIRA_CLIENT_ID"], f.environ["KIRA_PASSWORD"] = apiKey, clientID, password
	f.environ["KIRAFORM_WEBHOOK_SECRET"], f.environ["KIRAFORM_VAR_hook"] = hookSecret, "http://127.0.0.1:1"
	e := f.listen()
	f.environ["KIRAFORM_VAR_hook"] = e.url
	f.must(0, "apply", "-auto-approve", "-target=kira_webhook.w")
	return f, e
}

// id is that of a resource of the state.
func (f *folder) id(address string) string {
	f.t.Helper()
	var all []struct{ Address, ID string }
	if r := f.run("status", "-refresh=false", "-json"); json.Unmarshal([]byte(`[]`), &all) == nil {
		var s struct {
			Resources []struct{ Address, ID string }
		}
		if err := json.Unmarshal([]byte(r.out), &s); err != nil {
			f.t.Fatal(err, r.out, r.err)
		}
		all = append(all, s.Resources...)
	}
	for _, r := range all {
		if r.Address == address {
			return r.ID
		}
	}
	f.t.Fatalf("there is no %s", address)
	return ""
}

// heard waits until an event about a user has come n times.
func (f *folder) heard(name, user string, n int) {
	f.t.Helper()
	for end := time.Now().Add(5 * time.Minute); ; time.Sleep(20 * time.Millisecond) {
		if r := f.run("webhook", "list", name, "-user="+user, "-json"); strings.Count(r.out, `"event_id"`) >= n {
			return
		}
		if time.Now().After(end) {
			f.t.Fatalf("%s did not come %d times", name, n)
		}
	}
}

const failed = "user.verification.failed"

// Why Kira rejected a user is quoted from the event in which it says so, with
// its time and the attribute that it is about: only while Kira shows the user as
// rejected, and only if nothing was sent since.
func TestReasonsAreQuoted(t *testing.T) {
	sim := &simulator.Server{}
	f, e := hearing(t, sim)
	f.must(0, "apply", "-auto-approve")
	user := f.id("kira_user.maria")
	reject := func(n int, reason string) {
		t.Helper()
		if err := sim.SetUserStatus(user, "REJECTED", reason); err != nil {
			t.Fatal(err)
		}
		f.heard(failed, user, n)
	}
	nowhere := func(when string) {
		t.Helper()
		for _, command := range []string{"plan", "status", "readiness", "drift"} {
			if r := f.run(command); strings.Contains(r.words(), "Kira gave the reason") {
				t.Errorf("%s: %s quotes a reason:\n%s", when, command, r.words())
			}
		}
	}
	// Events of others come in too, and are quoted by nobody.
	f.must(0, "webhook", "send", failed, "-to="+e.url, "-user="+user, "-id=f1", "-secret=a-guess")
	reject(1, "Source of funds: \x1b[31mcould not be \"matched\"")
	quoted := `Source of funds: \u001b[31mcould not be \"matched\"" (source_of_funds)`
	for _, command := range []string{"plan", "status", "readiness", "drift"} {
		said := f.must(0, command)
		says(t, said, "Kira gave the reason, on 20", `UTC: "`+quoted)
		if strings.Contains(said, "\x1b[31m") || command != "readiness" && strings.Contains(said, "Why is only in") {
			t.Errorf("%s says:\n%s", command, said)
		}
	}
	says(t, f.must(0, "apply", "-auto-approve"), "Ended at Kira, and cannot be used: kira_user.maria: REJECTED. Kira gave the reason", "could not be")
	var s struct {
		Resources []struct {
			Address   string
			Rejection *struct {
				At      time.Time
				Reasons []struct {
					Text       string
					Attributes []string
				}
			}
		}
	}
	if r := f.run("status", "kira_user.maria", "-json"); json.Unmarshal([]byte(r.out), &s) != nil || s.Resources[0].Rejection == nil ||
		s.Resources[0].Rejection.Reasons[0].Attributes[0] != "source_of_funds" || time.Since(s.Resources[0].Rejection.At) > time.Hour {
		t.Errorf("status -json: %s", r.out)
	}

	// A PUT makes it old, and so does asking for another verification.
	f.write("maria.kira.hcl", strings.Replace(f.read("maria.kira.hcl"), "Self", "Acme", 1))
	f.must(0, "apply", "-auto-approve")
	nowhere("after a PUT")
	reject(2, "Phone is wrong")
	says(t, f.must(0, "status"), `"Phone is wrong" (phone)`)
	f.must(0, "verify", "kira_user.maria")
	nowhere("after verify")
	if err := sim.SetUserStatus(user, "REVIEW"); err != nil {
		t.Fatal(err)
	}
	reject(3, "Document number 000")
	says(t, f.must(0, "plan"), `"Document number 000" (document_number)`)
	if err := sim.SetUserStatus(user, "VERIFIED"); err != nil {
		t.Fatal(err)
	}
	nowhere("while it is not rejected")
	e.stop()
}

// An old delivery is signed rightly for ever. Who sends it again says nothing.
func TestOldEventsAreNotQuoted(t *testing.T) {
	sim := &simulator.Server{}
	f, e := hearing(t, sim)
	f.must(0, "apply", "-auto-approve")
	user := f.id("kira_user.maria")
	if err := sim.SetUserStatus(user, "REJECTED"); err != nil { // it says no reason
		t.Fatal(err)
	}
	for _, c := range []struct {
		id, made string
		quoted   bool
	}{
		{"old", time.Now().Add(-time.Hour).UTC().Format(time.RFC3339), false},
		{"new", time.Now().UTC().Format(time.RFC3339), true},
	} {
		f.must(0, "webhook", "send", failed, "-to="+e.url, "-user="+user, "-id="+c.id, "-set=created_at="+c.made)
		if said := f.must(0, "status"); strings.Contains(said, "Kira gave the reason") != c.quoted {
			t.Errorf("made on %s:\n%s", c.made, said)
		}
	}
	f.must(0, "webhook", "send", failed, "-to="+e.url, "-user=somebody", "-id=other")
	f.must(0, "status")
	e.stop()
	if f.must(0, "status", "-store=elsewhere"); strings.Contains(f.must(0, "status", "-store=elsewhere"), "Kira gave") {
		t.Error("another store has the event")
	}
}

// looks are the times of the requests for the one user that a run waits for.
func looks(sim *simulator.Server) (user string, at []time.Time) {
	for _, r := range sim.Requests() {
		if id, is := strings.CutPrefix(r.Path, "/v1/users/"); is && r.Method == http.MethodGet && !strings.Contains(id, "/") {
			user, at = id, append(at, r.At)
		}
	}
	return user, at
}

// firstLooks are so many that the last of them is certainly of a wait that has begun.
const firstLooks = 5

// another waits for a look after the first n, and returns the times of all.
func another(sim *simulator.Server, n int) []time.Time {
	for ; ; time.Sleep(10 * time.Millisecond) {
		if _, at := looks(sim); len(at) > n {
			return at
		}
	}
}

// A run that waits looks as soon as an event names the object, and not with its
// next round. It listens itself, or somebody else does.
func TestAnEventWakesARun(t *testing.T) {
	t.Parallel()
	for _, itself := range []bool{true, false} {
		sim := &simulator.Server{ActivateAfter: -1}
		f, e := hearing(t, sim)
		address := strings.TrimPrefix(e.url, "http://")
		args := []string{"apply", "-auto-approve", "-wait=10m"}
		if itself {
			says(t, f.must(1, append(args, "-listen=127.0.0.1:0")...), "somebody listens already", "Leave -listen out")
			e.stop()
			args = append(args, "-listen="+address)
			f.must(64, "apply", "-auto-approve", "-listen="+address)
		}
		ended := make(chan int, 1)
		var out lockedText
		go func() {
			ended <- cli.Main(context.WithoutCancel(t.Context()), cli.Env{Args: args, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out, Environ: f.environ, Dir: f.dir})
		}()
		// Rounds are half as far apart as the wait is old, and never less, however busy the
		// machine is: a look that comes sooner after the one before is none of them.
		const round = 3 * time.Second
		at := another(sim, firstLooks)
		for waits := at[firstLooks-1]; at[len(at)-1].Sub(waits) < 2*round; {
			at = another(sim, len(at))
		}
		user, _ := looks(sim)
		for range 5 {
			f.must(0, "webhook", "send", "user.updated", "-to=http://"+address, "-user="+user, "-secret=a-guess")
		}
		f.must(0, "webhook", "send", "user.updated", "-to=http://"+address, "-user=somebody-else")
		n := len(at)
		at = another(sim, n) // the next round, unless it has been already
		for i := n; i < len(at); i++ {
			if gap := at[i].Sub(at[i-1]); gap < round {
				t.Errorf("forged events and those of others cost a request, %v after the one before", gap)
			}
		}
		for gap := round; gap >= round; gap = at[len(at)-1].Sub(at[len(at)-2]) { // again, if the event came when a round was due
			f.must(0, "webhook", "send", "user.updated", "-to=http://"+address, "-user="+user)
			at = another(sim, len(at))
		}
		if err := sim.SetUserStatus(user, "VERIFIED"); err != nil {
			t.Fatal(err)
		}
		if code := <-ended; code != 0 {
			t.Errorf("it ended with %d\n%s", code, out.String())
		}
		if itself {
			says(t, out.String(), "listening on http://"+address)
		} else {
			e.stop()
		}
	}
}

// A user who is rejected while a run waits for it ends the run with the reason.
func TestRejectedWhileARunWaits(t *testing.T) {
	t.Parallel()
	sim := &simulator.Server{}
	f, e := hearing(t, sim)
	var wg sync.WaitGroup
	wg.Go(func() {
		another(sim, firstLooks)
		user, _ := looks(sim)
		if err := sim.SetUserStatus(user, "REJECTED", "Source of funds is missing"); err != nil {
			t.Error(err)
		}
	})
	said := f.must(1, "apply", "-auto-approve", "-wait=10m")
	wg.Wait()
	says(t, said, "kira_user.maria is REJECTED at Kira", `Kira gave the reason, on 20`, `"Source of funds is missing" (source_of_funds)`)
	e.stop()
}
