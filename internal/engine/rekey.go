package engine

import (
	"context"
	"errors"
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

// Rekey makes the fingerprints of the state anew. With the old key every one that
// the written value matches is as good as before. The others, or without the old
// key all, are assumed to be of the written values; with trust false an attribute
// that can be sent is sent once instead. Nothing is saved, and nothing sent.
func (p *Project) Rekey(ctx context.Context, renew func(id string) (state.Renewal, error), trust, unknown bool) (*Rekeying, error) {
	st, err := p.Store.Load(ctx)
	switch {
	case err != nil:
		return nil, err
	case st == nil || st.KeyID == "":
		return nil, errors.New("the state has no key yet. The first apply gives it one")
	}
	next, err := renew(st.KeyID)
	if err != nil {
		return nil, err
	}
	r := &Rekeying{Renewal: next, State: st.Clone(), Trust: trust}
	switch {
	case next.Lost() && !trust && !unknown:
		err = fmt.Errorf("the key %s of the state is not here. If you have it, put it into %s, and run this again. If it is lost, say how to go on:\n"+
			"  %s -trust    as if Kira has the values that are written now\n  %[3]s -unknown  without knowing Kira's values: those that can be sent are sent once", st.KeyID, next.Back, p.RekeyLine)
	case !next.Lost() && (trust || unknown):
		err = errors.New("the key of the state is here, so that nothing needs to be believed. Leave -trust and -unknown out")
	default:
		err = p.refit(ctx, r, st)
	}
	if err != nil {
		return nil, errors.Join(err, next.Abandon())
	}
	return r, nil
}

// Production reports whether the objects of the state are, or may be, real.
func (p *Project) Production(st *state.State) bool {
	return st.Place.Production() || p.program.Provider().Environment == "production"
}

func (p *Project) refit(ctx context.Context, r *Rekeying, st *state.State) error {
	prior := st
	if r.Lost() {
		prior = st.Clone()
		prior.Blind()
	}
	key := r.Old
	if r.Lost() {
		key = r.New
	}
	made, diags, err := makeUntil(ctx, plan.Input{Program: p.program, Prior: prior, Kinds: p.schemas, Key: key, Stay: true})
	if err != nil {
		return err
	}
	at := make(map[addr.Resource]*plan.Change)
	for i := range made.Changes {
		at[made.Changes[i].Former()] = &made.Changes[i]
	}
	for _, a := range st.Addrs() {
		if c := at[a]; diags.HasErrors() && (c == nil || c.Config.IsNull()) && p.written(a) {
			return p.report(diags) // its written attributes are not known
		}
		r.object(p.schemas[a.Kind], a, at[a])
	}
	for _, in := range st.Open() {
		if err := r.intent(p.schemas[in.Addr.Kind], in, at[in.Addr]); err != nil {
			return err
		}
	}
	r.State.KeyID = r.New.ID()
	p.encryptFor(r.State)
	return nil
}

// written reports whether the configuration has a block for a.
func (p *Project) written(a addr.Resource) bool {
	return slices.ContainsFunc(p.program.Blocks().Order(), func(b addr.Resource) bool { return b == a.Block() })
}

func configOf(c *plan.Change) cty.Value {
	if c == nil || c.Config == cty.NilVal || c.Config.IsNull() {
		return cty.NilVal
	}
	return c.Config
}

// object makes the fingerprints of one object anew.
func (r *Rekeying) object(k *schema.Kind, a addr.Resource, c *plan.Change) {
	refit, config := state.Refit{Old: r.Old, New: r.New}, configOf(c)
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
		if a, _ := k.Attr(h.Path[0].(cty.GetAttrStep).Name); !r.Lost() && (a.Fixed || !k.Verbs.Has(schema.CanUpdate)) {
			b.Differs = append(b.Differs, plan.PathString(h.Path))
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

// intent makes anew the fingerprints of a request without an answer: with the
// same digest it goes out with its key once more.
func (r *Rekeying) intent(k *schema.Kind, in state.Intent, c *plan.Change) error {
	config := configOf(c)
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

// Keep saves the state with its new key, and puts that in its place.
func (p *Project) Keep(ctx context.Context, r *Rekeying) error {
	if err := p.save(ctx, r.State); err != nil {
		return errors.Join(err, r.Abandon())
	}
	return r.Finish()
}
