// Package provider lets apply use the catalogue of kinds: it is the
// [apply.Provider] that speaks to Kira.
//
// It sends a request only where apply asks for one. An object that exists
// already counts as the one that was asked for only if all attributes that were
// sent agree with it, and all that say where money goes. Nothing is kept
// between two runs.
//
// Start at [New].
package provider

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/zclconf/go-cty/cty"

	"kiraform/apply"
	"kiraform/internal/addr"
	"kiraform/internal/event"
	"kiraform/internal/live"
	"kiraform/schema"
	"kiraform/schema/kinds"
	"kiraform/state"
)

// Options says how to work. Call and Key must be set.
type Options struct {
	Call kinds.Call // that each request begins with: API and ClientID
	Key  state.Key  // of the state
	// Clock returns Kira's own time by its last answer, zero if that is not known.
	// Nil means that Kira never says.
	Clock func(context.Context) time.Time

	// Scoped reports whether something is the data source of a check block, so that
	// it stops nothing if it cannot be read. Nil means that nothing is.
	Scoped func(addr.Resource) bool

	// Watch looks at the gates that are waited for; nil means one of the
	// provider's own.
	Watch *live.Watch

	Marks   bool // new objects are marked with the lineage of the state
	Wait    bool // shut gates are waited for
	KeepOff bool // nothing that exists already may be adopted
}

// New returns a provider for a run that begins with st.
func New(st *state.State, o Options) apply.Provider {
	p := provider{Options: o, watch: o.Watch, ended: endedIn(st)}
	if p.watch == nil {
		p.watch = live.NewWatch(o.Call)
	}
	if o.Marks {
		p.lineage = st.Lineage
	}
	return p
}

// provider is the [apply.Provider] of one run.
type provider struct {
	Options
	watch   *live.Watch
	lineage string               // the mark of new objects; "" if they are not to be marked
	ended   map[addr.Object]bool // the objects that had ended before the run began
}

func (p provider) call(op apply.Op) (*kinds.Kind, kinds.Call) {
	k, _ := kinds.ByName(op.Kind.Name)
	c := p.about(op.Prior.ID)
	c.Want, c.Key, c.Note = op.Want, op.Key, retries(op)
	return k, c
}

// about is a request about the object called id.
func (p provider) about(id string) kinds.Call {
	c := p.Call
	c.ID = id
	return c
}

// retries notes why a request waits.
func retries(op apply.Op) func(string) {
	return func(text string) { op.Note(event.Retry{Addr: op.Addr.String(), Text: event.Foreign(text)}) }
}

// Create implements [apply.Provider].
func (p provider) Create(ctx context.Context, op apply.Op) (apply.Result, error) {
	k, c := p.call(op)
	c.ID = ""
	c.Want = p.signed(op)
	made, err := k.Create(ctx, c)
	c.Want = op.Want
	if k.Conflict != nil && k.Conflict(err) {
		switch {
		case p.KeepOff:
			return apply.Result{}, fmt.Errorf("%w; it could be adopted, but -allow does not allow that", err)
		case k.Forbids.Has(c.Want):
			return apply.Result{}, fmt.Errorf("%w; %s forbids taking over the one that is there", err, k.Forbids)
		}
		res, err := p.adopt(ctx, k, c, err)
		res.Adopted = !op.Ours // else it answers the request that got no answer
		return res, err
	}
	if err != nil {
		return apply.Result{}, err
	}
	if k.ReadAfterCreate != nil && k.ReadAfterCreate(c) {
		c.ID = made.ID
		if again, err := live.Read(ctx, k, c, made.Seen); err == nil {
			made.Seen = again.Seen
		} else {
			op.Note(event.Note{Addr: op.Addr.String(), Text: event.Foreign("created, but could not be read again: " + err.Error())})
		}
	}
	return result(made, false), nil
}

// adopt takes over the object because of which Kira refused to create one.
func (p provider) adopt(ctx context.Context, k *kinds.Kind, c kinds.Call, conflict error) (apply.Result, error) {
	found, ok, err := k.Find(ctx, c)
	switch {
	case err != nil:
		return apply.Result{}, fmt.Errorf("%w; and looking for it: %w", conflict, err)
	case !ok:
		return apply.Result{}, fmt.Errorf("%w; but no such object can be found", conflict)
	case Uncertain(k, p.Key, c.Want, found.Seen):
		return apply.Result{}, fmt.Errorf("%w; it may be %s, but whether that pays to the same account cannot be seen. If it is the same, import it", conflict, found.ID)
	}
	return result(found, true), nil
}

func result(o kinds.Object, adopted bool) apply.Result {
	return apply.Result{ID: o.ID, Seen: o.Seen, Adopted: adopted}
}

// Read implements [apply.Provider].
func (p provider) Read(ctx context.Context, op apply.Op) (apply.Result, error) {
	if op.Addr.Data {
		return p.source(ctx, op)
	}
	k, c := p.call(op)
	if op.Made {
		if o, unlooked, ok := p.watch.Found(op.Addr.Object(op.Prior.ID), op.Prior.Seen.Shown()); ok && enough(unlooked, op.Whole) {
			return apply.Result{ID: o.ID, Seen: o.Seen, Adopted: op.Prior.Adopted, Unlooked: unlooked}, nil
		}
	}
	o, err := live.Read(ctx, k, c, op.Prior.Seen.Shown())
	if err != nil {
		return apply.Result{}, err
	}
	return result(o, op.Prior.Adopted), nil
}

// Update implements [apply.Provider].
func (p provider) Update(ctx context.Context, op apply.Op) (apply.Result, error) {
	k, c := p.call(op)
	if k.Read != nil {
		now, err := live.Read(ctx, k, c, op.Prior.Seen.Shown())
		if err != nil {
			return apply.Result{}, err
		}
		seen := p.Key.Seal(k.Schema, op.Prior.Salt, now.Seen, op.Prior.Sent, op.Prior.Seen)
		if name := movedAttr(k.Schema, op.Prior.Seen.Shown(), seen.Shown()); name != "" {
			return apply.Result{}, fmt.Errorf("%s changed at Kira after this was planned; nothing was sent, plan again", name)
		}
	}
	c.Want, c.Changed = patch(k.Schema, op.Carry, op.Change)
	if err := op.Sending(); err != nil {
		return apply.Result{}, err
	}
	o, err := k.Update(ctx, c)
	if err != nil {
		return apply.Result{}, err
	}
	o.Seen = live.Carry(k.Schema, o.Seen, op.Prior.Seen.Shown())
	if k.Verify != nil && k.Schema.EndOf(o.Seen) != "" {
		op.Note(rejected(op.Addr))
	}
	return result(o, op.Prior.Adopted), nil
}

// rejected names the step that is left once a user that Kira rejected was
// corrected: that alone does not have it verified again (brief).
func rejected(a addr.Resource) event.Diagnostic {
	return event.Diagnostic{
		Severity: "warning", Code: "still-rejected", Addr: a.String(), Summary: "Kira has to verify it again",
		Detail: fmt.Sprintf("%s was corrected, but Kira had rejected it, and does not verify it again by itself. "+
			"Ask your Kira contact to re-run verification, or run: kiraform verify %s", a, a.Shell()),
	}
}

// movedAttr returns the name of a writable attribute whose value has changed,
// or "". Attributes that Kira itself sets may change at any time.
func movedAttr(k *schema.Kind, was, is cty.Value) string {
	for i := range k.Attrs {
		a := &k.Attrs[i]
		if !a.Computed && !schema.Member(was, a.Name).RawEquals(schema.Member(is, a.Name)) {
			return a.Name
		}
	}
	return ""
}

// patch returns the body of an update: of want only the attributes that differ,
// and only the entries that differ of a merged attribute and of unknown
// attributes.
func patch(k *schema.Kind, want cty.Value, change []cty.Path) (cty.Value, []string) {
	differs := make(map[string][]cty.Path)
	for _, p := range change {
		name := schema.Top(p)
		differs[name] = append(differs[name], p)
	}
	attrs := want.AsValueMap()
	var names []string
	for i := range k.Attrs {
		a := &k.Attrs[i]
		paths, ok := differs[a.Name]
		if !ok {
			continue
		}
		names = append(names, a.Name)
		switch {
		case a.Spread:
			attrs[a.Name] = entries(attrs[a.Name], paths)
		case a.Class == schema.Merged:
			attrs[a.Name] = along(a, attrs[a.Name], entries(attrs[a.Name], paths))
		}
	}
	return cty.ObjectVal(attrs), names
}

// along adds to the entries that an update carries one of those of which Kira
// asks for one in each request, without the parts that it keeps anyway.
func along(a *schema.Attr, all, sent cty.Value) cty.Value {
	if a.Along == nil || sent.IsNull() || sent.LengthInt() == 0 || slices.ContainsFunc(sent.AsValueSlice(), a.Along) {
		return sent
	}
	every := all.AsValueSlice()
	i := slices.IndexFunc(every, a.Along)
	if i < 0 {
		return sent
	}
	attrs := every[i].AsValueMap()
	for j := range a.Nested {
		if sub := &a.Nested[j]; sub.Class == schema.Merged {
			attrs[sub.Name] = cty.NullVal(attrs[sub.Name].Type())
		}
	}
	return cty.ListVal(append(sent.AsValueSlice(), cty.ObjectVal(attrs)))
}

// entries returns the members of a list or map that paths lead through.
func entries(v cty.Value, paths []cty.Path) cty.Value {
	if slices.ContainsFunc(paths, func(p cty.Path) bool { return len(p) < 2 }) {
		return v // all of it
	}
	touched := make(map[string]bool)
	for _, p := range paths {
		touched[schema.PathString(p[:2])] = true
	}
	top := paths[0][:1]
	keep := func(key cty.Value) bool {
		return touched[schema.PathString(append(top[:1:1], cty.IndexStep{Key: key}))]
	}
	if object := v.Type().IsObjectType(); object || v.Type().IsMapType() {
		m := make(map[string]cty.Value)
		for n, x := range v.AsValueMap() {
			if keep(cty.StringVal(n)) {
				m[n] = x
			}
		}
		if object {
			return cty.ObjectVal(m)
		}
		return cty.MapVal(m)
	}
	var list []cty.Value
	for i, x := range v.AsValueSlice() {
		if keep(cty.NumberIntVal(int64(i))) {
			list = append(list, x)
		}
	}
	return cty.ListVal(list)
}
