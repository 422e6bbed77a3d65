package eval

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/budget"
)

// Values holds the value of each resource instance so far. It also keeps values
// that were worked out from those, so that ten thousand instances which refer
// to one list do not build it ten thousand times. It is not safe for concurrent
// use.
type Values struct {
	clock     uint64                    // one more on every change
	blocks    map[addr.Resource]*spread // by block
	parts     map[addr.Resource]*known  // by block in one instance of its module
	names     map[nameAt]*localValue
	repeats   map[repeatAt]*repeated
	instances map[*module]*expanded
	run       *running // nil while planning
	budget    *budget.Budget

	owed hcl.Diagnostics // see owe
}

// spread has the values of a block in all instances of its module together.
type spread struct {
	version   uint64          // of the last change; see Values.clock
	expanded  bool            // which instances exist is known
	failed    bool            // and cannot be known, because of a mistake
	instances []addr.Resource // sorted
	set       int             // how many of them have a value
	open      bool            // some stand for any number

	wholes map[addr.Resource][]addr.Resource // see Members; nil until it is needed
}

// known has the values of a block's instances in one instance of its module.
type known struct {
	version   uint64          // of the last change; see Values.clock
	instances []addr.Resource // sorted
	exists    map[addr.Key]bool
	values    map[addr.Key]*Later
	marked    map[addr.Key]cty.Value                  // values, as other blocks see them
	from      map[addr.Key]map[string][]addr.Resource // see Trace

	whole   cty.Value // all instances as one value, as of wholeAt
	wholeAt uint64
}

// repeatAt is something that is repeated, in one instance of its module.
type repeatAt struct {
	*repeater
	at addr.Module
}

// repeated is each.value of every instance, as of the version at.
type repeated struct {
	each map[addr.Key]cty.Value
	at   uint64
}

// expanded is the instances of a module, as of the version at.
type expanded struct {
	all    []addr.Module
	exists map[addr.Module]bool
	failed bool
	at     uint64
}

// NewValues returns values of which nothing is known yet.
func NewValues() *Values {
	return &Values{blocks: make(map[addr.Resource]*spread), parts: make(map[addr.Resource]*known),
		names: make(map[nameAt]*localValue), repeats: make(map[repeatAt]*repeated), instances: make(map[*module]*expanded),
		budget: budget.New(nil)}
}

// Until ends long evaluations once stopped says that nobody wants their values any
// more. They are mistakes then.
func (v *Values) Until(stopped func() bool) { v.budget = budget.New(stopped) }

// owe takes down mistakes that are found where nobody reports them. A mistake is
// found once, by the first who asks, so that they are reported with the outputs.
func (v *Values) owe(diags hcl.Diagnostics) { v.owed = append(v.owed, diags...) }

// Expand tells which instances of a block exist, in all instances of its
// module.
func (v *Values) Expand(block addr.Resource, instances []addr.Resource) {
	b := v.touch(block)
	b.expanded, b.wholes = true, nil
	b.open = slices.ContainsFunc(instances, addr.Resource.Open)
	b.instances = slices.Clone(instances)
	slices.SortFunc(b.instances, addr.Resource.Compare)
	for from := 0; from < len(b.instances); {
		part, to := b.instances[from].Unkeyed(), from+1
		for to < len(b.instances) && b.instances[to].Unkeyed() == part {
			to++
		}
		k := v.at(part)
		k.version = v.clock
		k.instances = b.instances[from:to:to]
		k.exists = make(map[addr.Key]bool, to-from)
		for _, a := range k.instances {
			k.exists[a.Key] = true
		}
		from = to
	}
}

// Set sets the value of an instance, planned or real: a value of its kind's
// Type.
func (v *Values) Set(a addr.Resource, val cty.Value) { v.SetLater(a, Now(val)) }

// SetLater is [Values.Set] with a value that is worked out if it is needed.
func (v *Values) SetLater(a addr.Resource, val *Later) {
	b, k := v.touch(a.Block()), v.at(a.Unkeyed())
	if _, had := k.values[a.Key]; !had {
		b.set++
	}
	k.version = v.clock
	k.values[a.Key] = val
	delete(k.marked, a.Key)
}

// Trace tells, by attribute of an instance, the resources whose ids went into
// its value, as [Resource.From] has them. It goes with Set.
func (v *Values) Trace(a addr.Resource, from map[string][]addr.Resource) {
	if len(from) == 0 {
		return
	}
	b, k := v.touch(a.Block()), v.at(a.Unkeyed())
	k.version = b.version
	if k.from == nil {
		k.from = make(map[addr.Key]map[string][]addr.Resource)
	}
	k.from[a.Key] = from
	delete(k.marked, a.Key)
}

// Get returns the value that was set for an instance.
func (v *Values) Get(a addr.Resource) (cty.Value, bool) {
	val := v.GetLater(a)
	return val.Value(), val != nil
}

// GetLater is [Values.Get] for a value that may not be needed; nil if there is none.
func (v *Values) GetLater(a addr.Resource) *Later {
	if k, ok := v.parts[a.Unkeyed()]; ok {
		return k.values[a.Key]
	}
	return nil
}

// at returns the values of a block in one instance of its module.
func (v *Values) at(part addr.Resource) *known {
	k, ok := v.parts[part]
	if !ok {
		k = &known{values: make(map[addr.Key]*Later), marked: make(map[addr.Key]cty.Value)}
		v.parts[part] = k
	}
	return k
}

// of returns the values of a block.
func (v *Values) of(block addr.Resource) *spread {
	b, ok := v.blocks[block]
	if !ok {
		b = new(spread)
		v.blocks[block] = b
	}
	return b
}

// touch returns the values of a block, to be changed.
func (v *Values) touch(block addr.Resource) *spread {
	b := v.of(block)
	v.clock++
	b.version = v.clock
	return b
}

// version returns the version of the last change to any of the blocks.
func (v *Values) version(blocks []addr.Resource) uint64 {
	var last uint64
	for _, b := range blocks {
		if k, ok := v.blocks[b]; ok {
			last = max(last, k.version)
		}
	}
	return last
}

// open reports whether which instances of b exist in one instance of its
// module is not known: it was not expanded, or could not be, or stands for any
// number of them.
func (v *Values) open(b *block, at addr.Module) bool {
	k := v.of(b.addr)
	if k.failed || !k.expanded || !k.open {
		return k.failed || !k.expanded
	}
	part := v.at(within(b.addr, at))
	return part.exists[addr.Any] || len(part.instances) == 0 // the instance of its module was not known either
}

// instance returns an instance as other blocks see it, which is unknown if it
// has no value.
func (p *Program) instance(v *Values, b *block, a addr.Resource) cty.Value {
	k := v.at(a.Unkeyed())
	if val, ok := k.marked[a.Key]; ok {
		return val
	}
	later, ok := k.values[a.Key]
	if !ok || b.shape == nil {
		return cty.DynamicVal
	}
	val := traced(b.shape.mark(later.Value()), a, k.from[a.Key])
	k.marked[a.Key] = val
	return val
}

// whole returns all of a block's instances in one instance of its module, as
// other blocks see them: one object, or a tuple of them under count, or an
// object under for_each.
func (p *Program) whole(v *Values, b *block, at addr.Module) cty.Value {
	part := within(b.addr, at)
	k := v.at(part)
	if v.open(b, at) {
		return cty.DynamicVal
	}
	if k.wholeAt == k.version && k.whole != cty.NilVal {
		return k.whole
	}
	switch {
	case b.decl.Count != nil:
		list := make([]cty.Value, len(k.instances))
		for i, a := range k.instances {
			list[i] = p.instance(v, b, a)
		}
		k.whole = cty.TupleVal(list)
	case b.decl.ForEach != nil:
		attrs := make(map[string]cty.Value, len(k.instances))
		for _, a := range k.instances {
			name, _ := a.Key.Text()
			attrs[name] = p.instance(v, b, a)
		}
		k.whole = cty.ObjectVal(attrs)
	case len(k.instances) == 0 && b.shape != nil: // not enabled
		k.whole = cty.NullVal(b.kind.Type())
	default:
		k.whole = p.instance(v, b, part)
	}
	k.wholeAt = k.version
	return k.whole
}
