package simulator

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"time"
)

// A Request is one line of the journal: the request and its end.
type Request struct {
	At      time.Time `json:"at"`
	Method  string    `json:"method"`
	Path    string    `json:"path"` // without the stage (/sandbox)
	Query   string    `json:"query,omitempty"`
	Key     string    `json:"idempotency_key,omitempty"`
	Digest  string    `json:"body_digest,omitempty"` // SHA-256 of the body as canonical JSON; "" without a body
	Status  int       `json:"status"`                // 0 if the connection was dropped, or the request is still on its way
	Matched bool      `json:"matched"`               // false if there is no such route
	Fault   FaultKind `json:"fault,omitempty"`       // the fault it met, if any
}

// Requests returns the journal, in the order of arrival. Requests below
// /_admin are not in it.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]Request, len(s.journal))
	for i, e := range s.journal {
		all[i] = *e
	}
	return all
}

// arrive writes a request down and decides which fault, if any, it meets.
func (s *Server) arrive(r *http.Request, path string, raw []byte) (*Request, Fault) {
	sum := digest(raw)
	s.mu.Lock()
	defer s.mu.Unlock()
	fault := s.nextFault(r.Method, path)
	rt, _ := s.match(r.Method, path)
	entry := &Request{
		At: s.now(), Method: r.Method, Path: path, Query: r.URL.RawQuery,
		Key: r.Header.Get("Idempotency-Key"), Digest: sum, Matched: rt != nil, Fault: fault.Kind,
	}
	s.journal = append(s.journal, entry)
	s.inspect(r, entry)
	return entry, fault
}

func (s *Server) depart(entry *Request, status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	entry.Status = status
}

// digest is equal for bodies that say the same thing.
func digest(raw []byte) string {
	if len(raw) == 0 {
		return ""
	}
	if body, err := object(raw); err == nil {
		if canonical, err := json.Marshal(body); err == nil {
			raw = canonical
		}
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}
