// Package oracle draws expressions and configurations by chance and evaluates
// them, so that the answers of kiraform can be held against those of Terraform.
//
// The answers of Terraform are kept in testdata; only "make oracle", which adds
// to them, needs a terraform binary. The program itself does not use this package.
package oracle

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"kiraform/internal/lang"
)

// Answer is the result of an expression, in a form that both programs can give.
type Answer struct {
	Error     string          `json:"error,omitempty"` // the summary of the first mistake; "" if there is a value
	Type      string          `json:"type,omitempty"`  // as [TypeText] writes it
	Value     json.RawMessage `json:"value,omitempty"` // without the parts that are unknown; null in their places in lists
	Unknown   []string        `json:"unknown,omitempty"`
	Sensitive []string        `json:"sensitive,omitempty"` // paths, "." being the whole value
}

// Same reports whether two answers are equal. The words of mistakes do not count.
func (a Answer) Same(b Answer) bool {
	if a.Error != "" || b.Error != "" {
		return (a.Error == "") == (b.Error == "")
	}
	return a.Type == b.Type && bytes.Equal(a.Value, b.Value) && slices.Equal(a.Unknown, b.Unknown) && slices.Equal(a.Sensitive, b.Sensitive)
}

func (a Answer) String() string {
	if a.Error != "" {
		return "error: " + a.Error
	}
	s := fmt.Sprintf("%s %s", a.Type, a.Value)
	if len(a.Unknown) > 0 {
		s += fmt.Sprint(" unknown ", a.Unknown)
	}
	if len(a.Sensitive) > 0 {
		s += fmt.Sprint(" sensitive ", a.Sensitive)
	}
	return s
}

// AnswerOf returns the answer that a value is.
func AnswerOf(v cty.Value) Answer {
	a := Answer{Type: TypeText(v.Type())}
	plain, _ := v.UnmarkDeep()
	a.Value = compact(valueJSON(plain))
	marked(v, "", &a)
	slices.Sort(a.Unknown)
	slices.Sort(a.Sensitive)
	return a
}

// marked adds the paths of the unknown and of the sensitive parts of v.
func marked(v cty.Value, path string, a *Answer) {
	at := path
	if at == "" {
		at = "."
	}
	if v.HasMark(lang.Sensitive) {
		a.Sensitive = append(a.Sensitive, at)
		// The parts of a sensitive value are sensitive as well. Terraform names the whole only.
		v, _ = v.UnmarkDeep()
	}
	v, _ = v.Unmark()
	switch {
	case !v.IsKnown():
		a.Unknown = append(a.Unknown, at)
		return
	case v.IsNull() || !v.CanIterateElements():
		return
	}
	n := 0
	for it := v.ElementIterator(); it.Next(); n++ {
		key, e := it.Element()
		step := fmt.Sprint("[", n, "]")
		if ty := v.Type(); ty.IsMapType() || ty.IsObjectType() {
			step = "." + key.AsString()
		}
		marked(e, path+step, a)
	}
}

// valueJSON writes v as Terraform's plans do: without the parts that are unknown.
func valueJSON(v cty.Value) json.RawMessage {
	if !v.IsKnown() {
		return nil
	}
	var b bytes.Buffer
	writeJSON(&b, v)
	return b.Bytes()
}

func writeJSON(b *bytes.Buffer, v cty.Value) {
	ty := v.Type()
	switch {
	case v.IsNull() || !v.IsKnown():
		b.WriteString("null")
	case ty.IsPrimitiveType():
		src, err := ctyjson.Marshal(v, ty)
		if err != nil {
			panic(err) // a primitive value can be written
		}
		if ty == cty.Number {
			if f, how := v.AsBigFloat().Float64(); how == big.Exact { // in the precision that a saved plan has
				src = strconv.AppendFloat(nil, f, 'f', -1, 64)
			}
		}
		if string(src) == "-0" { // a saved plan of Terraform has no such number
			src = src[1:]
		}
		b.Write(src)
	default:
		named := ty.IsMapType() || ty.IsObjectType()
		open, end := "[", "]"
		if named {
			open, end = "{", "}"
		}
		b.WriteString(open)
		first := true
		for it := v.ElementIterator(); it.Next(); {
			key, e := it.Element()
			if named && !e.IsKnown() {
				continue
			}
			if !first {
				b.WriteByte(',')
			}
			first = false
			if named {
				name, _ := json.Marshal(key.AsString()) // a text can be written
				b.Write(name)
				b.WriteByte(':')
			}
			writeJSON(b, e)
		}
		b.WriteString(end)
	}
}

// TypeText writes a type as Terraform's console does, in one line without spaces.
func TypeText(ty cty.Type) string {
	switch {
	case ty == cty.DynamicPseudoType:
		return "dynamic"
	case ty.IsPrimitiveType():
		return ty.FriendlyName()
	case ty.IsCollectionType():
		kind := "set"
		if ty.IsListType() {
			kind = "list"
		} else if ty.IsMapType() {
			kind = "map"
		}
		return kind + "(" + TypeText(ty.ElementType()) + ")"
	case ty.IsTupleType():
		var parts []string
		for _, e := range ty.TupleElementTypes() {
			parts = append(parts, TypeText(e))
		}
		return "tuple([" + strings.Join(parts, ",") + "])"
	case ty.IsObjectType():
		var parts []string
		for name, e := range ty.AttributeTypes() {
			parts = append(parts, name+":"+TypeText(e))
		}
		slices.Sort(parts)
		return "object({" + strings.Join(parts, ",") + "})"
	}
	return ty.FriendlyName()
}
