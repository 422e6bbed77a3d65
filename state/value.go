package state

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// encodeValue writes v as plain JSON. A sealed value needs no more to be read
// back exactly; for any other, ty is its type, in the form of cty's JSON.
// A value that is not known, or is marked as a secret, is never written.
func encodeValue(v cty.Value) (value, ty json.RawMessage, err error) {
	if value, err = appendValue(nil, v, true); err != nil || isPlain(v) {
		return value, nil, err
	}
	ty, err = v.Type().MarshalJSON()
	return value, ty, err
}

// decodeValue reads a value that encodeValue wrote, out of a document that was
// decoded.
func decodeValue(value, ty json.RawMessage) (cty.Value, error) {
	t := cty.DynamicPseudoType
	if ty != nil {
		if err := json.Unmarshal(ty, &t); err != nil {
			return cty.NilVal, err
		}
	}
	return fromTree(parseValid(value), t)
}

// isPlain reports whether JSON alone tells v's type: no null has a type of its
// own, an array is a tuple and an object is an object.
func isPlain(v cty.Value) bool {
	t := v.Type()
	switch {
	case v.IsNull():
		return t == cty.DynamicPseudoType
	case t.IsTupleType() || t.IsObjectType():
		for _, e := range v.Elements() {
			if !isPlain(e) {
				return false
			}
		}
		return true
	}
	return t.IsPrimitiveType()
}

// appendValue writes v to b as JSON in one line, with sorted keys, so that
// equal values are equal bytes. Null attributes and entries are left out
// unless nulls is true.
func appendValue(b []byte, v cty.Value, nulls bool) ([]byte, error) {
	switch {
	case v.IsMarked():
		return nil, errors.New("a secret cannot be kept in clear")
	case !v.IsKnown():
		return nil, errors.New("a value that is not known yet cannot be kept")
	case v.IsNull():
		return append(b, "null"...), nil
	}
	switch t := v.Type(); {
	case t == cty.String:
		return appendString(b, v.AsString())
	case t == cty.Bool:
		return strconv.AppendBool(b, v.True()), nil
	case t == cty.Number:
		return appendNumber(b, v.AsBigFloat())
	case t.IsListType() || t.IsSetType() || t.IsTupleType():
		return appendMembers(b, v, nulls, "[]")
	case t.IsMapType() || t.IsObjectType():
		return appendMembers(b, v, nulls, "{}")
	default:
		return nil, fmt.Errorf("a value of type %s cannot be kept", t.FriendlyName())
	}
}

// appendMembers writes the members of v, which come in the order of its keys.
func appendMembers(b []byte, v cty.Value, nulls bool, brackets string) (_ []byte, err error) {
	named := brackets == "{}"
	b = append(b, brackets[0])
	first := true
	for k, e := range v.Elements() {
		if named && !nulls && e.IsNull() {
			continue
		}
		if !first {
			b = append(b, ',')
		}
		first = false
		if named {
			if b, err = appendString(b, k.AsString()); err != nil {
				return nil, err
			}
			b = append(b, ':')
		}
		if b, err = appendValue(b, e, nulls); err != nil && named {
			return nil, fmt.Errorf("%s: %w", k.AsString(), err)
		} else if err != nil {
			return nil, err
		}
	}
	return append(b, brackets[1]), nil
}

// appendString writes s with "&" and the like, of URLs, as they are.
func appendString(b []byte, s string) ([]byte, error) {
	if !strings.ContainsFunc(s, escaped) {
		b = append(b, '"')
		return append(append(b, s...), '"'), nil
	}
	text, err := marshal(s)
	return append(b, text...), err
}

// escaped reports whether JSON may write r in another way.
func escaped(r rune) bool { return r < ' ' || r > '~' || r == '"' || r == '\\' }

// marshal is json.Marshal, but leaves "&" and the like in URLs readable.
func marshal(v any) (json.RawMessage, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
