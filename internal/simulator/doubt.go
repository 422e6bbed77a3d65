package simulator

import (
	"maps"
	"net/http"
	"slices"
)

// doubts are those of clients: one whose request had no answer does not know
// the content of the user, or whether the webhook is registered, and is right
// to send it once more. They are kept by path, as the names of fields.
type doubts map[string]map[string]bool

// wholeBody stands for all fields of a registration, which is kept as a whole.
const wholeBody = "*"

// fields are the parts that a request leaves in doubt if its answer is lost.
// One that needs an Idempotency-Key leaves nothing: its key says that it is the
// same.
func (c *call) fields() []string {
	rt, _ := c.match(c.r.Method, c.path)
	switch {
	case rt == nil || rt.once:
		return nil
	case rt.method == http.MethodPost:
		return []string{wholeBody}
	}
	body, _ := object(c.raw) // a body that is no JSON changes nothing
	return slices.Collect(maps.Keys(body))
}

// doubt notes that the client will not know the outcome of this call.
func (c *call) doubt() {
	if c.doubts == nil {
		c.doubts = make(doubts)
	}
	for _, name := range c.fields() {
		if c.doubts[c.path] == nil {
			c.doubts[c.path] = make(map[string]bool)
		}
		c.doubts[c.path][name] = true
	}
}

// assure notes that the client knows that this call was carried out.
func (c *call) assure() {
	if len(c.doubts[c.path]) == 0 {
		return
	}
	for _, name := range c.fields() {
		delete(c.doubts[c.path], name)
	}
}

// inDoubt reports whether the client may be right to send this call, though
// nothing changes by it.
func (c *call) inDoubt() bool {
	return slices.ContainsFunc(c.fields(), func(name string) bool { return c.doubts[c.path][name] })
}
