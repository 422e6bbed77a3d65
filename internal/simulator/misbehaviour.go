package simulator

import "time"

// A Misbehaviour is one thing that a client did and no good client does,
// whatever it was answered: a client can be wrong where Kira does not mind.
type Misbehaviour struct {
	Kind   MisbehaviourKind `json:"kind"`
	Method string           `json:"method"`
	Path   string           `json:"path"` // without the stage (/sandbox) and the query
	At     time.Time        `json:"at"`
	Detail string           `json:"detail"` // in words; no values of a person in it
}

// A MisbehaviourKind names a mistake of a client.
type MisbehaviourKind string

// The kinds of misbehaviour.
const (
	// A method or path that Kira does not have, such as one with an empty id.
	// Kira answers it with 403, as if the credentials were wrong.
	UnknownRoute MisbehaviourKind = "unknown-route"
	// PATCH, which no route of Kira has: updates are PUT.
	Patch MisbehaviourKind = "patch"
	// A list with a limit over 100, which Kira answers with 500.
	LimitOver100 MisbehaviourKind = "limit-over-100"
	// A request that needs an Idempotency-Key, without one or with one that is
	// no UUID.
	MissingKey MisbehaviourKind = "missing-key"
	// A body without the Content-Type application/json: it is not read, and the
	// request is carried out as if there were none.
	ContentType MisbehaviourKind = "content-type"
	// An Idempotency-Key that came before with another body or to another route.
	ReusedKey MisbehaviourKind = "reused-key"
	// A second object for one natural key, made by a create or an update.
	SecondObject MisbehaviourKind = "second-object"
	// A second payout of one amount from one account to one recipient, while the
	// first has not failed. It may be meant; nobody can tell.
	SecondPayout MisbehaviourKind = "second-payout"
	// A webhook or a version pin that is registered as it is already.
	IdleRegistration MisbehaviourKind = "idle-registration"
	// A PUT after which the user is as before. Neither this nor the last is held
	// against a client that lost the answer to an earlier one.
	IdlePut MisbehaviourKind = "idle-put"
	// A request that is sent again before the Retry-After of its 429 has passed.
	EarlyRetry MisbehaviourKind = "early-retry"
	// A sign-in by a client that holds a token which is good for more than five
	// minutes. See [Server.ConnContext] for how clients are told apart.
	NeedlessSignIn MisbehaviourKind = "needless-sign-in"
)

// mostMisbehaviour is how many entries are kept. The first ones say how it
// began; those after them are counted.
const mostMisbehaviour = 100

// Misbehaviour returns the mistakes of clients, in the order in which it showed,
// and how many entries came after the list was full. The list is part of the
// world: it outlives the server in the world file, and ends with [Server.Reset].
func (s *Server) Misbehaviour() (list []Misbehaviour, more int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.load() != nil {
		return nil, 0
	}
	for _, m := range s.world.Misbehaviour {
		list = append(list, *m)
	}
	return list, s.world.MoreMisbehaviour
}

// ForgetMisbehaviour empties the list, and leaves the rest of the world alone.
func (s *Server) ForgetMisbehaviour() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.load(); err != nil {
		return err
	}
	if w := s.world; len(w.Misbehaviour) > 0 {
		w.Misbehaviour, w.MoreMisbehaviour = nil, 0
		return s.compact() // the file can only be added to
	}
	return nil
}

// blame enters a mistake of a request into the list.
func (s *Server) blame(kind MisbehaviourKind, r *Request, detail string) {
	w := s.world
	if len(w.Misbehaviour) == mostMisbehaviour {
		w.MoreMisbehaviour++
		s.touch(change{MoreMisbehaviour: w.MoreMisbehaviour})
		return
	}
	m := &Misbehaviour{Kind: kind, Method: r.Method, Path: r.Path, At: r.At, Detail: detail}
	w.Misbehaviour = append(w.Misbehaviour, m)
	s.touch(change{Misbehaviour: m})
}

func (c *call) blame(kind MisbehaviourKind, detail string) { c.Server.blame(kind, c.entry, detail) }

func (s *Server) adminMisbehaviour(adminCall) answer {
	list, more := s.Misbehaviour()
	return ok(doc{"misbehaviour": append([]Misbehaviour{}, list...), "more": more})
}

func (s *Server) adminForget(adminCall) answer { return s.done(s.ForgetMisbehaviour()) }
