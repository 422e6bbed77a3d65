package simulator

import (
	"math/rand/v2"
	"net/http"
	"path"
	"time"
)

// Faults are rules by which the server misbehaves. The same rules, seed and
// order of requests give the same faults.
type Faults struct {
	Seed  uint64  `json:"seed,omitempty"` // of the draws for Chance
	Rules []Fault `json:"rules"`          // the first that fires decides
}

// A Fault is one way to misbehave, and when.
type Fault struct {
	Kind   FaultKind `json:"kind"`
	Method string    `json:"method,omitempty"` // "" means any
	Path   string    `json:"path,omitempty"`   // a path.Match pattern without the stage, such as /v1/users/*; "" means any

	// Of the requests that match, a rule fires on every nth (Every), or at
	// random (Chance); with neither, on each. It lets the first Skip pass,
	// and after it has fired Times times (0: no limit) it is spent.
	Every  int     `json:"every,omitempty"`
	Chance float64 `json:"chance,omitempty"`
	Skip   int     `json:"skip,omitempty"`
	Times  int     `json:"times,omitempty"`

	Delay      Duration `json:"delay,omitempty"`       // waited for first; 0 means none
	RetryAfter Duration `json:"retry_after,omitempty"` // of a throttled request: 0 means a second, negative that it does not say
}

// A FaultKind names a failure that the server plays.
type FaultKind string

// The kinds of fault. Before and after refer to the change a request makes:
// after it, the change has happened and only its answer is lost.
const (
	ErrorBefore  FaultKind = "error-before"  // 500
	ErrorAfter   FaultKind = "error-after"   // 500
	DropBefore   FaultKind = "drop-before"   // the connection breaks
	DropAfter    FaultKind = "drop-after"    // the connection breaks
	Throttled    FaultKind = "throttled"     // 429, before
	BadGateway   FaultKind = "bad-gateway"   // 502 with an HTML page, before
	NotJSON      FaultKind = "not-json"      // 200 with a line of text, before (observed.md 11)
	ExpiredToken FaultKind = "expired-token" // 401, before
	Slow         FaultKind = "slow"          // nothing but the rule's Delay
)

// faultKinds are all of them.
var faultKinds = []FaultKind{ErrorBefore, ErrorAfter, DropBefore, DropAfter, Throttled, BadGateway, NotJSON, ExpiredToken, Slow}

func (k FaultKind) before() bool { return k != "" && k != Slow && !k.after() }
func (k FaultKind) after() bool  { return k == ErrorAfter || k == DropAfter }

// act answers in place of the server, and returns the status that was sent.
func (f Fault) act(w http.ResponseWriter) int {
	switch f.Kind {
	case DropBefore, DropAfter:
		panic(http.ErrAbortHandler)
	case Throttled:
		tooMany(time.Duration(f.RetryAfter)).write(w)
		return http.StatusTooManyRequests
	case BadGateway:
		return plain(w, http.StatusBadGateway, "text/html", "<html><head><title>502 Bad Gateway</title></head><body>cloudflare</body></html>")
	case NotJSON:
		return plain(w, http.StatusOK, "text/plain", "error code: 522")
	case ExpiredToken:
		expired().write(w)
		return http.StatusUnauthorized
	default:
		broken().write(w)
		return http.StatusInternalServerError
	}
}

func plain(w http.ResponseWriter, status int, kind, body string) int {
	w.Header().Set("Content-Type", kind)
	w.WriteHeader(status)
	w.Write([]byte(body))
	return status
}

// faultState is how far the rules have come.
type faultState struct {
	draw  *rand.Rand
	count []tally // one for each rule
}

type tally struct{ seen, fired int }

// SetFaults replaces the rules, and counts from the beginning.
func (s *Server) SetFaults(f Faults) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Faults, s.faults = f, faultState{}
}

// nextFault finds the fault that this request meets; the zero Fault is none.
func (s *Server) nextFault(method, at string) Fault {
	rules := s.Faults.Rules
	if len(rules) == 0 {
		return Fault{}
	}
	if s.faults.count == nil {
		s.faults = faultState{draw: rand.New(rand.NewPCG(s.Faults.Seed, 0)), count: make([]tally, len(rules))}
	}
	for i, f := range rules {
		if f.matches(method, at) && s.faults.fires(i, f) {
			return f
		}
	}
	return Fault{}
}

func (f Fault) matches(method, at string) bool {
	if f.Kind == ExpiredToken && at == "/auth" { // which needs no token
		return false
	}
	hit, err := path.Match(f.Path, at)
	return (f.Method == "" || f.Method == method) && (f.Path == "" || err == nil && hit)
}

func (st *faultState) fires(i int, f Fault) bool {
	n := &st.count[i]
	n.seen++
	turn := n.seen - f.Skip
	switch {
	case turn <= 0, f.Times > 0 && n.fired >= f.Times:
		return false
	case f.Every > 0 && turn%f.Every != 0:
		return false
	case f.Chance > 0 && st.draw.Float64() >= f.Chance:
		return false
	}
	n.fired++
	return true
}

// A Duration is written in JSON as Go writes it: "1.5s".
type Duration time.Duration

// MarshalText implements [encoding.TextMarshaler].
func (d Duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (d *Duration) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	*d = Duration(v)
	return err
}
