// Package discover writes configuration for the objects that live at Kira and
// are not managed.
//
// It lists and reads, and changes nothing. An attribute whose value must not be
// written out, or that Kira does not show, becomes a variable; so a plan of the
// configuration that it writes takes over the objects, and sends nothing but the
// attributes that cannot be read.
//
// Start at [All].
package discover

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"kiraform/internal/addr"
	"kiraform/internal/eval"
	"kiraform/schema"
	"kiraform/schema/kinds"
	"kiraform/state"
)

// Found is the configuration of objects that live at Kira.
type Found struct {
	HCL       []byte
	Objects   int      // how many resource blocks there are
	Variables []string // names of those that have to be given a value
	Named     int      // objects that import blocks name and no apply has entered into the state yet
}

// All finds all objects that are neither in the state nor in an import block of
// the program. It reads them with the API and the client id of a call.
func All(ctx context.Context, call kinds.Call, program *eval.Program, st *state.State) (*Found, error) {
	d := &discoverer{call: call, known: make(map[addr.Object]addr.Resource), taken: make(map[addr.Resource]bool), ids: make(map[string][]string)}
	d.prepare(program, st)
	for _, k := range kinds.All {
		if k.List == nil || k.Read == nil {
			continue
		}
		if err := d.kind(ctx, k); err != nil {
			return nil, err
		}
	}
	return d.write(program.Provider().Environment), nil
}

// discoverer collects the objects that live.
type discoverer struct {
	call  kinds.Call
	known map[addr.Object]addr.Resource // to refer to
	taken map[addr.Resource]bool        // addresses of blocks
	ids   map[string][]string           // by kind, in the order of discovery
	found []discovered
}

// discovered is an object that is not managed.
type discovered struct {
	kind *kinds.Kind
	addr addr.Resource
	obj  kinds.Object
	of   string // id of the object that it belongs to, or ""
}

// prepare takes down the objects that need no discovery, and the names that are
// taken.
func (d *discoverer) prepare(program *eval.Program, st *state.State) {
	for a, o := range st.Resources {
		d.known[a.Object(o.ID)] = a
	}
	for _, im := range program.Imports() {
		d.known[im.To.Object(im.ID)] = im.To
	}
	for _, b := range program.Blocks().Order() {
		d.taken[b] = true
	}
}

// kind discovers the objects of one kind; those they belong to are known.
func (d *discoverer) kind(ctx context.Context, k *kinds.Kind) error {
	owner := k.Schema.OwnerAttr()
	if owner == nil || k.Owner == "" {
		return d.list(ctx, k, owner, "")
	}
	for _, id := range d.ids[owner.Ref] {
		if err := d.list(ctx, k, owner, id); err != nil {
			return err
		}
	}
	return nil
}

// list discovers the objects of k, or those of one owner, oldest first: Kira
// lists the newest first, except where its lists belong to an owner.
func (d *discoverer) list(ctx context.Context, k *kinds.Kind, owner *schema.Attr, of string) error {
	call := d.call
	call.ID = of
	rows, err := k.List(ctx, call)
	if err != nil {
		return fmt.Errorf("list Kira's objects of %s: %w", k.Schema.Name, err)
	}
	if k.Owner == "" {
		slices.Reverse(rows)
	}
	for _, row := range rows {
		d.ids[k.Schema.Name] = append(d.ids[k.Schema.Name], row.ID)
		if _, ok := d.known[addr.Object{Kind: k.Schema.Name, ID: row.ID}]; ok {
			continue
		}
		call.ID = row.ID
		o, err := k.Read(ctx, call)
		if errors.Is(err, kinds.ErrGone) {
			continue
		}
		if err != nil {
			return fmt.Errorf("look at the %s %s: %w", k.Schema.Name, row.ID, err)
		}
		x := discovered{kind: k, obj: o, of: of}
		if of == "" && owner != nil {
			x.of = schema.Text(schema.Member(o.Seen, owner.Name))
		}
		x.addr = d.name(k, x)
		d.found = append(d.found, x)
	}
	return nil
}

// name chooses an address for an object that no block has: after its own name,
// and after its owner.
func (d *discoverer) name(k *kinds.Kind, x discovered) addr.Resource {
	var parts []string
	if owner := k.Schema.OwnerAttr(); owner != nil {
		if a, ok := d.known[addr.Object{Kind: owner.Ref, ID: x.of}]; ok {
			parts = append(parts, a.Name)
		}
	}
	if k.Label != nil {
		parts = append(parts, k.Label(x.obj.Seen))
	}
	base := identifier(k.Schema.Name, parts...)
	a := addr.Resource{Kind: k.Schema.Name, Name: base}
	for n := 2; d.taken[a]; n++ {
		a.Name = fmt.Sprintf("%s_%d", base, n)
	}
	d.taken[a] = true
	d.known[a.Object(x.obj.ID)] = a
	return a
}
