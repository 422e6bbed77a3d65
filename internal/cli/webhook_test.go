package cli_test

import (
	"bufio"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"

	"filippo.io/age"

	"kiraform/internal/cli"
	"kiraform/internal/simulator"
)

const hookSecret = "canary-hook-secret"

// ear is a webhook listen that goes on until it is stopped.
type ear struct {
	f          *folder
	url        string
	lines      chan string
	interrupts chan os.Signal
	ended      chan int
	stderr     lockedText
}

// lockedText is written by one goroutine and read by another.
type lockedText struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lockedText) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lockedText) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// listen starts webhook listen, whose standard input has ended already.
func (f *folder) listen(args ...string) *ear {
	f.t.Helper()
	e := &ear{f: f, lines: make(chan string, 1000), interrupts: make(chan os.Signal, 2), ended: make(chan int, 1)}
	out, in := io.Pipe()
	go func() {
		e.ended <- cli.Main(f.t.Context(), cli.Env{
			Args: append([]string{"webhook", "listen", "-listen=127.0.0.1:0"}, args...), Stdin: strings.NewReader(""),
			Stdout: in, Stderr: &e.stderr, Environ: maps.Clone(f.environ), Dir: f.dir, Interrupts: e.interrupts})
		_ = in.Close()
	}()
	go func() {
		for s := bufio.NewScanner(out); s.Scan(); {
			e.lines <- s.Text()
		}
		close(e.lines)
	}()
	first, ok := <-e.lines
	if !ok {
		f.t.Fatalf("it does not listen: %s", e.stderr.String())
	}
	if e.url, ok = strings.CutPrefix(first, "listening on "); !ok {
		var ready struct{ Type, Address string }
		if json.Unmarshal([]byte(first), &ready) != nil || ready.Type != "ready" {
			f.t.Fatalf("the first line is %q", first)
		}
		e.url = ready.Address
	}
	return e
}

// stop interrupts it, and returns the rest of its output.
func (e *ear) stop() string {
	e.f.t.Helper()
	e.interrupts <- syscall.SIGINT
	var said strings.Builder
	for line := range e.lines {
		said.WriteString(line + "\n")
	}
	if code := <-e.ended; code != 0 {
		e.f.t.Errorf("it ended with %d: %s", code, e.stderr.String())
	}
	return said.String()
}

func TestEventsAreKeptAndShown(t *testing.T) {
	f := newFolder(t, nil)
	f.environ["KIRAFORM_WEBHOOK_SECRET"], f.environ["KIRAFORM_WEBHOOK_SECRET_OLD"] = hookSecret, "the-old-secret"
	e := f.listen()
	f.must(0, "webhook", "send", "user.verification.failed", "-to="+e.url, "-id=e1", "-user=u1", "-set=note=\x1b[31m::error::")
	f.must(0, "webhook", "send", "payout.status_changed", "-to="+e.url+"/any/path", "-id=e2", "-secret=the-old-secret")
	f.must(0, "webhook", "send", "payout.status_changed", "-to="+e.url, "-id=e2")
	f.must(0, "webhook", "send", "user.created", "-to="+e.url, "-id=e1", "-secret=a-guess") // answered like the others
	says(t, f.must(0, "webhook", "list"), "user.verification.failed", "user u1", "payout.status_changed", "2 events.")
	var list []struct {
		EventID    string `json:"event_id"`
		Event      string
		Duplicates int
		UserID     *string `json:"user_id"`
		Valid      bool
	}
	if r := f.run("webhook", "list", "-json", "-invalid"); json.Unmarshal([]byte(r.out), &list) != nil || len(list) != 3 {
		t.Fatalf("list -json: %s", r.out)
	}
	if l := list[0]; l.EventID != "e1" || !l.Valid || l.Duplicates != 0 || l.UserID == nil || *l.UserID != "u1" {
		t.Errorf("the first is %+v", l)
	}
	if l := list[1]; l.EventID != "e2" || !l.Valid || l.Duplicates != 1 {
		t.Errorf("the second is %+v", l)
	}
	if list[2].Valid {
		t.Error("a guess is valid")
	}
	if r := f.run("webhook", "list", "user.*", "-user=u2", "-json"); strings.TrimSpace(r.out) != "[]" {
		t.Errorf("of another user: %s", r.out)
	}
	document(t, f, 0, "webhooks", "webhook", "list", "-json", "-invalid")
	shown := f.run("webhook", "show", "e1")
	says(t, shown.words(), "reasons", "Source of funds is missing", "X-Signature-Sha256:")
	if strings.Contains(shown.out, "\x1b") {
		t.Errorf("an event commands the terminal: %q", shown.out)
	}
	says(t, f.must(1, "webhook", "show", "e11"), `Did you mean "e1"?`)
	says(t, f.must(0, "webhook", "verify"), "2 signatures right, 0 wrong, 1 forged, as when they came.")
	says(t, f.must(1, "webhook", "verify", "-secret=another"), "user.verification.failed e1 does not match", "0 signatures right, 2 wrong, 1 forged, as when they came.")
	says(t, e.stop(), "user.verification.failed", "again", "FORGED", "Stopped. 2 events, 1 duplicate, 1 forged.")
	says(t, f.listenOnce(), "Nobody listened since")
	says(t, f.must(0, "webhook", "list"), "nobody listened: events sent then are lost")
}

func (f *folder) listenOnce() string {
	e := f.listen()
	e.stop()
	return e.stderr.String()
}

// The same bytes verify, whatever they are; others do not.
func TestOneDelivery(t *testing.T) {
	f := newFolder(t, nil)
	f.stdin = `{"event":"user.created","data":{"event_id":"e1","name":"Zoë"}}`
	const signature = "f4d52bcd5a021dacaf3c0beb68ac596b4fb01a04a81728643fce4a84d70150a1" // by openssl
	f.must(0, "webhook", "verify", "-secret=secret1", "-signature="+signature)
	f.must(1, "webhook", "verify", "-secret=secret2", "-signature="+signature)
	f.must(1, "webhook", "verify", "-secret=secret1", "-signature=")
	f.stdin += "\n"
	f.must(1, "webhook", "verify", "-secret=secret1", "-signature="+signature)
	f.must(64, "webhook", "verify", "-signature="+signature)
}

func TestListeningForMachines(t *testing.T) {
	f := newFolder(t, nil)
	e := f.listen("-progress=json", "-secret="+hookSecret)
	f.must(0, "webhook", "send", "virtual_account.activated", "-to="+e.url, "-id=e1", "-secret="+hookSecret, "-user=u1")
	var types []string
	for line := range strings.Lines(e.stop()) {
		var h struct {
			Type, Event   string
			EventID       string `json:"event_id"`
			UserID        string `json:"user_id"`
			Valid, Second bool
		}
		if err := json.Unmarshal([]byte(line), &h); err != nil {
			t.Fatalf("%q is no JSON", line)
		}
		types = append(types, h.Type)
		if h.Type == "event" && (h.EventID != "e1" || h.UserID != "u1" || !h.Valid) {
			t.Errorf("event: %s", line)
		}
	}
	if got := strings.Join(types, " "); got != "event stopped" {
		t.Errorf("lines: %s", got)
	}
}

func TestListeningNeedsASecret(t *testing.T) {
	f := newFolder(t, nil)
	says(t, f.must(1, "webhook", "listen", "-listen=127.0.0.1:0"), "no secret to verify events with", "KIRAFORM_WEBHOOK_SECRET", "-unverified")
	for name, listen := range map[string]func() *ear{
		"-unverified":        func() *ear { return f.listen("-unverified") },
		"a Kira on loopback": func() *ear { f.environ["KIRA_BASE_URL"] = "http://127.0.0.1:1/sandbox"; return f.listen() },
	} {
		e := listen()
		f.must(0, "webhook", "send", "user.created", "-to="+e.url)
		says(t, e.stop(), "not verified")
		if r := f.run("webhook", "list", "-json"); strings.Contains(r.out, `"valid": true`) {
			t.Errorf("%s: %s", name, r.out)
		}
	}
	f.must(1, "webhook", "wait", "user.*", "-timeout=300ms")
	f.must(0, "webhook", "wait", "user.*", "-timeout=300ms", "-unverified")
	f.must(64, "webhook", "wait", "user.*", "-timeout=0s")
	f.must(64, "webhook", "send", "user.deleted")
	f.must(64, "webhook", "replay")
	says(t, f.must(0, "webhook", "replay", "-to=http://127.0.0.1:1"), "was verified, and the others are sent only if they are named. To see their ids: kiraform webhook list", "0 events sent")
	f.must(64, "webhook", "replay", "-to=nowhere")
	f.must(64, "webhook", "listen", "-progress=loud")
	f.must(64, "webhook", "lisen")
}

// Two listeners on one folder would take each other's duplicates for new.
func TestOneListener(t *testing.T) {
	f := newFolder(t, nil)
	e := f.listen("-unverified")
	says(t, f.must(1, "webhook", "listen", "-unverified", "-listen=127.0.0.1:0"), "somebody listens already")
	says(t, f.must(1, "webhook", "listen", "-unverified", "-store=other", "-listen="+strings.TrimPrefix(e.url, "http://")), "another program listens there")
	e.stop()
}

func TestEventsArePassedOn(t *testing.T) {
	f := newFolder(t, nil)
	f.environ["KIRAFORM_WEBHOOK_SECRET"] = hookSecret
	got, code := make(chan string, 10), 200
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got <- r.Header.Get("X-Signature-Sha256") + " " + string(body)
		w.WriteHeader(code)
	}))
	defer target.Close()
	e := f.listen("-forward=" + target.URL)
	f.must(0, "webhook", "send", "user.created", "-to="+e.url, "-id=forged", "-secret=a-guess")
	f.must(0, "webhook", "send", "user.created", "-to="+e.url, "-id=e1")
	f.must(0, "webhook", "send", "user.created", "-to="+e.url, "-id=e1")
	e.stop()
	if first := <-got; len(got) != 0 || !strings.Contains(first, `"e1"`) {
		t.Errorf("passed on: %s and %d more", first, len(got))
	}
	says(t, f.must(0, "webhook", "replay", "-to="+target.URL), "user.created e1 sent", "1 event sent, 0 failed.")
	asItCame := <-got
	f.must(0, "webhook", "replay", "e1", "-to="+target.URL, "-resign", "-secret=another-secret")
	signedAnew := <-got
	if before, after, _ := strings.Cut(asItCame, " "); strings.HasPrefix(signedAnew, before) || !strings.HasSuffix(signedAnew, after) {
		t.Errorf("%s\n%s", asItCame, signedAnew)
	}
	code = 500
	says(t, f.must(1, "webhook", "replay", "-to="+target.URL), "500", "0 events sent, 1 failed.")
	e = f.listen("-forward=" + target.URL)
	f.must(0, "webhook", "send", "user.updated", "-to="+e.url, "-id=e2")
	e.stop()
	says(t, e.stderr.String(), "was kept, and not passed on", "kiraform webhook replay e2 -to=")
}

// The registration, its secret and the recipients are those of the
// configuration, and events of the simulator arrive.
func TestEventsOfTheSimulator(t *testing.T) {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	f := newFolder(t, map[string]string{"main.kira.hcl": `
kiraform {
  encryption {
    recipients = ["` + id.Recipient().String() + `"]
  }
}
provider "kira" {
  environment = "sandbox"
}
variable "hook" {}
resource "kira_webhook" "w" {
  webhook_url = var.hook
  secret      = "` + hookSecret + `"
}
resource "kira_user" "u" {
  type            = "individual"
  verification_mode = "verification_link"
  first_name      = "Maria"
  last_name       = "Example"
  email           = "maria@example.com"
  source_of_funds = "salary"
}
`})
	sim := &simulator.Server{}
	f.serve(sim, nil)
	f.environ["KIRA_API_KEY"], f.environ["KIRA_CLIENT_ID"], f.environ["KIRA_PASSWORD"] = apiKey, clientID, password
	e := f.listen("-var=hook=http://127.0.0.1:1")
	f.environ["KIRAFORM_AGE_IDENTITY"] = id.String()
	says(t, f.must(0, "apply", "-auto-approve", "-target=kira_webhook.w", "-var=hook="+e.url), "1 added")
	f.must(0, "apply", "-auto-approve", "-var=hook="+e.url)
	says(t, f.must(0, "webhook", "wait", "user.created", "-user=kira_user.u", "-timeout=30s"), "user.created")
	says(t, f.must(1, "webhook", "wait", "user.created", "-user=kira_user.v", "-timeout=1s"), "kira_user.v")
	says(t, e.stop(), "user.created")
	if f.read(".kiraform/.gitignore") != "*\n" {
		t.Error("version control takes events in")
	}
	delete(f.environ, "KIRAFORM_AGE_IDENTITY")
	locked := f.must(0, "webhook", "list")
	says(t, locked, "user.created", "cannot be read", "KIRAFORM_AGE_IDENTITY is not set")
}
