package certify_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kiraform/internal/certify"
	"kiraform/internal/engine"
	"kiraform/internal/kira"
	"kiraform/internal/norace"
	"kiraform/internal/redact"
	"kiraform/internal/simulator"
	"kiraform/internal/simulator/simtest"
	"kiraform/internal/webhook"
)

const (
	apiKey, password = "canary-api-key", "canary-password"
	clientID         = "51000000-0000-4000-8000-0000000000ff"
	secret           = "canary<hook>&secret"
)

// bench is a Kira, and somebody who takes in its events.
type bench struct {
	*testing.T
	sim   *simulator.Server
	out   string
	store webhook.Store
	hook  string
	said  strings.Builder
	asked []certify.Promise
	watch simtest.Watch
}

func newBench(t *testing.T, sim *simulator.Server) *bench {
	b := &bench{T: t, sim: sim, out: filepath.Join(t.TempDir(), "pack"), store: webhook.Store{Dir: filepath.Join(t.TempDir(), "webhooks")}}
	w, err := b.store.Writer(nil, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	hook := httptest.NewServer(&webhook.Receiver{Writer: w, Secrets: webhook.Secrets{secret}, Kept: func(webhook.Kept, webhook.Delivery) {},
		Lost: func(err error) { t.Error(err) }})
	t.Cleanup(func() { hook.Close(); _ = w.Close() })
	b.hook = hook.URL
	t.Cleanup(func() { b.watch.Look(sim); b.watch.Judge(t) })
	return b
}

func (b *bench) options() certify.Options {
	return certify.Options{
		API:      &kira.Client{BaseURL: "http://127.0.0.1/sandbox", HTTP: &http.Client{Transport: b.sim.Dial(nil)}, APIKey: apiKey, ClientID: clientID, Password: password},
		ClientID: clientID, Place: "a simulator", Version: "test", Out: b.out, NewKey: engine.NewKey, Grace: 5 * time.Second,
		Listening: &certify.Listening{URL: b.hook, Secret: secret, Secrets: webhook.Secrets{secret}, Store: b.store},
		Say:       func(line string) { b.said.WriteString(line + "\n") },
		Ask:       func(p certify.Promise) error { b.asked = append(b.asked, p); return nil },
	}
}

func (b *bench) run(o certify.Options) *certify.Report {
	b.Helper()
	r, err := certify.Run(b.Context(), o)
	if err != nil {
		b.Fatalf("%v\n%s", err, b.said.String())
	}
	return r
}

// stand says how items stand, as "1 passed 2 failed".
func (b *bench) stand(r *certify.Report, want map[int]certify.Status) {
	b.Helper()
	for i, res := range r.Items {
		is := certify.Passed
		if w, other := want[i+1]; other {
			is = w
		}
		if res.Item != i+1 || res.Status != is {
			b.Errorf("item %d, %s: %s, not %s: %s", res.Item, res.Title, res.Status, is, res.Reason)
		}
		if res.Status == certify.Passed && len(res.Evidence) == 0 {
			b.Errorf("item %d is passed without evidence", res.Item)
		}
	}
}

func (b *bench) pack() map[string]string {
	b.Helper()
	all := make(map[string]string)
	entries, err := os.ReadDir(b.out)
	if err != nil {
		b.Fatal(err)
	}
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(b.out, e.Name()))
		if err != nil {
			b.Fatal(err)
		}
		all[e.Name()] = string(text)
	}
	return all
}

var ready = func() *simulator.Server {
	return &simulator.Server{VerifyAfter: -1, ActivateAfter: -1, PayoutAfter: -1}
}

func TestAllFifteenPass(t *testing.T) {
	b := newBench(t, ready())
	r := b.run(b.options())
	b.stand(r, nil)
	if len(b.asked) != 1 || b.asked[0].Objects() != 6 || b.asked[0].Users != 2 {
		t.Errorf("asked: %+v", b.asked)
	}
	pack := b.pack()
	for _, name := range []string{"evidence.json", "evidence.schema.json", "report.md", "report.html", "junit.xml", "SHA256SUMS"} {
		if pack[name] == "" {
			t.Errorf("the pack has no %s", name)
		}
		if name != "SHA256SUMS" && name != "evidence.schema.json" && !strings.Contains(pack[name], "De-dup retried events") {
			t.Errorf("%s does not have the items", name)
		}
	}
	// Nothing in it lets anybody in, or says who somebody is.
	for name, text := range pack {
		for _, s := range []string{apiKey, password, secret, "222-22-2222", "G12345678", `"0001`, "021000021", "12-3456789", "Reforma", "access_token\":\"ey", "1990-05-15", "+52551"} {
			if strings.Contains(text, s) {
				t.Errorf("%s has %q", name, s)
			}
		}
	}
	var list struct {
		XMLName xml.Name `xml:"testsuite"`
		Tests   int      `xml:"tests,attr"`
		Failed  int      `xml:"failures,attr"`
	}
	if err := xml.Unmarshal([]byte(pack["junit.xml"]), &list); err != nil || list.Tests != 15 || list.Failed != 0 {
		t.Errorf("junit.xml: %v, %+v", err, list)
	}
	if !strings.Contains(pack["report.html"], "Content-Security-Policy") || strings.Contains(pack["report.html"], "<script") {
		t.Error("report.html loads or runs something")
	}
	holds(t, certify.Schema, []byte(pack["evidence.json"]))
}

// An item that waits for people at Kira does not hold up the rest, and another
// run goes on with it: nothing is made twice.
func TestPeopleAtKira(t *testing.T) {
	b := newBench(t, &simulator.Server{PayoutAfter: -1})
	waits := map[int]certify.Status{6: certify.NeedsKira, 7: certify.NotRun, 8: certify.NotRun, 10: certify.NotRun, 11: certify.NotRun}
	r := b.run(b.options())
	b.stand(r, waits)
	letter := r.Letter()
	if !strings.Contains(letter, "VERIFIED") || !strings.Contains(letter, r.Run) {
		t.Errorf("the letter says: %s", letter)
	}
	if _, err := certify.Run(t.Context(), b.options()); err == nil || !strings.Contains(err.Error(), "-resume") {
		t.Errorf("another run into the same folder: %v", err)
	}
	var user string
	for _, e := range r.Items[3].Evidence {
		if id, is := strings.CutPrefix(e.Path, "/v1/users/"); is {
			user = id
		}
	}
	if !strings.Contains(letter, user) {
		t.Errorf("the letter does not name %s: %s", user, letter)
	}
	if err := b.sim.SetUserStatus(user, "VERIFIED"); err != nil {
		t.Fatal(err)
	}
	o := b.options()
	o.Resume = true
	r = b.run(o)
	b.stand(r, map[int]certify.Status{7: certify.NeedsKira, 8: certify.NotRun, 10: certify.NotRun, 11: certify.NotRun})
	accounts := made(b.sim, "/v1/virtual-accounts")
	if err := b.sim.ActivateAccount(accountOf(r)); err != nil {
		t.Fatal(err)
	}
	o = b.options()
	o.Resume = true
	b.stand(b.run(o), nil)
	for path, n := range map[string]int{"/v1/users": 2, "/v1/virtual-accounts": accounts, "/v1/recipients": 2} { // of which one is a retry
		if got := made(b.sim, path); got != n {
			t.Errorf("%d requests to make something at %s", got, path)
		}
	}
	before := len(b.sim.Requests())
	o = b.options()
	o.Resume = true
	b.stand(b.run(o), nil)
	if n := len(b.sim.Requests()) - before; n != 0 {
		t.Errorf("a run that has nothing to do sends %d requests", n)
	}
}

func accountOf(r *certify.Report) (id string) {
	for _, e := range r.Items[6].Evidence {
		if rest, is := strings.CutPrefix(e.Path, "/v1/virtual-accounts/"); is {
			id = rest
		}
	}
	return id
}

func made(sim *simulator.Server, path string) (n int) {
	for _, r := range sim.Requests() {
		if r.Method == "POST" && r.Path == path {
			n++
		}
	}
	return n
}

// A file that somebody has written, or edited, passes no item.
func TestProgressThatSomebodyEdited(t *testing.T) {
	b := newBench(t, &simulator.Server{PayoutAfter: -1})
	options := func(key string) certify.Options {
		o := b.options()
		o.Resume = key != ""
		o.Sign = func(text []byte) string { return fmt.Sprintf("%x", sha256.Sum256(append([]byte(key), text...))) }
		return o
	}
	path := filepath.Join(b.out, "progress.json")
	first := options("")
	first.Sign = options("k").Sign
	b.run(first)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, key string
		edit      *strings.Replacer
	}{
		{"all passed", "k", strings.NewReplacer("needs-kira", "passed", "not-run", "passed")},
		{"another user", "k", strings.NewReplacer(`"payee": "`, `"payee": "x`)},
		{"no seal", "k", strings.NewReplacer(`"seal"`, `"sale"`)},
		{"another key", "l", strings.NewReplacer()},
	} {
		if err := os.WriteFile(path, []byte(tt.edit.Replace(string(text))), 0o600); err != nil {
			t.Fatal(err)
		}
		before := len(b.sim.Requests())
		if _, err := certify.Run(t.Context(), options(tt.key)); err == nil || !strings.Contains(err.Error(), "its seal does not fit") {
			t.Errorf("%s: %v", tt.name, err)
		}
		if n := len(b.sim.Requests()); n != before {
			t.Errorf("%s: %d requests were sent", tt.name, n-before)
		}
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	b.run(options("k"))
}

// Two copies of a folder, one after the other, pay once, whether Kira still knows the
// keys of the first or not.
func TestTwoCopiesOfAFolder(t *testing.T) {
	for _, forgotten := range []bool{false, true} {
		sim := &simulator.Server{ActivateAfter: -1, PayoutAfter: -1}
		b := newBench(t, sim)
		b.watch.Allows(simulator.SecondObject)
		b.run(b.options()) // waits for people at Kira
		path := filepath.Join(b.out, "progress.json")
		copied, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range sim.Users() {
			if err := sim.SetUserStatus(u["id"].(string), "VERIFIED"); err != nil {
				t.Fatal(err)
			}
		}
		for range 2 {
			o := b.options()
			o.Resume = true
			b.stand(b.run(o), nil)
			if forgotten {
				copied = bytes.Replace(copied, []byte(`"keys": "`), []byte(`"keys": "x`), 1)
			}
			if err := os.WriteFile(path, copied, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if n := len(sim.Payouts()); n != 1 {
			t.Errorf("keys forgotten: %t: two copies made %d payouts", forgotten, n)
		}
	}
}

// A run that dies at any request goes on under the same keys.
func TestDeathAtEveryRequest(t *testing.T) {
	if norace.Run(t, t.TempDir()) {
		return
	}
	for n := 1; ; n++ {
		sim := ready()
		b := newBench(t, sim)
		b.watch.Allows(simulator.IdleRegistration) // whose first answer was lost
		o := b.options()
		dies := &dying{next: sim.Dial(nil), left: n}
		o.API.HTTP = &http.Client{Transport: dies}
		o.API.MaxTries = 1
		o.Grace = 300 * time.Millisecond
		_, err := certify.Run(t.Context(), o)
		if dies.left > 0 { // it came to its end
			if n < 20 {
				t.Fatalf("%d requests are few: %v", n, err)
			}
			return
		}
		o = b.options()
		o.Resume = true
		b.stand(b.run(o), nil)
		for path, most := range map[string]int{"/v1/users": 3, "/v1/recipients": 3, "/v1/virtual-accounts": 2} {
			if got := made(sim, path); got > most {
				t.Errorf("death at request %d: %d requests at %s", n, got, path)
			}
		}
	}
}

// dying carries out a request, loses its answer, and lets nothing more through.
type dying struct {
	next http.RoundTripper
	left int
}

func (d *dying) RoundTrip(r *http.Request) (*http.Response, error) {
	d.left--
	if d.left < 0 {
		return nil, errors.New("the line is cut")
	}
	res, err := d.next.RoundTrip(r)
	if d.left == 0 && err == nil {
		res.Body.Close()
		return nil, errors.New("the answer is lost")
	}
	return res, err
}

// With one item, those that it needs are shown, and no others.
func TestOneItem(t *testing.T) {
	b := newBench(t, ready())
	o := b.options()
	o.Only = 9
	r := b.run(o)
	want := make(map[int]certify.Status)
	for n := 1; n <= certify.Items; n++ {
		if n != 1 && n != 4 && n != 9 {
			want[n] = certify.NotRun
		}
	}
	b.stand(r, want)
	if len(r.Asked(9)) != 3 || b.asked[0].Objects() != 2 {
		t.Errorf("%d are asked for, and %+v is said", len(r.Asked(9)), b.asked)
	}
}

// Where nobody is sent events, the items that events show are skipped.
func TestNobodyListens(t *testing.T) {
	b := newBench(t, ready())
	o := b.options()
	o.Listening, o.Deaf = nil, "Give -webhook-url."
	r := b.run(o)
	b.stand(r, map[int]certify.Status{8: certify.Skipped, 12: certify.Skipped, 13: certify.NotRun, 14: certify.NotRun})
	if !strings.Contains(r.Items[11].Reason, "-webhook-url") {
		t.Errorf("the reason is %q", r.Items[11].Reason)
	}
}

// A forged event is no evidence.
func TestForgedEvents(t *testing.T) {
	b := newBench(t, ready())
	o := b.options()
	o.Listening.Secrets, o.Grace = webhook.Secrets{"another-secret"}, 300*time.Millisecond
	b.stand(b.run(o), map[int]certify.Status{8: certify.NeedsKira, 13: certify.NeedsKira, 14: certify.NotRun})
}

// Objects of the configuration are used.
func TestTheConfigurationServes(t *testing.T) {
	b := newBench(t, ready())
	o := b.options()
	b.run(o)
	var have []certify.Object
	for path, kind := range map[int][2]string{3: {"kira_user", "individual"}, 4: {"kira_user", "business"}} {
		_ = path
		have = append(have, certify.Object{Addr: "kira_user." + kind[1], Kind: kind[0], Variant: kind[1], ID: b.userID(kind[1])})
	}
	for _, r := range b.sim.Requests() {
		if id, is := strings.CutPrefix(r.Path, "/v1/virtual-accounts/"); is && r.Method == "GET" && !strings.Contains(id, "/") {
			have = append(have, certify.Object{Addr: "kira_virtual_account.a", Kind: "kira_virtual_account", Variant: "fiat", ID: id})
			break
		}
	}
	before := made(b.sim, "/v1/users") + made(b.sim, "/v1/virtual-accounts")
	c := newBench(t, b.sim)
	b.watch.Allows(simulator.IdleRegistration)
	c.watch.Allows(simulator.IdleRegistration)
	o = c.options()
	o.Have = have
	c.stand(c.run(o), map[int]certify.Status{})
	if n := made(b.sim, "/v1/users") + made(b.sim, "/v1/virtual-accounts") - before; n != 0 || c.asked[0].Objects() != 3 {
		t.Errorf("%d are made, and %+v is said", n, c.asked)
	}
}

func (b *bench) userID(kind string) string {
	b.Helper()
	var p struct {
		Asks map[string]struct{ ID string }
	}
	if err := json.Unmarshal([]byte(b.pack()["progress.json"]), &p); err != nil || p.Asks[kind].ID == "" {
		b.Fatalf("%v, %+v", err, p)
	}
	return p.Asks[kind].ID
}

// A pack that would have a secret is not written, in whatever form that is.
func TestNoPackWithASecret(t *testing.T) {
	for name, told := range map[string]string{
		"plain":           "canary-told-secret-1",
		"base64":          "xxY2FuYXJ5LXRvbGQtc2VjcmV0LTE=",
		"inside a base64": "cHJlZml4IGNhbmFyeS10b2xkLXNlY3JldC0xIHN1ZmZpeA==",
		"for URLs":        "a%20canary-told-secret-1",
	} {
		b := newBench(t, ready())
		o := b.options()
		o.Known = []string{"canary-told-secret-1", "a canary-told-secret-1"}
		o.Version = told // a member that nothing redacts
		o.Secrets = new(redact.Set)
		_, err := certify.Run(t.Context(), o)
		if !errors.Is(err, certify.ErrLeaked) {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: the error repeats it: %v", name, err)
		}
		if entries, _ := os.ReadDir(b.out); len(entries) > 1 {
			t.Errorf("%s: %d files were written", name, len(entries))
		}
	}
}

// holds is as much of JSON Schema as the schema uses.
func holds(t *testing.T, schema, text []byte) {
	t.Helper()
	var s map[string]any
	var v any
	if err := errors.Join(json.Unmarshal(schema, &s), json.NewDecoder(bytes.NewReader(text)).Decode(&v)); err != nil {
		t.Fatal(err)
	}
	conforms(t, "evidence", s, v)
}

func conforms(t *testing.T, at string, s map[string]any, v any) {
	t.Helper()
	is := map[string]bool{}
	switch x := v.(type) {
	case map[string]any:
		is["object"] = true
		props, _ := s["properties"].(map[string]any)
		for name, member := range x {
			if p, ok := props[name].(map[string]any); ok {
				conforms(t, at+"."+name, p, member)
			} else if s["additionalProperties"] == false {
				t.Errorf("%s: the schema has no %s", at, name)
			}
		}
		required, _ := s["required"].([]any)
		for _, name := range required {
			if _, ok := x[name.(string)]; !ok {
				t.Errorf("%s has no %s", at, name)
			}
		}
	case []any:
		is["array"] = true
		if items, ok := s["items"].(map[string]any); ok {
			for _, e := range x {
				conforms(t, at+"[]", items, e)
			}
		}
	case string:
		is["string"] = true
		if enum, ok := s["enum"].([]any); ok && !strings.Contains(stringOf(enum), `"`+x+`"`) {
			t.Errorf("%s is %q", at, x)
		}
	case float64:
		is["integer"] = x == float64(int(x))
	}
	if want, ok := s["type"].(string); ok && !is[want] {
		t.Errorf("%s is no %s", at, want)
	}
}

func stringOf(v any) string {
	text, _ := json.Marshal(v)
	return string(text)
}
