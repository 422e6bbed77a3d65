package engine_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/engine"
	"kiraform/internal/norace"
	"kiraform/schema"
	"kiraform/schema/kinds"
)

// unlisted are the attributes whose list is not the schema's, and why.
var unlisted = map[string]string{
	"kira_virtual_account/fiat.bank":   "a rule knows the banks of each environment (brief), and warns of others",
	"kira_virtual_account/crypto.bank": "a rule knows the banks of each environment (brief), and warns of others",
	"kira_version_pin/.target_version": "a rule warns of any version but that of the brief",
}

// TestEveryEnumerationBothWays holds that the simulator takes every value that
// the schema lists, and that the schema lists every value that the simulator
// takes. Neither sees the other's table: a request is one that the program
// made, with one value in it changed, and a refusal names the accepted values.
func TestEveryEnumerationBothWays(t *testing.T) {
	if norace.Run(t, scratch) {
		return
	}
	var mu sync.Mutex
	used, tried := make(map[string]bool), 0
	t.Run("kinds", func(t *testing.T) {
		for _, k := range kinds.All {
			for _, variant := range variantsOf(k.Schema) {
				t.Run(k.Schema.Name+"/"+variant, func(t *testing.T) {
					t.Parallel()
					e := enumerating{t: t, kind: k.Schema, variant: variant}
					e.make()
					if status, answer := e.send(e.body); status >= 300 && status != http.StatusConflict {
						t.Fatalf("the request as it is was answered %d %s", status, answer)
					}
					e.walk(k.Schema.Attrs, "", "")
					if err := e.w.sim.ForgetMisbehaviour(); err != nil { // second objects, more than the list holds
						t.Fatal(err)
					}
					mu.Lock()
					defer mu.Unlock()
					tried += e.tried
					for _, at := range e.used {
						used[at] = true
					}
				})
			}
		}
	})
	if tried < 500 {
		t.Errorf("%d values were tried, want them all", tried)
	}
	for at := range unlisted {
		if !used[at] {
			t.Errorf("%s is no exception any more: take it out of the list", at)
		}
	}
}

// enumerating tries the values of one kind and variant.
type enumerating struct {
	t       *testing.T
	kind    *schema.Kind
	variant string
	w       *world
	path    string // of the request that creates
	body    string
	keys    int
	token   string
	tried   int      // values of lists
	used    []string // exceptions
}

// creates is the end of the path to which a kind is sent.
var creates = map[string]string{
	"kira_user": "/v1/users", "kira_recipient": "/v1/recipients", "kira_virtual_account": "/v1/virtual-accounts",
	"kira_liquidation_address": "/liquidation-address", "kira_webhook": "/webhooks/register", "kira_version_pin": "/v1/versioning/upgrade",
}

// make applies all that can be written, and keeps the request that came of it.
func (e *enumerating) make() {
	e.w = newWorld(e.t)
	e.w.through(e.t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				panic(http.ErrAbortHandler)
			}
			if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, creates[e.kind.Name]) {
				e.path, e.body = r.URL.Path, string(body)
			}
			r.Body = io.NopCloser(bytes.NewReader(body))
			next.ServeHTTP(w, r)
		})
	})
	c := converging{t: e.t, kind: e.kind, variant: e.variant, w: e.w}
	src := c.source(written{})
	e.w.run(e.t, src, engine.PlanOptions{}, true)
	if c.serve(src) {
		e.w.run(e.t, src, engine.PlanOptions{}, true)
	}
	if e.body == "" {
		e.t.Fatalf("nothing was sent to %s", creates[e.kind.Name])
	}
}

// walk tries each attribute that is a text or a list of texts.
func (e *enumerating) walk(attrs []schema.Attr, name, wire string) {
	for i := range attrs {
		a := &attrs[i]
		if a.Computed || a.Local || !a.Applies(e.variant) {
			continue
		}
		name, wire := strings.TrimPrefix(name+"."+a.Name, "."), strings.TrimPrefix(wire+"."+a.Name, ".")
		switch {
		case a.Nested != nil && a.List:
			e.walk(a.Nested, name, wire+".0")
		case a.Nested != nil:
			e.walk(a.Nested, name, wire)
		case a.Type == cty.String:
			e.both(a, name, wire)
		case a.Type.IsListType():
			e.both(a, name, wire+".0")
		}
	}
}

// both tries the values of one attribute: those that the schema lists, some that
// nobody does, and those that the simulator expects in place of them.
func (e *enumerating) both(a *schema.Attr, name, wire string) {
	listed := a.Values(e.variant)
	if a.Format == schema.YesNo {
		listed = []string{"yes", "no"}
	}
	for _, value := range listed {
		e.tried++
		if status, complaint := e.try(wire, value); complaint != "" || status >= 500 {
			e.t.Errorf("%s: the schema lists %q, which the simulator answers with %d: %s", name, value, status, complaint)
		}
	}
	for _, nonsense := range []string{"nonsense", "ZZ", "file_nonsense"} {
		_, complaint := e.try(wire, nonsense)
		if complaint == "" && listed != nil && !a.Open && !e.excepted(name) {
			e.t.Errorf("%s: the simulator takes %q, and the schema lists %q", name, nonsense, listed)
		}
		for _, value := range expected(complaint) {
			if slices.Contains(listed, value) {
				continue
			}
			if _, complaint := e.try(wire, value); complaint == "" && !e.excepted(name) {
				e.t.Errorf("%s: the simulator takes %q, and the schema lists %q", name, value, listed)
			}
		}
	}
}

func (e *enumerating) excepted(name string) bool {
	at := e.kind.Name + "/" + e.variant + "." + name
	e.used = append(e.used, at)
	return unlisted[at] != ""
}

// expectation is how an answer lists the values of an enumeration.
var expectation = regexp.MustCompile(`(?i)expected ('[^']*'(?: \| '[^']*')*)`)

func expected(complaint string) []string {
	m := expectation.FindStringSubmatch(complaint)
	if m == nil {
		return nil
	}
	return strings.Split(strings.Trim(m[1], "'"), "' | '")
}

// try sends the request with another value at a place, and returns the
// complaint of the answer about that value; "" means that it was taken, or that
// something else is wrong with the request now.
func (e *enumerating) try(wire, value string) (status int, complaint string) {
	var body any
	if err := json.Unmarshal([]byte(e.body), &body); err != nil {
		e.t.Fatal(err)
	}
	if !put(body, strings.Split(wire, "."), value) {
		e.t.Fatalf("there is no place %s in %s", wire, e.body)
	}
	raw, err := json.Marshal(body)
	if err != nil {
		e.t.Fatal(err)
	}
	status, answer := e.send(string(raw))
	var refusal struct {
		Message string
		Details []struct{ Path, Message string }
	}
	if err := json.Unmarshal(answer, &refusal); err != nil {
		e.t.Fatalf("%s: %v", answer, err)
	}
	if status >= 300 && strings.HasPrefix(refusal.Message, value+" ") {
		return status, refusal.Message // known, and not available
	}
	for _, d := range refusal.Details {
		text, ok := strings.CutPrefix(d.Message, wire+" is ")
		if pair := strings.HasPrefix(text, "Unsupported "); (ok || d.Path == wire) && !pair {
			return status, text
		}
	}
	return status, ""
}

// put sets a value in a body, and reports whether the object that holds it is
// there.
func put(in any, at []string, value string) bool {
	switch x := in.(type) {
	case map[string]any:
		if len(at) == 1 {
			x[at[0]] = value
			return true
		}
		if _, there := x[at[0]]; !there && at[1] == "0" && len(at) == 2 {
			x[at[0]] = []any{value}
			return true
		}
		return put(x[at[0]], at[1:], value)
	case []any:
		if len(x) == 0 {
			return false
		}
		if len(at) == 1 {
			x[0] = value
			return true
		}
		return put(x[0], at[1:], value)
	}
	return false
}

// send sends a body as a request of its own.
func (e *enumerating) send(body string) (status int, answer []byte) {
	e.t.Helper()
	if e.keys == 0 {
		var in struct {
			Data struct {
				Token string `json:"access_token"`
			}
		}
		e.w.ask(e.t, "POST", "/auth", `{"client_id":"51000000-0000-4000-8000-000000000000","password":"p"}`, "", &in)
		e.token = in.Data.Token
	}
	e.keys++
	r, err := http.NewRequestWithContext(e.t.Context(), "POST", e.w.home+e.path, strings.NewReader(body))
	if err != nil {
		e.t.Fatal(err)
	}
	r.Header.Set("x-api-key", "k")
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+e.token)
	r.Header.Set("Idempotency-Key", fmt.Sprintf("00000000-0000-4000-8000-%012d", e.keys))
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		e.t.Fatal(err)
	}
	defer res.Body.Close()
	answer, err = io.ReadAll(res.Body)
	if err != nil {
		e.t.Fatal(err)
	}
	return res.StatusCode, answer
}
