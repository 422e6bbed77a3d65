package tell

import (
	"net/url"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/event"
	"kiraform/schema"
	"kiraform/state"
)

// known tells which object of kind k it is, by the values that are planned for it
// or else by those that the state has. A secret is no part of it, and of a URL it
// has the host. The kind may be nil.
func known(k *schema.Kind, after cty.Value, have state.Object) (parts []event.Foreign) {
	if k == nil {
		return nil
	}
	for _, paths := range k.Known {
		var texts []string
		for _, path := range paths {
			if text := knownText(k, path, after, have); text != "" {
				texts = append(texts, text)
			}
		}
		if len(texts) > 0 {
			parts = append(parts, event.Foreign(strings.Join(texts, " ")))
		}
	}
	return parts
}

// knownText is the text of one attribute, from the first place that has a value.
func knownText(k *schema.Kind, path string, after cty.Value, have state.Object) string {
	values := []cty.Value{after, shown(have.Seen), shown(have.Sent)}
	for _, v := range values {
		a := &schema.Attr{Nested: k.Attrs}
		for name := range strings.SplitSeq(path, ".") {
			a, v = sub(a, name), schema.Member(v, name)
		}
		if schema.IsNull(v) {
			continue
		}
		l := leaf(a, v)
		if l.Text == nil {
			return ""
		}
		if u, err := url.Parse(string(*l.Text)); err == nil && a.Format == schema.HTTPURL {
			return u.Host
		}
		return string(*l.Text)
	}
	return ""
}

func shown(v state.Sealed) cty.Value {
	if v.IsZero() {
		return cty.NullVal(cty.DynamicPseudoType)
	}
	return v.Shown()
}
