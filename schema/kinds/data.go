package kinds

import (
	"context"
	"slices"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/ui/words"
	"kiraform/schema"
)

// Data is one kind of data source: something that is only looked at.
type Data struct {
	Schema *schema.Kind // named as in a data block; the attributes that choose the object are not Computed

	// Read returns the object that c.Want asks for, as Kira shows it,
	// cty.NilVal for nothing; an error wraps ErrGone if there is no such
	// object.
	Read func(context.Context, Call, *schema.Kind) (cty.Value, error)
}

// Look returns the object that c.Want asks for, as a value of the schema's
// type.
func (d *Data) Look(ctx context.Context, c Call) (cty.Value, error) {
	seen, err := d.Read(ctx, c, d.Schema)
	if err != nil {
		return cty.NilVal, err
	}
	return sourceValue(d.Schema, c.Want, seen), nil
}

// Sources lists the kinds of data sources in the order the documentation shows
// them.
var Sources = []*Data{
	source(&userData),
	source(&accountData),
	source(&recipientData),
	source(&recipientsData),
	source(&balanceData),
	source(&countriesData),
}

// source completes the schema of d in place.
func source(d *Data) *Data {
	d.Schema.Precompute()
	return d
}

// DataByName returns the kind of data source called name.
func DataByName(name string) (*Data, bool) {
	i := slices.IndexFunc(Sources, func(d *Data) bool { return d.Schema.Name == name })
	if i < 0 {
		return nil, false
	}
	return Sources[i], true
}

// DataSchemas returns the schemas of all kinds of data sources, by the names
// that addresses give them.
func DataSchemas() map[string]*schema.Kind {
	m := make(map[string]*schema.Kind, len(Sources))
	for _, d := range Sources {
		m["data."+d.Schema.Name] = d.Schema
	}
	return m
}

// sourceOf returns the attributes of a kind as a data source has them: those in
// by are written to say which object is meant, and Kira tells the others.
// Attributes that it never shows are left out.
func sourceOf(k *schema.Kind, by ...string) (attrs []schema.Attr) {
	for _, a := range k.Attrs {
		asked := slices.Contains(by, a.Name)
		if a.Local || a.Class == schema.Unreadable && !asked {
			continue
		}
		a.Computed, a.Required, a.Fixed, a.Class = !asked, false, false, schema.Echoed
		a.For, a.RequiredFor, a.Demanded = nil, nil, ""
		attrs = append(attrs, a)
	}
	return attrs
}

// sourceValue returns the object that Kira shows, with the attributes that were
// written to find it, as a value of k.
func sourceValue(k *schema.Kind, want, seen cty.Value) cty.Value {
	attrs := make(map[string]cty.Value, len(k.Attrs))
	for i := range k.Attrs {
		a := &k.Attrs[i]
		v := schema.Member(seen, a.Name)
		if v.IsNull() {
			v = schema.Member(want, a.Name)
		}
		if v.IsNull() {
			v = cty.NullVal(a.CtyType())
		}
		attrs[a.Name] = v
	}
	return cty.ObjectVal(attrs)
}

// lookup is a rule for data sources that can be asked for in more than one way.
func lookup(ways ...[]string) []schema.Rule {
	check := func(v cty.Value, _ schema.Env) []schema.Problem {
		var texts []string
		for _, way := range ways {
			all, other := true, false
			for _, names := range ways {
				for _, name := range names {
					_, f := look(v, name)
					all = all && (f != absent || !slices.Contains(way, name))
					other = other || f != absent && !slices.Contains(way, name)
				}
			}
			if all && !other {
				return nil
			}
			texts = append(texts, words.Quoted(way...))
		}
		return mistake(path(ways[0][0]), "data-lookup", "Not clear what to look for",
			"Write either "+texts[0]+", or "+texts[1]+", to say which one is meant.")
	}
	return []schema.Rule{{ID: "data-lookup", Check: check, Doc: "A data source says in one way what it looks for."}}
}
