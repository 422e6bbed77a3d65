package trust

import (
	"fmt"
	"slices"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/ui/words"
	"kiraform/plan"
	"kiraform/schema"
	"kiraform/state"
)

// Rekeying is a state whose fingerprints were made anew with another key, and
// that is not saved yet.
type Rekeying struct {
	state.Renewal
	State    *state.State
	Believed []Believed     // the values that are taken from the configuration without a comparison, by address
	Unknown  []state.Intent // requests without an answer whose content nobody can tell
	Trust    bool           // they are taken for the written values
}

// Believed names the attributes of one object that nobody has compared.
type Believed struct {
	Addr    addr.Resource
	Attrs   []plan.Hidden
	Differs []string // of these, the attributes that cannot be sent again and of which another value was sent, as the old key tells
}

// Written is the object that the configuration has for a change, or NilVal.
func Written(c *plan.Change) cty.Value {
	if c == nil || c.Config == cty.NilVal || c.Config.IsNull() {
		return cty.NilVal
	}
	return c.Config
}

// Object makes the fingerprints of one object anew.
func (r *Rekeying) Object(k *schema.Kind, a addr.Resource, c *plan.Change) {
	refit, config := state.Refit{Old: r.Old, New: r.New}, Written(c)
	if k != nil && config != cty.NilVal {
		refit.Know(k.Name, config)
	}
	o := refit.Object(a.Kind, r.State.Resources[a])
	if k == nil || config == cty.NilVal {
		r.State.Resources[a] = o
		return
	}
	lost := func(h plan.Hidden) bool { return state.HoldsBlank(o.Sent.At(h.Path[:1]).Shown()) }
	b := Believed{Addr: a}
	unproven := o.Unproven
	for _, h := range plan.HiddenIn(k, r.New, o.Salt, config) {
		if !lost(h) {
			continue
		}
		b.Attrs = append(b.Attrs, h)
		if a, _ := k.Attr(schema.Top(h.Path)); !r.Lost() && (a.Fixed || !k.Verbs.Has(schema.CanUpdate)) {
			b.Differs = append(b.Differs, schema.PathString(h.Path))
		}
		unproven = append(unproven, h.Name)
	}
	if len(b.Attrs) > 0 {
		o.Sent = r.believe(k, o, config)
		slices.Sort(unproven)
		o.Unproven, o.Trusted = slices.Compact(unproven), nil
		r.Believed = append(r.Believed, b)
	}
	r.State.Resources[a] = o
}

// believe takes the unknown attributes of sent from the configuration: all of
// them, or those that cannot be sent once more.
func (r *Rekeying) believe(k *schema.Kind, o state.Object, config cty.Value) state.Sealed {
	sent, written := o.Sent, r.New.Seal(k, o.Salt, config, o.Sent)
	for i := range k.Attrs {
		a, at := &k.Attrs[i], cty.GetAttrPath(k.Attrs[i].Name)
		fixed, now := k.Settled(a, config), written.At(at)
		if state.HoldsBlank(sent.At(at).Shown()) && !now.Shown().IsNull() && (r.Trust || fixed) {
			sent = sent.With(at, now)
		}
	}
	return sent
}

// Intent makes anew the fingerprints of a request without an answer: with the
// same digest it goes out with its key once more.
func (r *Rekeying) Intent(k *schema.Kind, in state.Intent, c *plan.Change) error {
	config := Written(c)
	if k == nil || config == cty.NilVal {
		return fmt.Errorf("the request to %s %s of %s has no answer, and the configuration has no %[2]s any more, so nobody could tell with "+
			"another key which values were sent. Nothing was changed. Write the block again; or, once you know the outcome of the request, end it:\n"+
			"  kiraform state rm -unanswered %[4]s", in.Action, in.Addr, words.Moment(in.At), in.Addr.Shell())
	}
	bare, _ := config.UnmarkDeep()
	refit := state.Refit{Old: r.Old, New: r.New}
	refit.Know(k.Name, bare)
	in.Sent = refit.Sealed(k.Name, in.Salt, in.Sent)
	same := r.Trust
	if !r.Lost() && bare.IsWhollyKnown() {
		same = in.Digest == r.Old.Digest(plan.Body(k, bare)) || in.Digest == r.Old.Digest(bare)
	}
	if r.Lost() || !same {
		r.Unknown = append(r.Unknown, in)
	}
	in.Digest = "" // the written object differs from the one that was sent: it is looked for first
	if same && bare.IsWhollyKnown() {
		in.Digest, in.Sent = r.New.Digest(plan.Body(k, bare)), r.New.Seal(k, in.Salt, config)
	}
	r.State.Intents[in.Key] = in
	return nil
}
