package certify

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"kiraform/internal/disk"
	"kiraform/internal/kira"
	"kiraform/internal/ui/words"
	"kiraform/internal/webhook"
)

// progress is the work that a run has done, as it is kept in the folder of the
// pack. It has no secret in it.
type progress struct {
	Version int             `json:"version"`
	Run     string          `json:"run"`
	Keys    string          `json:"keys,omitempty"` // keys are made of it; "" in a folder of an earlier version
	Place   string          `json:"place"`
	Domain  string          `json:"domain"`
	Began   time.Time       `json:"began"`
	Asks    map[string]*ask `json:"asks"`              // requests that make something, by name
	Refused map[string]int  `json:"refused,omitempty"` // how often a request was, by name
	User    string          `json:"user,omitempty"`    // that is VERIFIED
	Account string          `json:"account,omitempty"` // that is ready
	Payee   string          `json:"payee,omitempty"`   // the user whose recipient is made
	Deposit string          `json:"deposit,omitempty"`
	Hook    string          `json:"hook,omitempty"` // the URL that was registered
	Items   []Result        `json:"items"`
	Seal    string          `json:"seal,omitempty"` // signature of all the others
}

// ask is a request that makes something. It is kept before it is sent.
type ask struct {
	Key string    `json:"key"`
	At  time.Time `json:"at"`
	ID  string    `json:"id,omitempty"` // of the object; "" while no answer came
}

// keyLife is how long a request may be sent again under its key. Kira remembers
// one for a day, by a clock that is not ours.
const keyLife = 12 * time.Hour

// bench is a run at work.
type bench struct {
	o Options
	p *progress

	mu sync.Mutex // guards the evidence
	at int        // the item that is shown

	signs int      // how often it signed in
	known []string // secrets that were met on the way
}

const progressName = "progress.json"

// begin reads how far an earlier run came, or begins a new one.
func begin(o Options) (*bench, error) {
	b := &bench{o: o, at: 1, known: o.Known}
	if !o.Pretend {
		b.known = append(b.known, o.API.APIKey, o.API.Password)
	}
	if o.Listening != nil {
		b.known = append(append(b.known, o.Listening.Secrets...), o.Listening.Secret)
	}
	for _, s := range b.known {
		o.Secrets.Add(s)
	}
	o.API.Record = b.record
	path := filepath.Join(o.Out, progressName)
	text, err := os.ReadFile(path)
	switch {
	case o.Resume && errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("there is no run to go on with in %s: it has no %s", o.Out, progressName)
	case o.Resume && err != nil:
		return nil, fmt.Errorf("go on: %w", err)
	case o.Resume:
		p := &progress{}
		if err := json.Unmarshal(text, p); err != nil || p.Version != 1 || len(p.Items) != Items || p.Asks == nil {
			return nil, fmt.Errorf("%s is not of a run that can go on", path)
		}
		if !b.sealed(p) {
			return nil, fmt.Errorf("%s was changed since it was written, or was written with another key: its seal does not fit, so that nobody can tell which items have passed. "+
				"Bring the file or the key back, or begin again with another -out", path)
		}
		if p.Place != o.Place {
			return nil, fmt.Errorf("the run in %s was on %s, and this is %s", o.Out, p.Place, o.Place)
		}
		b.p = p
		return b, nil
	}
	if _, err := os.Stat(o.Out); !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s is there already. Go on with what is in it by -resume, or give another folder with -out", o.Out)
	}
	b.p = &progress{Version: 1, Keys: o.NewKey(), Run: strings.ReplaceAll(o.NewKey(), "-", "")[:10], Place: o.Place, Domain: o.Domain, Began: o.Now().UTC(),
		Asks: make(map[string]*ask), Items: make([]Result, Items)}
	for i := range checklist {
		b.p.Items[i] = Result{Item: i + 1, Title: checklist[i].Title, Status: NotRun, Evidence: []Exchange{}, Reason: "It was not asked for."}
	}
	return b, nil
}

// Writable returns an error if nobody could write a pack to a folder, which need not
// be there yet. It leaves nothing behind.
func Writable(out string) error {
	at, err := disk.Writable(out)
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return fmt.Errorf("%s: nothing can be made in %s: %w", out, at, e.Err)
	}
	return err
}

// open makes the folder.
func (b *bench) open() error {
	if err := os.MkdirAll(b.o.Out, 0o700); err != nil {
		return err
	}
	return b.save()
}

// sealed reports whether progress is as a run wrote it: each item as it came out, and
// none that passed without an exchange.
func (b *bench) sealed(p *progress) bool {
	for i, r := range p.Items {
		if r.Item != i+1 || r.Title != checklist[i].Title || r.Status == Passed && len(r.Evidence) == 0 {
			return false
		}
	}
	return b.o.Sign == nil || hmac.Equal([]byte(p.Seal), []byte(b.seal(p)))
}

// seal is the signature of progress, "" where there is no key.
func (b *bench) seal(p *progress) string {
	if b.o.Sign == nil {
		return ""
	}
	bare := *p
	bare.Seal = ""
	text, err := json.Marshal(bare)
	if err != nil {
		panic(fmt.Sprintf("certify: progress does not marshal: %v", err))
	}
	return b.o.Sign(text)
}

func (b *bench) save() error {
	b.p.Seal = b.seal(b.p)
	text, err := json.MarshalIndent(b.p, "", "  ")
	if err != nil {
		return err
	}
	if s := b.leak(text); s != "" {
		return fmt.Errorf("%w: %s", ErrLeaked, s)
	}
	return disk.WriteFile(filepath.Join(b.o.Out, progressName), append(text, '\n'))
}

// record keeps an answer as evidence of the item that is shown.
func (b *bench) record(x kira.Exchange) {
	b.mu.Lock()
	defer b.mu.Unlock()
	at := b.at
	if x.Path == "/auth" {
		at = 1
		b.signs++
		var answer struct {
			Data struct {
				Token string `json:"access_token"`
			}
		}
		if json.Unmarshal(x.Answer, &answer) == nil && answer.Data.Token != "" {
			b.known = append(b.known, answer.Data.Token)
			b.o.Secrets.Add(answer.Data.Token)
		}
		if b.p.Items[0].Status == Passed {
			return // a later run signs in again
		}
	}
	b.add(at, Exchange{At: x.At, Direction: "sent", Method: x.Method, Path: x.Path, Status: x.Status, RequestID: x.RequestID, Key: x.Key,
		Request: b.redacted(x.Sent), SHA256: digest(x.Answer), Body: b.redacted(x.Answer)})
}

// mostEvidence is how many exchanges an item has. Those between the first and
// the last are of waiting.
const mostEvidence = 12

func (b *bench) add(item int, x Exchange) {
	res := &b.p.Items[item-1]
	if len(res.Evidence) == mostEvidence {
		copy(res.Evidence[mostEvidence/2:], res.Evidence[mostEvidence/2+1:])
		res.Evidence = res.Evidence[:mostEvidence-1]
	}
	res.Evidence = append(res.Evidence, x)
}

// heard keeps an event as evidence.
func (b *bench) heard(d *webhook.Delivery, note string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.add(b.at, Exchange{At: d.At, Direction: "received", Method: "POST", Path: "(webhook)", Status: 200, SHA256: d.SHA256, Body: b.redacted(d.Body), Note: note})
}

func digest(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// get sends a GET.
func (b *bench) get(ctx context.Context, path string) (answer map[string]any, err error) {
	err = b.o.API.Do(ctx, kira.Request{Method: "GET", Path: path}, &answer)
	return answer, err
}

// create sends the request called name, which makes an object, and returns the id
// that the answer has under one of ids. It is sent once: another run gets the id
// from before, or sends the same again under the same key.
func (b *bench) create(ctx context.Context, name string, r kira.Request, ids ...string) (id string, err error) {
	a := b.p.Asks[name]
	switch {
	case a == nil:
		a = &ask{Key: b.key(name), At: b.o.Now().UTC()}
		b.p.Asks[name] = a
		if err := b.save(); err != nil {
			return "", err
		}
	case a.ID != "":
		return a.ID, nil
	case b.o.Now().Sub(a.At) > keyLife:
		return "", fmt.Errorf("the request to make the %s of %s was never answered, and is too old to be sent again. Look for it at Kira, and begin anew with another -out",
			name, words.Minute(a.At))
	}
	r.Method, r.Key = "POST", a.Key
	var answer map[string]any
	if err := b.o.API.Do(ctx, r, &answer); err != nil {
		if e, ok := errors.AsType[*kira.Error](err); ok && (e.Refused() || e.NotDone()) {
			b.refused(name)
		}
		return "", err
	}
	for _, key := range ids {
		if id = text(answer, key); id != "" {
			a.ID = id
			return id, b.save()
		}
	}
	return "", fmt.Errorf("the answer to POST %s has no %s", r.Path, ids[0])
}

func text(v map[string]any, key string) string {
	s, _ := v[key].(string)
	return s
}

// until asks again and again until it is so, or the time to wait is over. The
// first time is at once.
func until(ctx context.Context, limit time.Duration, so func() (bool, error)) (bool, error) {
	end, wait := time.Now().Add(limit), 100*time.Millisecond
	for {
		if ok, err := so(); ok || err != nil {
			return ok, err
		}
		if time.Now().Add(wait).After(end) {
			return false, nil
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return false, ctx.Err()
		}
		wait = min(wait*3/2, 10*time.Second)
	}
}
