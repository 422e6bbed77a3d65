package simulator

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// inspect enters into the list the faults of a request by itself, or beside
// earlier ones. Every request is inspected on arrival, also one that a fault
// keeps from being carried out.
func (s *Server) inspect(r *http.Request, e *Request) {
	if s.load() != nil {
		return // and it is answered with the world's error
	}
	rt, _ := s.match(e.Method, e.Path)
	switch {
	case rt == nil && e.Method == http.MethodPatch:
		s.blame(Patch, e, "Kira has no PATCH")
	case rt == nil && slices.Contains(strings.Split(e.Path, "/")[1:], ""):
		s.blame(UnknownRoute, e, "a part of the path is empty")
	case rt == nil:
		s.blame(UnknownRoute, e, "Kira has no such method and path")
	case rt.once && !isUUID(e.Key):
		s.blame(MissingKey, e, "the Idempotency-Key is missing, or is no UUID")
	}
	if strings.Contains(e.Query, "limit=") {
		if n, err := strconv.Atoi(r.URL.Query().Get("limit")); err == nil && n > maxLimit {
			s.blame(LimitOver100, e, "it asks for "+strconv.Itoa(n)+" rows")
		}
	}
	s.inspectKey(e)
	s.inspectWait(r, e)
	s.inspectToken(r)
}

// A use is the request that an Idempotency-Key came with first.
type use struct{ path, digest string }

func (s *Server) inspectKey(e *Request) {
	if e.Key == "" {
		return
	}
	first, seen := s.world.uses[e.Key]
	switch {
	case !seen:
		s.world.uses[e.Key] = use{e.Path, e.Digest}
	case first.path != e.Path:
		s.blame(ReusedKey, e, "its Idempotency-Key came before to "+first.path)
	case first.digest != e.Digest:
		s.blame(ReusedKey, e, "its Idempotency-Key came before with another body")
	}
}

// A wait is a request that was answered 429, as a client would repeat it.
type wait struct{ sender, method, target, key, digest string }

// waitFor is the wait that r would break. Without a token or a connection that
// the server knows, nobody can say who sent it, and the zero wait is returned:
// another process cannot know of the 429.
func waitFor(r *http.Request, e *Request) wait {
	sender := r.Header.Get("Authorization")
	if n := connectionOf(r); sender == "" && n != 0 {
		sender = strconv.FormatInt(n, 10)
	}
	if sender == "" {
		return wait{}
	}
	return wait{sender, e.Method, e.Path + "?" + e.Query, e.Key, e.Digest}
}

func (s *Server) inspectWait(r *http.Request, e *Request) {
	if len(s.waits) == 0 {
		return
	}
	if until, waits := s.waits[waitFor(r, e)]; waits && e.At.Before(until) {
		s.blame(EarlyRetry, e, "it comes "+until.Sub(e.At).Round(time.Millisecond).String()+" before its Retry-After has passed")
	}
}

// mustWait notes how long a client was asked to wait before it repeats a call.
func (c *call) mustWait(ans answer) {
	w, now := waitFor(c.r, c.entry), c.now()
	i := slices.IndexFunc(ans.header, func(kv [2]string) bool { return kv[0] == "Retry-After" })
	if i < 0 || w == (wait{}) {
		return
	}
	seconds, err := strconv.Atoi(ans.header[i][1])
	if err != nil {
		panic(err) // written by tooMany
	}
	if c.waits == nil {
		c.waits = make(map[wait]time.Time)
	}
	maps.DeleteFunc(c.waits, func(_ wait, until time.Time) bool { return !now.Before(until) })
	c.waits[w] = now.Add(time.Duration(seconds) * time.Second)
}
