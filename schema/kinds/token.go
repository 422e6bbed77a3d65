package kinds

import (
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
)

// A token is one entry of missing_fields, taken apart. The brief shows the
// grammar by examples:
//
//	occupation:when_employment_status:employed
//	ssn:unless_immigration_status:non_us_citizen
//	identifying_information:back:unless_doc_type:passport
//	associated_persons:email
//	additional_info:has_us_bank_account
type token struct {
	text  string
	names []string // of the field, from the outside in
	when  bool     // the condition must hold, rather than not
	attr  string   // of the condition; "" if there is none
	value string
}

func parseToken(text string) token {
	t := token{text: text}
	parts := strings.Split(text, ":")
	for i, part := range parts {
		attr, when := strings.CutPrefix(part, "when_")
		if !when {
			var unless bool
			if attr, unless = strings.CutPrefix(part, "unless_"); !unless {
				t.names = append(t.names, part)
				continue
			}
		}
		t.when, t.attr, t.value = when, attr, strings.Join(parts[i+1:], ":")
		break
	}
	return t
}

// lacking returns the attributes of t that a user, as it is written, lacks. A
// value that is not known yet is not lacking.
func (t token) lacking(user cty.Value) []schema.Lack {
	return t.in(nil, user, t.names)
}

// in looks in owner, a user or one of its persons, which stands at that path.
func (t token) in(at cty.Path, owner cty.Value, names []string) []schema.Lack {
	if len(names) > 1 && names[0] == "associated_persons" {
		var found []schema.Lack
		people, _ := entries(owner, "associated_persons")
		for i, p := range people {
			found = append(found, t.in(at.GetAttr("associated_persons").IndexInt(i), p, names[1:])...)
		}
		return found
	}
	if len(names) == 0 || !t.asks(owner) || has(owner, names, len(at) > 0) {
		return nil
	}
	l := schema.Lack{Path: at, Token: t.text, Unknown: !knows(names, len(at) > 0)}
	if l.Unknown && len(at) == 0 && len(names) == 1 && userSchema.TakesExtra(names[0]) {
		if has(owner, []string{"extra", names[0]}, false) {
			return nil
		}
		l.Extra = true
	}
	if names[0] == "identifying_information" && len(names) == 2 {
		names, l.Document = names[:1], names[1]
	}
	for _, name := range names {
		l.Path = l.Path.GetAttr(name)
	}
	return []schema.Lack{l}
}

// knows reports whether the schema has the field, or documents of that role.
func knows(names []string, ofPerson bool) bool {
	if names[0] == "identifying_information" && len(names) == 2 {
		return slices.Contains(documentTypes, names[1])
	}
	attrs := join(userAttrs, individualAttrs, businessAttrs, identityAttrs)
	if ofPerson {
		attrs = person
	}
	for _, name := range names {
		a, ok := (&schema.Attr{Nested: attrs}).Sub(name)
		if !ok || a.Computed {
			return false
		}
		attrs = a.Nested
	}
	return true
}

// asks reports whether the condition is one under which the field is asked for.
// A condition that cannot be known yet asks for nothing.
func (t token) asks(owner cty.Value) bool {
	if t.attr == "" {
		return true
	}
	holds, f := t.holds(owner)
	if f == unknown {
		return false
	}
	return holds == t.when
}

func (t token) holds(owner cty.Value) (bool, fact) {
	if t.attr == "doc_type" {
		return hasDocument(owner, t.value)
	}
	s, f := lookText(owner, t.attr)
	if t.attr == "immigration_status" && t.value == "non_us_citizen" {
		return s != "" && s != "U.S. Citizen", f // permanent residents are no citizens either
	}
	return s == t.value, f
}

// hasDocument reports whether the document of owner is of that type, be it as
// document_type or among the identity documents.
func hasDocument(owner cty.Value, kind string) (bool, fact) {
	if is, f := hasPaper(owner, kind); is || f == unknown {
		return is, f
	}
	s, f := lookText(owner, "document_type")
	return s == kind, f
}

// has reports whether a field is written, or may turn out to be. A user's ssn,
// but not that of a person, may also be among the papers.
func has(owner cty.Value, names []string, person bool) bool {
	switch {
	case names[0] == "identifying_information" && len(names) == 2:
		return hasFile(owner, names[1])
	case names[0] == "ssn" && !person:
		if is, f := hasPaper(owner, "ssn"); is || f == unknown {
			return true
		}
	}
	v, f := look(owner, names...)
	switch {
	case f != written:
		return f == unknown
	case v.Type() == cty.String:
		return strings.TrimSpace(v.AsString()) != ""
	case v.Type().IsListType() || v.Type().IsTupleType():
		return v.LengthInt() > 0
	}
	return true
}

// hasPaper reports whether there is an identity document of that type.
func hasPaper(owner cty.Value, kind string) (bool, fact) {
	papers, all := entries(owner, "identifying_information")
	for _, p := range papers {
		if is, f := lookText(p, "type"); is == kind {
			return true, written
		} else if f == unknown {
			all = false
		}
	}
	if !all {
		return false, unknown
	}
	return false, absent
}

// hasFile reports whether a document of that role, such as front, is among the
// files, or may be.
func hasFile(owner cty.Value, role string) bool {
	papers, all := entries(owner, "identifying_information")
	for _, p := range papers {
		documents, every := entries(p, "documents")
		all = all && every
		for _, d := range documents {
			if is, f := lookText(d, "type"); is == role || f == unknown {
				return true
			}
		}
	}
	return !all
}
