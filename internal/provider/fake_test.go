package provider_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"kiraform/apply"
	"kiraform/internal/addr"
	"kiraform/internal/event"
	"kiraform/internal/kira"
	"kiraform/internal/provider"
	"kiraform/internal/wire"
	"kiraform/schema/kinds"
	"kiraform/state"
)

// reply is one answer of Kira; with status 0 the connection is cut.
type reply struct {
	status int
	body   string
}

// script is a Kira that gives the answers to each route in turn, and the last one for
// ever. Routes have no query.
type script struct {
	t       *testing.T
	answers map[string][]reply

	mu   sync.Mutex
	sent []string // "METHOD PATH", with " KEY" behind it if there is one
	body string   // of the last request that is no GET
}

func (s *script) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Path == "/auth" {
		return s.reply(reply{200, `{"message": "Auth token", "data": {"access_token": "t", "expires_in": 3600, "token_type": "Bearer"}}`})
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	route := req.Method + " " + req.URL.Path
	s.sent = append(s.sent, strings.TrimSpace(route+" "+req.Header.Get("Idempotency-Key")))
	if req.Method != http.MethodGet {
		data, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		s.body = string(data)
	}
	all := s.answers[route]
	if len(all) == 0 {
		s.t.Errorf("nobody expected %s", route)
		return s.reply(reply{400, `{"message": "not expected"}`})
	}
	if len(all) > 1 {
		s.answers[route] = all[1:]
	}
	return s.reply(all[0])
}

func (s *script) reply(r reply) (*http.Response, error) {
	if r.status == 0 {
		return nil, &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}
	}
	return &http.Response{StatusCode: r.status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(r.body))}, nil
}

// requests are the requests so far that are no GET, unless all are asked for.
func (s *script) requests(all bool) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for _, r := range s.sent {
		if all || !strings.HasPrefix(r, "GET ") {
			out = append(out, r)
		}
	}
	return strings.Join(out, ", ")
}

// call begins every request to s.
func (s *script) call() kinds.Call {
	return kinds.Call{ClientID: "client", API: &kira.Client{BaseURL: "http://127.0.0.1:1", APIKey: "key", ClientID: "client", Password: "pw",
		HTTP: &http.Client{Transport: s}}}
}

// theKey is the key of all states of these tests.
func theKey(t *testing.T) state.Key {
	t.Helper()
	key, err := state.NewKey([]byte("0123456789abcdef0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// fixture is a provider, an operation for it, and all that became of it.
type fixture struct {
	*script
	apply.Provider
	op      apply.Op
	notes   []event.Event
	sending int // how often the operation said that it sends
}

// begin makes a fixture for a kind with the attributes that are written.
func begin(t *testing.T, kind string, written map[string]cty.Value, answers map[string][]reply, o provider.Options) *fixture {
	t.Helper()
	f := &fixture{script: &script{t: t, answers: answers}}
	o.Call, o.Key = f.call(), theKey(t)
	f.Provider = provider.New(state.New("lineage-1"), o)
	k, ok := kinds.ByName(kind)
	if !ok {
		t.Fatal(kind)
	}
	f.op = apply.Op{Addr: addr.Resource{Kind: kind, Name: "it"}, Kind: k.Schema, Want: input(t, kind, written), Key: "key-1",
		Taken:   func(string) bool { return false },
		Note:    func(e event.Event) { f.notes = append(f.notes, e) },
		Sending: func() error { f.sending++; return nil }}
	f.op.Carry = f.op.Want
	return f
}

// input is a written object: all other attributes are null.
func input(t *testing.T, kind string, written map[string]cty.Value) cty.Value {
	t.Helper()
	k, _ := kinds.ByName(kind)
	attrs := make(map[string]cty.Value)
	for name, ty := range k.Schema.InputType().AttributeTypes() {
		attrs[name] = cty.NullVal(ty)
		if v, ok := written[name]; ok {
			attrs[name] = v
			delete(written, name)
		}
	}
	if len(written) > 0 {
		t.Fatalf("%s has no %v", kind, written)
	}
	return cty.ObjectVal(attrs)
}

// texts makes strings of attributes.
func texts(pairs ...string) map[string]cty.Value {
	m := make(map[string]cty.Value)
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = cty.StringVal(pairs[i+1])
	}
	return m
}

// outcome says in words that apply goes by how a request ended.
func outcome(err error) string {
	if err == nil {
		return "done"
	}
	says := func(is bool, word string) string {
		if is {
			return word
		}
		return ""
	}
	refused, isRefusal := errors.AsType[interface {
		error
		Refused() bool
	}](err)
	unsent, isUnsent := errors.AsType[interface {
		error
		NotDone() bool
	}](err)
	spent, isSpent := errors.AsType[interface {
		error
		KeySpent() bool
	}](err)
	words := says(errors.Is(err, kinds.ErrGone), " gone") + says(isRefusal && refused.Refused(), " refused") +
		says(isUnsent && unsent.NotDone(), " not done") + says(isSpent && spent.KeySpent(), " spent")
	if words == "" {
		return "open"
	}
	return words[1:]
}

// user is a person as Kira shows her, with more of JSON behind it.
func user(more string) string {
	return fmt.Sprintf(`{"id": "u1", "type": "individual", "email": "ana@example.com", "first_name": "Ana", "last_name": "Ruiz", "status": "CREATED"%s}`, more)
}

// account is an account as Kira shows it.
const account = `{"id": "acc-1", "user_id": "u1", "type": "US_BANK", "provider": "act", "mode": "fiat", "status": "approved"}`

// shows is an object as Kira shows it with a body of JSON.
func shows(t *testing.T, k *kinds.Kind, body string) cty.Value {
	t.Helper()
	answer, err := wire.Object([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	variant, _ := answer[k.Schema.Variant].(string)
	return wire.DecodeObject(k.Schema, variant, answer)
}
