package oracle

import (
	"fmt"
	"strings"
)

// Files is a configuration: its files by names that begin with a folder and have
// no ending of either program: "main", "child/main", "extra.json", "values".
type Files map[string]string

// Configurations draws n configurations.
func Configurations(seed uint64, n int) []Files {
	all := make([]Files, n)
	for i := range all {
		// Most of those that are drawn have a mistake somewhere. Two of three are
		// drawn again until they have none.
		for try := range uint64(300) {
			all[i] = draw(newDrawer(seed<<40+uint64(i)<<20+try), i%6 == 0)
			if i%3 == 0 || Plan(all[i]).Error == "" {
				break
			}
		}
	}
	return all
}

// draw draws one configuration.
func draw(d *drawer, mistaken bool) Files {
	d.bare, d.calm = true, true
	c := &configuration{drawer: d, files: make(Files)}
	root := c.module("", 2)
	if mistaken {
		root.mistake()
	}
	root.write("main")
	return c.files
}

// configuration draws the files of one configuration.
type configuration struct {
	*drawer
	files   Files
	modules int
}

// variable is a variable that was drawn.
type variable struct {
	name     string
	of       kind
	good     []string
	required bool
}

// module draws the blocks of one folder.
type module struct {
	*configuration
	dir       string
	src       strings.Builder
	variables []variable
	outputs   []string
	saved     map[kind][]string // the names of the module that calls it
}

// module draws a folder and those that it calls.
func (c *configuration) module(dir string, depth int) *module {
	m := &module{configuration: c, dir: dir, saved: c.bound}
	c.bound = make(map[kind][]string)
	m.add("resource \"terraform_data\" \"u\" {\n  input = \"x\"\n}\n")
	m.bind1(text, "terraform_data.u.id")
	m.bind1(text, "terraform_data.u.input")
	for range c.IntN(4) {
		m.variable()
	}
	for range 1 + c.IntN(2) {
		m.local()
	}
	if depth == 2 || depth > 0 && c.in(3) {
		m.call(depth)
	}
	if depth == 2 && c.in(3) {
		m.call(1)
	}
	for range c.IntN(3) {
		m.resource()
	}
	for range 1 + c.IntN(2) {
		m.output()
	}
	m.rest()
	c.bound = m.saved
	return m
}

func (m *module) add(format string, args ...any) { fmt.Fprintf(&m.src, format, args...) }

func (m *module) bind1(of kind, name string) { m.bound[of] = append(m.bound[of], name) }

// name draws a name that was not drawn before.
func (m *module) name(prefix string) string {
	m.n++
	return fmt.Sprint(prefix, m.n)
}

func (m *module) write(name string) {
	if m.dir != "" {
		name = m.dir + "/" + name
	}
	m.files[name] = m.src.String()
}

func (m *module) variable() {
	ty := typed[m.IntN(len(typed))]
	v := variable{name: m.name("v"), of: ty.of, good: ty.good, required: m.in(3)}
	m.add("variable %q {\n", v.name)
	if !m.in(8) {
		m.add("  type = %s\n", ty.src)
	}
	if !v.required {
		m.add("  default = %s\n", m.constant(ty.good))
	} else if m.dir == "" {
		m.files["values"] += fmt.Sprintf("%s = %s\n", v.name, m.constant(ty.good))
	}
	if m.in(7) {
		m.add("  sensitive = true\n")
	}
	if m.in(6) {
		m.add("  nullable = %s\n", m.one("false", "false", "true"))
	}
	name := "var." + v.name
	if m.in(5) {
		m.add("  validation {\n    condition = %s\n    error_message = %s\n  }\n",
			m.one(name+" != null", name+" != null", "try(length("+name+") < 4, true)", "can(tostring("+name+"))", name+" == "+name, name+" != "+m.expression(ty.of, 1)),
			m.one(`"No good."`, `"No good: ${jsonencode(`+name+`)}."`))
	}
	m.add("}\n")
	m.variables = append(m.variables, v)
	m.bind1(ty.of, name)
}

// constant draws one of the values, now and then another one.
func (m *module) constant(good []string) string {
	switch m.IntN(90) {
	case 0:
		return "null"
	case 1:
		return m.one("{}", "[]", `["a"]`, `"x"`, "1", `{ a = 1 }`)
	}
	return m.one(good...)
}

// condition draws a condition of something that has a name: others are refused.
func (m *module) condition() string {
	var names []string
	for k := range anyKind {
		names = append(names, m.bound[k]...)
	}
	if len(names) == 0 {
		return "1 == 1"
	}
	name := m.one(names...)
	return m.one(name+" != null", name+" != null", "can("+name+")", "can(tostring("+name+"))", name+" == "+name, name+" != "+m.expression(text, 1), "try(length("+name+") < 9, true)", "try("+m.expression(boolean, 1)+", false) || "+name+" != null")
}

func (m *module) local() {
	of := kind(m.IntN(int(anyKind)))
	name := m.name("l")
	m.add("locals {\n  %s = %s\n}\n", name, m.expression(of, 2))
	m.bind1(of, "local."+name)
}

// repeat draws count or for_each, and returns how an instance is indexed.
func (m *module) repeat() (index string) {
	switch m.IntN(7) {
	case 0:
		m.add("  count = %s\n", m.one("2", "1", "0", "length("+m.expression(texts, 1)+")", m.expression(boolean, 1)+" ? 1 : 0", "min(3, "+m.expression(number, 1)+")"))
		return "[0]"
	case 1:
		m.add("  for_each = toset(%s)\n", m.expression(texts, 1))
		return m.one("[\"a\"]", "[\"x\"]", "[\"b\"]")
	case 2:
		m.add("  for_each = %s\n", m.expression(mapping, 1))
		return "[\"a\"]"
	}
	return ""
}

// within draws f where the names of one instance are known.
func (m *module) within(index string, f func()) {
	before := len(m.bound[text])
	switch {
	case index == "[0]":
		m.bind1(text, "\"${count.index}\"")
	case index != "":
		m.bind1(text, "each.key")
		m.bind1(text, m.one("each.value", "\"${each.value}\""))
	}
	f()
	m.bound[text] = m.bound[text][:before]
}

func (m *module) resource() {
	name := m.name("r")
	m.add("resource \"terraform_data\" %q {\n", name)
	index := m.repeat()
	m.within(index, func() {
		m.add("  input = %s(%s)\n", m.one("tostring", "tostring", "jsonencode"), m.expression(text, 2))
		if m.in(6) {
			m.add("  depends_on = [terraform_data.%s]\n", m.one("u", "u"))
		}
		if m.in(3) {
			m.add("  lifecycle {\n")
			switch m.IntN(5) {
			case 0:
				m.add("    precondition {\n      condition = %s\n      error_message = \"No ${%s}.\"\n    }\n", m.condition(), m.expression(text, 1))
			case 1:
				m.add("    postcondition {\n      condition = self.input != %s\n      error_message = \"No.\"\n    }\n", m.expression(text, 1))
			case 2:
				m.add("    ignore_changes = [%s]\n", m.one("input", "triggers_replace", "nope", "input, triggers_replace"))
			case 3:
				m.add("    create_before_destroy = true\n")
			case 4:
				m.add("    replace_triggered_by = [%s]\n", m.one("terraform_data.u", "terraform_data.u", "terraform_data.u.id", "terraform_data.u.id", "terraform_data."+name))
			}
			m.add("  }\n")
		}
	})
	m.add("}\n")
	of, ref := text, "terraform_data."+name+index
	m.bind1(of, ref+m.one(".id", ".input", ".input"))
	if index != "" {
		m.bind1(texts, m.one("values(terraform_data."+name+")[*].input", "terraform_data."+name+"[*].input", "[for r in terraform_data."+name+" : r.input]", "keys(terraform_data."+name+")"))
	}
}

// call draws a module block and the folder that it calls.
func (m *module) call(depth int) {
	m.modules++
	dir := fmt.Sprint("child", m.modules)
	child := m.module(dir, depth-1)
	child.write("main")
	name := m.name("m")
	m.add("module %q {\n  source = \"%s\"\n", name, m.source(dir))
	index := m.repeat()
	m.within(index, func() {
		for _, v := range child.variables {
			if v.required && !m.in(100) || m.in(2) {
				value := m.constant(v.good)
				if v.of <= boolean && m.in(2) || m.in(4) {
					value = m.expression(v.of, 1)
				}
				m.add("  %s = %s\n", v.name, value)
			}
		}
		if m.in(60) {
			m.add("  nope = 1\n")
		}
		if m.in(6) {
			m.add("  depends_on = [terraform_data.u]\n")
		}
	})
	m.add("}\n")
	for _, o := range child.outputs {
		m.bind1(kind(m.IntN(3)), m.one("try(", "")+"module."+name+index+"."+o)
	}
	for of, names := range m.bound {
		for i, n := range names {
			if strings.HasPrefix(n, "try(") && !strings.HasSuffix(n, ")") {
				m.bound[of][i] = n + ", " + m.one(literals[of]...) + ")"
			}
		}
	}
	if len(child.outputs) > 0 && m.in(3) {
		m.bind1(object, "module."+name+index)
	}
	if index != "" && len(child.outputs) > 0 {
		m.bind1(texts, m.one("values(module."+name+")[*].", "module."+name+"[*].")+child.outputs[0])
	}
}

func (m *module) output() {
	name := m.name("o")
	m.add("output %q {\n  value = %s\n", name, m.expression(m.kind(), 2))
	if m.in(2) {
		m.add("  sensitive = true\n")
	}
	if m.in(8) {
		m.add("  precondition {\n    condition = %s\n    error_message = \"No.\"\n  }\n", m.condition())
	}
	if m.in(10) {
		m.add("  depends_on = [terraform_data.u]\n")
	}
	m.add("}\n")
	m.outputs = append(m.outputs, name)
}
