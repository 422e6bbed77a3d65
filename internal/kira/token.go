package kira

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

const (
	authPath = "/auth"

	// "refresh when it's less than 5 min from expiry" (brief).
	renewEarly = 5 * time.Minute
	// The brief's number, used only if Kira names none: 3600 and 86400 were
	// both observed.
	usualLife = time.Hour
	// How long a refused password is believed to stay refused.
	refusedFor = time.Minute
)

// signInWaits are the waits before a refused token is replaced: the first one
// has expired, and the cause that revokes the next ones may be over in a
// moment. Then the refusal is final.
var signInWaits = []time.Duration{0, 500 * time.Millisecond, 2 * time.Second}

// tokens holds the one token that all requests of a client share.
type tokens struct {
	flight singleflight.Group
	said   bulletin // of the sign-in that is under way

	mu      sync.Mutex
	value   string
	renew   time.Time // when value should be used no more
	refused error     // Kira's answer to the last credentials
	until   time.Time // how long that is believed
}

// token returns a token that is good for a while and is not bad, the one that
// Kira just answered 401 to. However many ask at once, one of them signs in, and
// all are told of its waits.
func (c *Client) token(ctx context.Context, bad string, note func(string)) (string, error) {
	for {
		if token, err := c.tokens.current(bad); token != "" || err != nil {
			return token, err
		}
		done := c.tokens.flight.DoChan("", func() (any, error) { return c.renewal(ctx, bad) })
		g, err := c.granted(ctx, done, note)
		if err != nil || g.fresh || g.token != bad {
			return g.token, err
		}
		// It joined somebody to whom the bad token looked good.
	}
}

// granted waits for a sign-in.
func (c *Client) granted(ctx context.Context, done <-chan singleflight.Result, note func(string)) (grant, error) {
	news := c.tokens.said.read()
	for {
		select {
		case <-ctx.Done():
			return grant{}, &NoAnswer{Method: http.MethodPost, Path: authPath, Err: fmt.Errorf("sign in: %w", ctx.Err())}
		case <-news.out:
			note("signing in: " + news.text)
			news = news.next
		case r := <-done:
			if r.Err != nil {
				return grant{}, r.Err
			}
			return r.Val.(grant), nil
		}
	}
}

// bulletin tells many the news of one, also those who come late. Its zero value
// is ready to use.
type bulletin struct {
	mu          sync.Mutex
	first, last *notice
}

// notice is a text that may be still to come.
type notice struct {
	out  chan struct{} // closed once text and next are there
	text string
	next *notice
}

// read returns the first notice.
func (b *bulletin) read() *notice {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.fill()
	return b.first
}

func (b *bulletin) fill() {
	if b.last == nil {
		b.last = &notice{out: make(chan struct{})}
		b.first = b.last
	}
}

func (b *bulletin) say(text string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.fill()
	said := b.last
	b.last = &notice{out: make(chan struct{})}
	said.text, said.next = text, b.last
	close(said.out)
}

// clear drops the news.
func (b *bulletin) clear() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.first, b.last = nil, nil
}

// grant is a token, and whether it is newer than the question.
type grant struct {
	token string
	fresh bool
}

// renewal signs in unless somebody else did meanwhile.
func (c *Client) renewal(ctx context.Context, bad string) (grant, error) {
	if token, err := c.tokens.current(bad); token != "" || err != nil {
		return grant{token: token}, err
	}
	defer c.tokens.said.clear()
	// It serves all who wait, so none of them may cut it short. Its tries and
	// their waits are bounded each.
	token, life, err := c.signIn(context.WithoutCancel(ctx))
	c.tokens.keep(token, life, err)
	return grant{token: token, fresh: true}, err
}

// signIn asks Kira for a token. Its lifetime counts from before the request.
func (c *Client) signIn(ctx context.Context) (token string, renew time.Time, err error) {
	began := time.Now()
	var out struct {
		Data struct {
			AccessToken string  `json:"access_token"`
			ExpiresIn   float64 `json:"expires_in"`
		} `json:"data"`
	}
	x := c.link.exchange(c, Request{
		Method: http.MethodPost, Path: authPath,
		Body: map[string]string{"client_id": c.ClientID, "password": c.Password},
		Note: c.tokens.said.say,
	})
	if err := x.send(ctx, "", &out); err != nil {
		return "", time.Time{}, err
	}
	if out.Data.AccessToken == "" {
		return "", time.Time{}, x.noAnswer(x.last.status, errors.New("the answer has no access_token"))
	}
	life := usualLife
	if out.Data.ExpiresIn > 0 {
		life = time.Duration(min(out.Data.ExpiresIn, 1e6) * float64(time.Second))
	}
	return out.Data.AccessToken, began.Add(life - min(renewEarly, life/2)), nil
}

// current returns the token in use, if it will do; an error if Kira has just
// refused the credentials, so that many workers do not all ask in vain.
func (t *tokens) current(bad string) (string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := time.Now()
	switch {
	case t.refused != nil && now.Before(t.until):
		return "", t.refused
	case t.value != bad && now.Before(t.renew):
		return t.value, nil
	}
	return "", nil
}

func (t *tokens) keep(token string, renew time.Time, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.value, t.renew, t.refused = token, renew, nil
	final := []int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusUnprocessableEntity}
	if e, ok := errors.AsType[*Error](err); ok && slices.Contains(final, e.Status) {
		t.refused, t.until = err, time.Now().Add(refusedFor)
	}
}
