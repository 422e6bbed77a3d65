package kinds

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/kira"
	"kiraform/internal/wire"
	"kiraform/schema"
)

// API is the part of Kira that the calls need; *[kira.Client] is one.
type API interface {
	Do(ctx context.Context, r kira.Request, out any) error
}

// Call is one operation on one object.
type Call struct {
	API      API
	ClientID string       // whose account it is; webhooks are registered for it
	ID       string       // of the object; empty for Create and Find
	Want     cty.Value    // the whole written object: of the kind's InputType, known, unmarked
	Changed  []string     // top-level attributes that Update sends
	Key      string       // Idempotency-Key of Create, or of an action
	OneTime  string       // one-time password of a payout; "" for none
	Note     func(string) // told of waits; may be nil

	// Taken reports whether Find has to pass over an object, since it is
	// accounted for; nil means that any will do.
	Taken func(id string) bool
}

func (c Call) taken(id string) bool { return c.Taken != nil && c.Taken(id) }

// Object is one object at Kira.
type Object struct {
	ID      string
	Seen    cty.Value // the object as Kira showed it, of the kind's Type; not sealed
	Created time.Time // when Kira says that it was made; zero if it does not
	Updated time.Time // when Kira says that it last changed, by whomever; zero if it does not
}

// A reader knows the answers of one kind.
type reader struct {
	schema  *schema.Kind
	noun    string               // Kira's word for one in a sentence
	id      string               // the name of the id in answers
	variant string               // where answers show the variant; "" if nowhere
	tidy    func(map[string]any) // puts an answer into the form of the schema; may be nil
}

// exchange sends r and reads the answer as an object.
func (rd *reader) exchange(ctx context.Context, c Call, r kira.Request) (Object, error) {
	answer, err := c.answer(ctx, r)
	if err != nil {
		return Object{}, err
	}
	o, ok := rd.object(c, answer)
	if !ok {
		return Object{}, fmt.Errorf("%s %s: the answer has no %s, so that it is not known which object it is about", r.Method, r.Path, rd.id)
	}
	return o, nil
}

// object reads one object of an answer; false if it has no id.
func (rd *reader) object(c Call, answer map[string]any) (Object, bool) {
	said, _ := answer[rd.id].(string)
	id := canonical(said)
	if id == "" {
		return Object{}, false
	}
	answer[rd.id] = id
	if rd.tidy != nil {
		rd.tidy(answer)
	}
	variant := cmp.Or(rd.variantIn(answer), rd.schema.VariantOf(c.Want))
	return Object{ID: id, Seen: wire.DecodeObject(rd.schema, variant, answer), Created: moment(answer, "created_at"), Updated: moment(answer, "updated_at")}, true
}

// canonical returns an id in the form in which it is kept: the letters of a UUID have no
// case.
func canonical(id string) string {
	if len(id) == len("00000000-0000-0000-0000-000000000000") && strings.Count(id, "-") == 4 {
		return strings.ToLower(id)
	}
	return id
}

// variantIn reads the variant that an answer shows, in whatever case, and writes it as
// the schema does: in another case no attribute would apply.
func (rd *reader) variantIn(answer map[string]any) string {
	said, _ := answer[rd.variant].(string)
	for _, known := range rd.schema.Variants() {
		if said != "" && strings.EqualFold(said, known) {
			answer[rd.variant] = known
			return known
		}
	}
	return said
}

// moment reads when something happened to an object. Kira writes ISO 8601, and the text of
// its database in places (design rulings: timestamps).
func moment(answer map[string]any, field string) time.Time {
	text, _ := answer[field].(string)
	for _, form := range []string{time.RFC3339Nano, "2006-01-02 15:04:05.999999999-07", "2006-01-02 15:04:05.999999999"} {
		if at, err := time.Parse(form, text); err == nil {
			return at.UTC()
		}
	}
	return time.Time{}
}

// read is exchange for a GET by id. Its error wraps [ErrGone] if Kira says that
// there is no such object.
func (rd *reader) read(ctx context.Context, c Call, path string) (Object, error) {
	o, err := rd.exchange(ctx, c, kira.Request{Method: "GET", Path: path, Note: c.Note})
	if err == nil && o.ID != canonical(c.ID) {
		return Object{}, fmt.Errorf("GET %s: the answer is about another object, %s", path, o.ID)
	}
	return o, asGone(err, rd.gone(err, c.ID))
}

// answer sends r and returns the JSON object that came back.
func (c Call) answer(ctx context.Context, r kira.Request) (map[string]any, error) {
	var raw json.RawMessage
	if err := c.API.Do(ctx, r, &raw); err != nil {
		return nil, err
	}
	answer, err := wire.Object(raw)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", r.Method, r.Path, err)
	}
	return answer, nil
}
