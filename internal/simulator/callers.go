package simulator

import (
	"context"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

// renewable is how long before its end a token may be exchanged for another
// (brief: "refresh when it's less than 5 min from expiry").
const renewable = 5 * time.Minute

// connections counts connections. A request has the number of its own in its
// context, under the key connection.
var connections atomic.Int64

type connection struct{}

// ConnContext tells the connections of an [http.Server] apart; set it as the
// server's ConnContext. A connection belongs to one client, and so do all the
// tokens that come over it and all the connections that a token comes over:
// only that shows that a client signed in without need, and is not another
// process. Without it, nobody is blamed for that.
func (s *Server) ConnContext(ctx context.Context, _ net.Conn) context.Context {
	return context.WithValue(ctx, connection{}, connections.Add(1))
}

// Dial returns a connection without a socket, for one client. It is like
// [Server.RoundTrip], and tells its client apart. If through is not nil,
// requests go to it, which has to bring them to the server.
func (s *Server) Dial(through http.RoundTripper) http.RoundTripper {
	if through == nil {
		through = s
	}
	return &dialled{through, connections.Add(1)}
}

type dialled struct {
	through http.RoundTripper
	number  int64
}

func (d *dialled) RoundTrip(r *http.Request) (*http.Response, error) {
	return d.through.RoundTrip(r.WithContext(context.WithValue(r.Context(), connection{}, d.number)))
}

// connectionOf returns the number of a request's connection; 0 if it has none.
func connectionOf(r *http.Request) int64 {
	n, _ := r.Context().Value(connection{}).(int64)
	return n
}

// A grant is a token that was handed out.
type grant struct {
	entry    *Request // the sign-in
	client   string
	at       time.Time
	expires  time.Time
	order    int // of its issue, among issues and refusals
	refused  int // of its first refusal; 0 if there was none
	used     bool
	needless bool
	by       *caller
}

// A caller is a client, as far as it is known: its tokens, and the
// connections that it called over.
type caller struct {
	grants []*grant
	over   []int64
}

// callers are the clients that hold tokens.
type callers struct {
	order  int
	tokens map[string]*grant
	over   map[int64]*caller
}

// grant notes that a call was answered with a token.
func (c *call) grant(token string) {
	claimed, err := readToken(token)
	if err != nil {
		panic(err) // a token of our own making
	}
	all := &c.callers
	if all.tokens == nil {
		all.tokens, all.over = make(map[string]*grant), make(map[int64]*caller)
	}
	all.forget(c.at)
	all.order++
	g := &grant{entry: c.entry, client: claimed.Client, at: c.at, expires: time.Unix(claimed.Expires, 0), order: all.order}
	g.by = &caller{grants: []*grant{g}}
	all.tokens[token] = g
	all.unite(g, connectionOf(c.r))
	c.judge(g.by)
}

// inspectToken learns from a request who it is that holds its token.
func (s *Server) inspectToken(r *http.Request) {
	g := s.callers.tokens[bearer(r)]
	if g == nil {
		return
	}
	g.used = true
	s.callers.unite(g, connectionOf(r))
	s.judge(g.by)
}

// refuse notes that a call's token was not accepted: its client has to sign in.
func (c *call) refuse() {
	if g := c.callers.tokens[bearer(c.r)]; g != nil && g.refused == 0 {
		c.callers.order++
		g.refused = c.callers.order
	}
}

func bearer(r *http.Request) string {
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	return token
}

// judge blames a client for each sign-in that it had a good token at. A token
// that never came back may never have arrived.
func (s *Server) judge(by *caller) {
	for _, later := range by.grants {
		if later.needless {
			continue
		}
		for _, g := range by.grants {
			good := g.used && g.client == later.client && g.order < later.order &&
				(g.refused == 0 || g.refused > later.order) && g.expires.Sub(later.at) > renewable
			if good && !later.needless {
				later.needless = true
				s.blame(NeedlessSignIn, later.entry, "it holds a token that is good for "+g.expires.Sub(later.at).Round(time.Second).String())
			}
		}
	}
}

// unite notes that a token's holder calls over a connection.
func (all *callers) unite(g *grant, number int64) {
	if number == 0 {
		return
	}
	other := all.over[number]
	switch other {
	case g.by:
		return
	case nil:
		all.over[number] = g.by
		g.by.over = append(g.by.over, number)
		return
	}
	for _, l := range other.over {
		all.over[l] = g.by
	}
	for _, o := range other.grants {
		o.by = g.by
	}
	g.by.over = append(g.by.over, other.over...)
	g.by.grants = append(g.by.grants, other.grants...)
}

// forget drops the tokens that have ended, and who holds no other.
func (all *callers) forget(now time.Time) {
	for token, g := range all.tokens {
		if now.Before(g.expires) {
			continue
		}
		delete(all.tokens, token)
		g.by.grants = without(g.by.grants, g)
		if len(g.by.grants) == 0 {
			for _, l := range g.by.over {
				delete(all.over, l)
			}
		}
	}
}
