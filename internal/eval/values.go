package eval

import (
	"slices"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
)

// Values is what is known of each resource instance so far. It also keeps what
// was worked out from that, so that ten thousand instances which refer to one
// list do not build it ten thousand times. It is not safe for concurrent use.
type Values struct {
	clock  uint64 // one more on every change
	blocks map[addr.Resource]*known
	locals map[string]*localValue
}

// known is what is known of one block's instances.
type known struct {
	version   uint64          // of the last change; see Values.clock
	expanded  bool            // which instances exist is known
	failed    bool            // and cannot be known, because of a mistake
	instances []addr.Resource // sorted
	exists    map[addr.Key]bool
	values    map[addr.Key]cty.Value
	marked    map[addr.Key]cty.Value                  // values, as other blocks see them
	from      map[addr.Key]map[string][]addr.Resource // see Trace

	whole   cty.Value // all instances as one value, as of wholeAt
	wholeAt uint64

	each      map[addr.Key]cty.Value // each.value of every instance
	eachAt    uint64
	eachFresh bool
}

// localValue is a local value as of the version at.
type localValue struct {
	value cty.Value
	needs needs
	at    uint64

	failed bool // it could not be evaluated
}

// NewValues returns values of which nothing is known yet.
func NewValues() *Values {
	return &Values{blocks: make(map[addr.Resource]*known), locals: make(map[string]*localValue)}
}

// Expand tells which instances of a block exist.
func (v *Values) Expand(block addr.Resource, instances []addr.Resource) {
	k := v.touch(block)
	k.expanded = true
	k.instances = slices.Clone(instances)
	slices.SortFunc(k.instances, addr.Resource.Compare)
	k.exists = make(map[addr.Key]bool, len(instances))
	for _, a := range instances {
		k.exists[a.Key] = true
	}
}

// Set tells what an instance is, planned or real: a value of its kind's Type.
func (v *Values) Set(a addr.Resource, val cty.Value) {
	k := v.touch(a.Block())
	k.values[a.Key] = val
	delete(k.marked, a.Key)
}

// Trace tells, by attribute of an instance, the resources whose ids went into
// its value, as [Resource.From] has them. It goes with Set.
func (v *Values) Trace(a addr.Resource, from map[string][]addr.Resource) {
	if len(from) == 0 {
		return
	}
	k := v.touch(a.Block())
	if k.from == nil {
		k.from = make(map[addr.Key]map[string][]addr.Resource)
	}
	k.from[a.Key] = from
	delete(k.marked, a.Key)
}

// Get returns what was set for an instance.
func (v *Values) Get(a addr.Resource) (cty.Value, bool) {
	k, ok := v.blocks[a.Block()]
	if !ok {
		return cty.NilVal, false
	}
	val, ok := k.values[a.Key]
	return val, ok
}

// at returns what is known of a block.
func (v *Values) at(block addr.Resource) *known {
	k, ok := v.blocks[block]
	if !ok {
		k = &known{values: make(map[addr.Key]cty.Value), marked: make(map[addr.Key]cty.Value)}
		v.blocks[block] = k
	}
	return k
}

// touch returns what is known of a block, to be changed.
func (v *Values) touch(block addr.Resource) *known {
	k := v.at(block)
	v.clock++
	k.version = v.clock
	return k
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

// open reports whether which instances of b exist is not known: it was not
// expanded, or could not be, or stands for any number of them.
func (v *Values) open(b *block) bool {
	k := v.at(b.addr)
	return k.failed || !k.expanded || b.repeated() && k.exists[addr.Key{}]
}

// instance returns an instance as other blocks see it, which is unknown if it
// has no value.
func (p *Program) instance(v *Values, b *block, key addr.Key) cty.Value {
	k := v.at(b.addr)
	if val, ok := k.marked[key]; ok {
		return val
	}
	val, ok := k.values[key]
	if !ok || b.shape == nil {
		return cty.DynamicVal
	}
	val = traced(b.shape.mark(val), b.addr.Instance(key), k.from[key])
	k.marked[key] = val
	return val
}

// whole returns all of a block's instances as other blocks see them: one
// object, or a tuple of them under count, or an object under for_each.
func (p *Program) whole(v *Values, b *block) cty.Value {
	k := v.at(b.addr)
	if v.open(b) {
		return cty.DynamicVal
	}
	if k.wholeAt == k.version && k.whole != cty.NilVal {
		return k.whole
	}
	switch {
	case b.decl.Count != nil:
		list := make([]cty.Value, len(k.instances))
		for i, a := range k.instances {
			list[i] = p.instance(v, b, a.Key)
		}
		k.whole = cty.TupleVal(list)
	case b.decl.ForEach != nil:
		attrs := make(map[string]cty.Value, len(k.instances))
		for _, a := range k.instances {
			name, _ := a.Key.Text()
			attrs[name] = p.instance(v, b, a.Key)
		}
		k.whole = cty.ObjectVal(attrs)
	default:
		k.whole = p.instance(v, b, addr.Key{})
	}
	k.wholeAt = k.version
	return k.whole
}
