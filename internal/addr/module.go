package addr

import (
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// Module is the path of a module instance, such as module.eu["mx"].module.x.
// The root module is "".
type Module string

// Child returns the address of the module called name inside m, under key.
func (m Module) Child(name string, key Key) Module {
	child := "module." + name + key.String()
	if m == "" {
		return Module(child)
	}
	return m + "." + Module(child)
}

// Static returns m without the keys of its instances: the path of the module
// block.
func (m Module) Static() Module {
	if strings.IndexByte(string(m), '[') < 0 {
		return m
	}
	var static Module
	for _, s := range m.steps() {
		static = static.Child(s.name, Key{})
	}
	return static
}

// Parent returns the module that calls m, and the name and the key under which
// it does. It panics for the root module.
func (m Module) Parent() (parent Module, name string, key Key) {
	all := m.steps()
	for _, s := range all[:len(all)-1] {
		parent = parent.Child(s.name, s.key)
	}
	last := all[len(all)-1]
	return parent, last.name, last.key
}

// Covers reports whether o is m, or is in m. A step of m without a key stands
// for all instances.
func (m Module) Covers(o Module) bool {
	if m == "" || m == o {
		return true
	}
	outer, inner := m.steps(), o.steps()
	if len(outer) > len(inner) {
		return false
	}
	for i, s := range outer {
		if !matches(s.name, inner[i].name) || !s.key.covers(inner[i].key) {
			return false
		}
	}
	return true
}

// Cut divides m behind its first n steps; ok is false if it has fewer.
func (m Module) Cut(n int) (outer, inner Module, ok bool) {
	all := m.steps()
	if len(all) < n {
		return m, "", false
	}
	return joined(all[:n]), joined(all[n:]), true
}

// Join returns the address of inner, which is relative to m.
func (m Module) Join(inner Module) Module {
	if m == "" || inner == "" {
		return m + inner
	}
	return m + "." + inner
}

// Key returns the key of the last step of m.
func (m Module) Key() Key {
	if m == "" {
		return Key{}
	}
	_, _, k := m.Parent()
	return k
}

// Rekey returns m with another key in its last step.
func (m Module) Rekey(k Key) Module {
	parent, name, _ := m.Parent()
	return parent.Child(name, k)
}

func joined(steps []step) (m Module) {
	for _, s := range steps {
		m = m.Child(s.name, s.key)
	}
	return m
}

// Depth returns how many modules m is inside of, itself included.
func (m Module) Depth() int { return len(m.steps()) }

// ParseModule reads the address of a module, such as module.eu["mx"].
func ParseModule(s string) (Module, bool) {
	steps, rest := cutModules(s)
	if rest != "" || len(steps) == 0 {
		return "", false
	}
	var m Module
	for _, s := range steps {
		m = m.Child(s.name, s.key)
	}
	return m, true
}

func (m Module) steps() []step {
	all, _ := cutModules(string(m))
	return all
}

// cutModules takes the modules off the beginning of an address.
func cutModules(s string) (modules []step, rest string) {
	for {
		m, after, ok := cutModule(s)
		if !ok {
			return modules, s
		}
		modules, s = append(modules, m), after
	}
}

// cutModule takes module.NAME or module.NAME[KEY] off the beginning of an
// address, together with the dot behind it.
func cutModule(s string) (m step, rest string, ok bool) {
	name, ok := strings.CutPrefix(s, "module.")
	if !ok {
		return step{}, s, false
	}
	end := strings.IndexFunc(name, func(c rune) bool { return c == '.' || c == '[' })
	if end < 0 {
		end = len(name)
	}
	m.name, rest = name[:end], name[end:]
	if !patternName(m.name) {
		return step{}, s, false
	}
	if strings.HasPrefix(rest, "[") {
		if m.key, rest, ok = cutKey(rest); !ok {
			return step{}, s, false
		}
	}
	if rest == "" {
		return m, "", true
	}
	rest, ok = strings.CutPrefix(rest, ".")
	return m, rest, ok && rest != ""
}

// cutKey takes an index off the beginning of s.
func cutKey(s string) (k Key, rest string, ok bool) {
	if rest, all := strings.CutPrefix(s, "[*]"); all {
		return Any, rest, true
	}
	if !strings.HasPrefix(s, `["`) {
		digits, rest, ok := strings.Cut(s[1:], "]")
		n, err := strconv.Atoi(digits)
		return Int(n), rest, ok && err == nil && n >= 0
	}
	end := 2
	for ; end < len(s) && s[end] != '"'; end++ {
		if s[end] == '\\' {
			end++
		}
	}
	if end >= len(s) || !strings.HasPrefix(s[end:], `"]`) {
		return Key{}, s, false
	}
	text, rest := s[1:end+1], s[end+2:]
	if !strings.ContainsAny(text, `\$%`) {
		return String(text[1 : len(text)-1]), rest, true
	}
	e, diags := hclsyntax.ParseExpression([]byte(text), "", hcl.InitialPos)
	if diags.HasErrors() {
		return Key{}, s, false
	}
	v, diags := e.Value(nil)
	if diags.HasErrors() || v.Type() != cty.String {
		return Key{}, s, false
	}
	return String(v.AsString()), rest, true
}
