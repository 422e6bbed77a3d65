package wire

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
)

// Object reads body as one JSON object, its numbers as [json.Number].
func Object(body []byte) (map[string]any, error) {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var answer map[string]any
	if err := dec.Decode(&answer); err != nil {
		return nil, fmt.Errorf("the answer is not a JSON object: %w", err)
	}
	if answer == nil || dec.More() {
		return nil, fmt.Errorf("the answer is not one JSON object")
	}
	return answer, nil
}

// DecodeObject makes a value of the kind's Type of an answer that [Object] read:
// each attribute under its name in configuration, and null where Kira does not show
// it. The variant decides which attributes are readable, see [schema.Attr.ClassIn];
// "" lets everything be. Whatever an unreadable attribute seems to show is not read.
//
// A value of another type than the schema expects becomes its text where text is
// expected, and is null otherwise: Kira's answers change with its versions, and one
// odd field should not hide the others.
func DecodeObject(k *schema.Kind, variant string, answer map[string]any) cty.Value {
	d := decoder{variant: variant, answer: answer}
	return schema.Share(d.object(k.Attrs, answer), k.Type())
}

type decoder struct {
	variant string
	answer  map[string]any // the whole of it, for places that begin with "/"
}

func (d decoder) object(attrs []schema.Attr, from map[string]any) cty.Value {
	values := make(map[string]cty.Value, len(attrs))
	for i := range attrs {
		values[attrs[i].Name] = d.attr(&attrs[i], from)
	}
	return cty.ObjectVal(values)
}

func (d decoder) attr(a *schema.Attr, from map[string]any) cty.Value {
	ty := a.CtyType()
	if a.Local || a.ClassIn(d.variant) == schema.Unreadable || !a.Applies(d.variant) {
		return cty.NullVal(ty)
	}
	v, ok := d.find(a, from)
	switch {
	case !ok:
		return cty.NullVal(ty)
	case a.Nested == nil:
		return decodePlain(ty, v)
	case a.List:
		return d.list(a, v)
	}
	if obj, ok := v.(map[string]any); ok {
		return d.object(a.Nested, obj)
	}
	return cty.NullVal(ty)
}

func (d decoder) list(a *schema.Attr, v any) cty.Value {
	ty := a.CtyType()
	items, ok := v.([]any)
	if !ok {
		return cty.NullVal(ty)
	}
	var list []cty.Value
	for _, item := range items {
		if obj, ok := item.(map[string]any); ok {
			list = append(list, d.object(a.Nested, obj))
		}
	}
	if len(list) == 0 {
		return cty.ListValEmpty(ty.ElementType())
	}
	return cty.ListVal(list)
}
