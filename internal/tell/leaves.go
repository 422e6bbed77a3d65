package tell

import (
	"strconv"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
	"kiraform/state"
)

// Leaves is a value as it enters digests: each leaf as text, by its path.
type Leaves map[string]string

// LeafWriter writes the leaves of values that belong to one address. A leaf that is
// secret, or that Kira cannot show, becomes a digest of its own, which nobody can
// make without the key.
type LeafWriter struct {
	Key  state.Key
	Addr string
}

// Add adds the leaves of v, which stands at a path. Its sensitive parts are
// sealed.
func (w LeafWriter) Add(to Leaves, path cty.Path, v cty.Value) {
	name := schema.PathString(path)
	switch {
	case v == cty.NilVal || v.IsNull():
		to[name] = "null"
	case !v.IsKnown():
		to[name] = "unknown"
	case state.IsSealed(v):
		to[name] = w.Key.Leaf(w.Addr, name, v)
	case !v.CanIterateElements():
		to[name] = leafText(v)
	case v.LengthInt() == 0:
		to[name] = "empty"
	default:
		w.members(to, path, v)
	}
}

func (w LeafWriter) members(to Leaves, path cty.Path, v cty.Value) {
	named := v.Type().IsObjectType() || v.Type().IsMapType()
	i := 0
	for key, e := range v.Elements() {
		step := cty.PathStep(cty.IndexStep{Key: cty.NumberIntVal(int64(i))}) // a set's elements come in order
		switch {
		case named && identifier(key.AsString()):
			step = cty.GetAttrStep{Name: key.AsString()}
		case named: // quoted, so that no two paths are one text
			step = cty.IndexStep{Key: key}
		}
		w.Add(to, append(path[:len(path):len(path)], step), e)
		i++
	}
}

// identifier is [hclsyntax.ValidIdentifier], which scans tokens: names of attributes are
// told apart without that.
func identifier(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', c == '_':
		case i > 0 && ('0' <= c && c <= '9' || c == '-'):
		case c < utf8.RuneSelf:
			return false
		default:
			return hclsyntax.ValidIdentifier(s)
		}
	}
	return s != ""
}

// leafText writes a value without members, so that no two types have a text in
// common.
func leafText(v cty.Value) string {
	switch v.Type() {
	case cty.String:
		return strconv.Quote(v.AsString())
	case cty.Number:
		return v.AsBigFloat().Text('g', -1)
	}
	return strconv.FormatBool(v.True())
}

// Variable returns the leaves of a variable, all of it one if something in it is
// sensitive.
func (w LeafWriter) Variable(name string, v cty.Value) Leaves {
	bare, marks := v.UnmarkDeep()
	to := make(Leaves)
	switch {
	case len(marks) > 0 && bare.IsWhollyKnown():
		to[""] = w.Key.Leaf("var."+name, "", bare)
	default:
		w.Add(to, nil, bare)
	}
	return to
}
