// Package addr names the things a configuration talks about.
//
// An address is a small comparable value: it can be a map key, it sorts, and
// its String form is the text that users type and read, and that [Parse] reads
// back.
package addr

import (
	"cmp"
	"slices"
	"strings"

	"al.essio.dev/pkg/shellescape"
)

// Resource is the address of a resource, data or action block, or of one
// instance of it.
type Resource struct {
	Module Module // the module it is written in; "" is the root module
	Data   bool   // a data source rather than a managed resource
	Action bool   // an action rather than a managed resource
	Kind   string // resource kind, such as "kira_user"
	Name   string // block label, such as "maria"
	Key    Key    // instance key; the zero Key when the block has no count or for_each
}

// Block returns the address of the block that r is an instance of, which has
// no key at all, be it in an instance of a module.
func (r Resource) Block() Resource {
	r.Module, r.Key = r.Module.Static(), Key{}
	return r
}

// Unkeyed returns the address of r's block in the same instance of a module.
func (r Resource) Unkeyed() Resource {
	r.Key = Key{}
	return r
}

// Wholes returns the addresses that stand for r and others: without its own key, and
// then without the keys of its modules, from the innermost on.
func (r Resource) Wholes() (all []Resource) {
	if !r.Key.IsZero() {
		r.Key = Key{}
		all = append(all, r)
	}
	if strings.IndexByte(string(r.Module), '[') < 0 {
		return all
	}
	steps := r.Module.steps()
	for i := len(steps) - 1; i >= 0; i-- {
		if !steps[i].key.IsZero() {
			steps[i].key = Key{}
			r.Module = joined(steps)
			all = append(all, r)
		}
	}
	return all
}

// InstanceName is the address of an instance of a block with count or for_each, or of a
// resource in such a module; "" for a resource that its block names, and for one that
// stands for instances which are not known yet.
func (r Resource) InstanceName() string {
	if r.Open() || r.Key.IsZero() && !strings.Contains(string(r.Module), "[") {
		return ""
	}
	return r.String()
}

// Instance returns the address of r's instance under key.
func (r Resource) Instance(key Key) Resource {
	r.Key = key
	return r
}

// Open reports whether r stands for instances of which it is not known which
// there are, because its own key or that of a module is [Any].
func (r Resource) Open() bool {
	return r.Key == Any || strings.Contains(string(r.Module), Any.String()) &&
		slices.ContainsFunc(r.Module.steps(), func(s step) bool { return s.key == Any })
}

// Schema returns the name of the schema of the resource r: its kind, with
// "data." or "action." before it for a data source or an action.
func (r Resource) Schema() string { return r.class() + r.Kind }

// class is the prefix of the kind.
func (r Resource) class() string {
	switch {
	case r.Data:
		return "data."
	case r.Action:
		return "action."
	}
	return ""
}

// String returns the form a user would write, such as
// module.eu["mx"].kira_user.staff["ana"].
func (r Resource) String() string {
	var b strings.Builder
	if r.Module != "" {
		b.WriteString(string(r.Module) + ".")
	}
	switch { // see ParseTarget
	case r == everything:
		return "*"
	case r.Kind == "" && r.Module != "":
		return string(r.Module)
	}
	b.WriteString(r.class() + r.Kind + "." + r.Name + r.Key.String())
	return b.String()
}

// An Object is the identity of an object at Kira: its kind and its id there.
type Object struct{ Kind, ID string }

// Object is the identity of the object with this id of the kind that r manages.
func (r Resource) Object(id string) Object { return Object{r.Kind, id} }

// Shell returns the address as it is given to a shell, in quotes where those are
// needed.
func (r Resource) Shell() string {
	return shellescape.Quote(r.String())
}

// Compare orders addresses by module, then managed before data before actions,
// then kind, name and key.
func (r Resource) Compare(o Resource) int {
	return cmp.Or(
		strings.Compare(string(r.Module), string(o.Module)),
		boolCompare(r.Action, o.Action),
		boolCompare(r.Data, o.Data),
		strings.Compare(r.Kind, o.Kind),
		strings.Compare(r.Name, o.Name),
		r.Key.Compare(o.Key),
	)
}

// Covers reports whether r names o or something o is part of: r is o itself,
// or the block that o is an instance of. Where r has no key, it means every
// instance, of a module too; where it has no kind, all that is in the module.
func (r Resource) Covers(o Resource) bool {
	switch {
	case r == o:
		return true
	case r == everything:
		return true
	case r.Kind == "":
		return r.Module.Covers(o.Module)
	case r.Data != o.Data || !matches(r.Kind, o.Kind) || !matches(r.Name, o.Name) || !r.Key.covers(o.Key):
		return false
	case r.Module == o.Module:
		return true
	}
	return r.Module.Covers(o.Module) && r.Module.Depth() == o.Module.Depth()
}

func boolCompare(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}
