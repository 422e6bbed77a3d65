package tfjson

import (
	"encoding/json"
	"slices"

	"kiraform/internal/event"
)

// form is a value in the three ways in which Terraform shows one: the value, without
// the parts that are not known and with null for those that cannot be shown; which
// parts are not known; and which are sensitive.
type form struct{ value, unknown, sensitive any }

// none is the form of an object that is not there.
var none = form{nil, map[string]any{}, false}

// objectForm is the form of an object with attributes; without any it is not there.
func objectForm(nodes []event.Node) form {
	if nodes == nil {
		return none
	}
	return members(nodes)
}

func members(nodes []event.Node) form {
	value, unknown, sensitive := make(map[string]any), make(map[string]any), make(map[string]any)
	for _, n := range nodes {
		m := formOf(n)
		if holds(m.unknown) {
			unknown[n.Name] = m.unknown
		}
		if holds(m.sensitive) {
			sensitive[n.Name] = m.sensitive
		}
		if m.unknown != true {
			value[n.Name] = m.value
		}
	}
	return form{value, unknown, sensitive}
}

func elements(nodes []event.Node) form {
	value, unknown, sensitive := []any{}, []any{}, []any{}
	for _, n := range nodes {
		m := formOf(n)
		value, unknown, sensitive = append(value, m.value), append(unknown, m.unknown), append(sensitive, m.sensitive)
	}
	return form{value, unknown, sensitive}
}

// formOf is the form of the value that a node shows for the time after a
// change.
func formOf(n event.Node) form {
	switch n.Shape {
	case event.ObjectShape, event.MapShape:
		return members(n.Nodes)
	case event.ListShape:
		return elements(n.Nodes)
	}
	return leafForm(n.After)
}

func leafForm(l event.Leaf) form {
	switch {
	case l.Unknown:
		return form{nil, true, false}
	case l.Sensitive, l.Sealed:
		return form{nil, false, true}
	case l.Text != nil:
		return form{string(*l.Text), false, false}
	case l.Literal != "":
		return form{literal(l.Literal), false, false}
	}
	return form{nil, false, false}
}

// literal is a number or a bool, or else a text that stands for a value.
func literal(s string) any {
	if json.Valid([]byte(s)) {
		return json.RawMessage(s)
	}
	return s
}

// holds reports whether anything is unknown, or sensitive, in a form of those.
func holds(v any) bool {
	switch v := v.(type) {
	case bool:
		return v
	case map[string]any:
		return len(v) > 0
	case []any:
		return slices.ContainsFunc(v, holds)
	}
	return false
}

// Attribute is an attribute that changes, with its value on both sides.
type Attribute struct {
	Path      string `json:"path"`   // such as account.clabe or metadata["team"]; [] is an entry of a list
	Action    string `json:"action"` // create, update or delete
	Before    any    `json:"before"` // null where there was none, or it cannot be shown
	After     any    `json:"after"`
	Unknown   bool   `json:"after_unknown,omitempty"`
	Sensitive bool   `json:"sensitive,omitempty"` // one of both sides is a secret, or kept as a fingerprint only
	Cause     string `json:"cause"`               // in words
	Replaces  bool   `json:"replaces,omitempty"`  // it forces a replacement
}

var verbs = map[event.Op]string{event.Add: "create", event.Change: "update", event.Remove: "delete"}

// The causes that go without saying in a view for people.
const (
	isNew      = "the object is new"
	notKnown   = "its value is not known before it is applied"
	configured = "the configuration changed"
)

// attributesOf lists the attributes that change, in their order.
func attributesOf(e *event.Planned) []Attribute {
	all := attributes("", e.Nodes)
	for i := range all {
		switch a := &all[i]; {
		case a.Cause != "":
		case e.ID == "":
			a.Cause = isNew
		case a.Unknown:
			a.Cause = notKnown
		default:
			a.Cause = configured
		}
	}
	return all
}

func attributes(path string, nodes []event.Node) []Attribute {
	all := []Attribute{}
	for _, n := range nodes {
		at := step(path, n)
		switch {
		case n.Op == event.Same:
		case n.Op == event.Change && n.Shape != event.LeafShape:
			all = append(all, within(at, n)...)
		default:
			all = append(all, attribute(at, n))
		}
	}
	return all
}

// within lists the changed parts of an object, map or list. If the whole has a cause
// of its own, its parts have it too.
func within(path string, n event.Node) []Attribute {
	all := attributes(marked(path, n.Shape), n.Nodes)
	for i := range all {
		if all[i].Cause == "" {
			all[i].Cause = n.Cause
		}
		all[i].Replaces = all[i].Replaces || n.Replaces
	}
	return all
}

// attribute is one that changes as a whole.
func attribute(path string, n event.Node) Attribute {
	before, after := leafForm(n.Before), formOf(n)
	if n.Op == event.Remove {
		if n.Shape != event.LeafShape {
			before = formOf(n)
		}
		after = form{nil, false, false}
	}
	return Attribute{Path: path, Action: verbs[n.Op], Before: before.value, After: after.value, Cause: n.Cause, Replaces: n.Replaces,
		Unknown: holds(after.unknown), Sensitive: holds(before.sensitive) || holds(after.sensitive)}
}

// marked notes at the end of a path how its members are named.
func marked(path string, s event.Shape) string {
	switch s {
	case event.MapShape:
		return path + "["
	case event.ListShape:
		return path + "[]"
	}
	return path
}

// step is the path of a node below another one.
func step(path string, n event.Node) string {
	switch {
	case path == "":
		return n.Name
	case path[len(path)-1] == '[':
		return path + event.Foreign(n.Name).Quoted() + "]"
	case n.Name == "":
		return path
	}
	return path + "." + n.Name
}
