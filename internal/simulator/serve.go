package simulator

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"
)

// maxBody is the size of the largest request that is read (documented.md 2.1.4: 10 MB).
const maxBody = 10 << 20

// SetLog has another function called for the requests from now on.
func (s *Server) SetLog(log func(*http.Request)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Log = log
}

func (s *Server) log() func(*http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.Log
}

// ServeHTTP implements [http.Handler]. Everything but waiting and sending
// happens under one lock, so requests take effect one after the other.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Date", s.now().Format(http.TimeFormat))
	w.Header().Set("X-Kiraform-Simulator", "1")
	if log := s.log(); log != nil {
		log(r)
	}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		message(http.StatusRequestEntityTooLarge, "Request Too Long").write(w)
		return
	}
	path := strings.TrimPrefix(r.URL.Path, "/sandbox")
	if rest, ok := strings.CutPrefix(path, "/_admin"); ok {
		s.admin(r, rest, raw).write(w)
		s.send()
		return
	}
	w.Header().Set("X-Amzn-Requestid", newUUID())

	entry, fault := s.arrive(r, path, raw)
	c := &call{Server: s, r: r, path: path, raw: raw, digest: entry.Digest, entry: entry}
	if !pause(r.Context(), s.Latency+time.Duration(fault.Delay)) {
		c.spoil(Fault{})
		panic(http.ErrAbortHandler)
	}
	if fault.Kind.before() {
		c.spoil(fault)
		s.depart(entry, fault.act(w))
		return
	}
	ans := c.answer()
	s.send()
	if fault.Kind.after() {
		c.spoil(fault)
		s.depart(entry, fault.act(w))
		return
	}
	c.settle(ans)
	s.depart(entry, ans.status)
	ans.write(w)
}

// spoil notes the knowledge that a client gains from a fault in place of an
// answer. The zero Fault stands for a client that has gone.
func (c *call) spoil(f Fault) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch f.Kind {
	case Throttled:
		c.mustWait(tooMany(time.Duration(f.RetryAfter)))
	case ExpiredToken:
		c.refuse()
	default:
		c.doubt()
	}
	c.save() // as in settle
}

// settle notes the knowledge that a client gains from an answer.
func (c *call) settle(ans answer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.r.Context().Err() != nil, ans.status >= http.StatusInternalServerError:
		c.doubt()
	case ans.status == http.StatusTooManyRequests:
		c.mustWait(ans)
	case ans.status == http.StatusUnauthorized:
		c.refuse()
	case ans.status < http.StatusBadRequest:
		c.assure()
		if c.token != "" {
			c.grant(c.token)
		}
	}
	c.save() // an entry of the list that cannot be saved is saved with the next change
}

// pause waits, and reports whether the caller is still there.
func pause(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// A call is one request on its way through the server.
type call struct {
	*Server
	r      *http.Request
	path   string // without the stage
	raw    []byte
	digest string
	entry  *Request // its line of the journal

	// Set once the request has been let in.
	at      time.Time
	vars    []string // the parts of the path that the route leaves open
	body    doc
	version string
	token   string // that it is answered with; "" for all but sign-ins
}

// answer carries the call out, and returns with everything it changed kept.
func (c *call) answer() answer {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.now()
	rt, vars := c.match(c.r.Method, c.path)
	if rt == nil {
		return unrouted(c.r)
	}
	c.vars = vars
	if err := c.load(); err != nil {
		return c.excuse(err)
	}
	if ans, ok := c.throttle(); ok {
		return ans
	}
	if ans, ok := c.keepOut(rt); ok {
		return ans
	}
	c.tick(c.at)
	ans := c.handle(rt)
	ans.seal()
	if err := c.save(); err != nil {
		return c.excuse(err)
	}
	c.wind()
	if !rt.edge {
		ans.set("X-Api-Version", c.version)
	}
	return ans
}

func (c *call) handle(rt *route) answer {
	c.version = c.r.Header.Get("X-Api-Version")
	if c.version == "" {
		c.version = c.pin()
	}
	if c.r.Method != http.MethodGet {
		var err error
		if c.body, err = object(c.readable()); err != nil {
			return flat(http.StatusBadRequest, "bad_request", "Request body is not a JSON object")
		}
	}
	if rt.once {
		return c.idempotently(rt)
	}
	return rt.handle(c)
}

// readable is the body, or nothing of one that does not say that it is JSON
// (brief: "Content-Type application/json on all POST/PUT"). Kira's treatment of
// such a body is not documented.
func (c *call) readable() []byte {
	kind, _, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if len(c.raw) == 0 || err == nil && kind == "application/json" {
		return c.raw
	}
	c.blame(ContentType, "the Content-Type of its body is not application/json, so the body is not read")
	return nil
}

// object reads a JSON object and keeps its numbers as they were written. No
// body at all is an empty object.
func object(raw []byte) (doc, error) {
	if len(bytes.TrimSpace(raw)) == 0 {
		return doc{}, nil
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	body := doc{}
	if err := d.Decode(&body); err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("there is more after its end")
	}
	if body == nil {
		return nil, errors.New("it is null")
	}
	return body, nil
}
