package oracle

import "fmt"

// typed lists types of variables, with the kind that their values are and with
// some values.
var typed = []struct {
	src  string
	of   kind
	good []string
}{
	{"string", text, literals[text]},
	{"string", text, []string{"1", "true", "2.5", `"x"`}},
	{"number", number, literals[number]},
	{"number", number, []string{`"5"`, `"1.50"`, "1e3", "007"}},
	{"bool", boolean, []string{"true", "false", `"true"`}},
	{"list(string)", texts, []string{`["a", "b"]`, "[]", `["x", 1, true]`, `["a", null]`}},
	{"set(string)", texts, []string{`["a", "b"]`, "[]", `["x", "x", 1]`}},
	{"list(number)", numbers, []string{"[1, 2]", "[]", `["1", 2.5]`}},
	{"map(string)", mapping, []string{`{ a = "1" }`, "{}", `{ a = 1, b = true }`, `{ "k 1" = "v" }`, `{ a = null }`}},
	{"map(any)", mapping, []string{`{ a = "1" }`, `{ a = "1", b = 2 }`, "{}", `{ a = ["x"], b = ["y"] }`}},
	{"any", text, literals[text]},
	{"any", object, literals[object]},
	{"list(any)", texts, []string{`["a", 1]`, "[]", `["a"]`}},
	{"tuple([string, number])", texts, []string{`["a", 1]`, `["a", "2"]`, `[1, "3"]`}},
	{"object({ id = string, n = optional(number, 4) })", object, []string{`{ id = "p" }`, `{ id = 1, n = "2" }`, `{ id = "p", n = null }`}},
	{"list(object({ id = string, n = optional(number), x = optional(string, \"dx\") }))", objects, []string{`[{ id = "p" }]`, "[]", `[{ id = "p", x = null }, { id = "q", n = 1, x = "y" }]`}},
	{"map(list(string))", mapping, []string{`{ a = ["x"], b = [] }`, "{}", `{ a = [1] }`}},
	{"object({ name = optional(string), tags = optional(list(string), [\"t\"]) })", object, []string{"{}", `{ name = "n" }`, `{ tags = [] }`, `{ tags = null, name = 1 }`}},
	{"object({ in = optional(object({ a = optional(string, \"da\"), b = optional(bool) }), {}) })", object, []string{"{}", `{ in = { a = "x" } }`, `{ in = null }`, `{ in = { b = "true" } }`}},
	{"set(number)", numbers, []string{"[1, 1]", "[3, 2]", `["1"]`}},
	{"map(object({ a = optional(string, \"d\") }))", mapping, []string{"{}", "{ k = {} }", `{ k = { a = "x" }, l = { a = null } }`}},
}

// source returns the path of a folder, as the folder that calls it names it.
func (m *module) source(dir string) string {
	if m.dir == "" {
		return "./" + dir
	}
	return "../" + dir
}

// rest draws blocks and files that few configurations have.
func (m *module) rest() {
	if m.in(10) {
		m.add("check %q {\n  assert {\n    condition = %s\n    error_message = \"No.\"\n  }\n}\n", m.name("c"), m.condition())
	}
	if m.in(12) {
		m.add("moved {\n  from = terraform_data.%s\n  to   = terraform_data.%s\n}\n", m.one("old", "old[0]", "old[\"a\"]", "old", "u"), m.one("u", "u", "u", "u", "u", "old"))
	}
	if m.in(14) {
		m.add("removed {\n  from = terraform_data.%s\n  lifecycle {\n    destroy = false\n  }\n}\n", m.one("old", "old", "old", "old", "u", "old[0]"))
	}
	if m.in(8) && m.dir == "" {
		name := m.name("j")
		value := m.one(`"$${x} %%{y}"`, `"${local.`+name+`}-x"`, `"${upper("a")}"`, `["a", 1, true, null, {"b": "${1 + 1}"}]`, `"%{ if true }yes%{ else }no%{ endif }"`, `1.50`, `"${terraform_data.u.id}"`, `{"${local.`+name+`}": "v"}`)
		m.files["extra.json"] = fmt.Sprintf("{\"locals\": {%q: \"k\"}, \"output\": {%[1]q: {\"value\": %s, \"sensitive\": true}}}\n", name, value)
	}
	if m.in(12) && len(m.outputs) > 0 {
		name := "main_override"
		if m.dir != "" {
			name = m.dir + "/" + name
		}
		m.files[name] = fmt.Sprintf("output %q {\n  value = %s\n  sensitive = true\n}\n", m.outputs[0], m.expression(text, 1))
	}
}

// mistake adds one of the mistakes that people make.
func (m *module) mistake() {
	m.add("%s\n", m.one(
		"output \"w\" {\n  value = var.nope\n}", "output \"w\" {\n  value = local.nope\n}", "output \"w\" {\n  value = terraform_data.nope.id\n}",
		"output \"w\" {\n  value = module.nope.x\n}", "locals {\n  wa = local.wb\n  wb = local.wa\n}\noutput \"w\" {\n  value = local.wa\n}", "variable \"count\" {\n  default = 1\n}",
		"variable \"w\" {\n  type = strin\n}", "variable \"w\" {\n  default = upper(\"a\")\n}", "output \"w\" {\n  value = nofunc(1)\n}", "output \"w\" {\n  value = upper()\n}",
		"output \"w\" {\n  valeu = 1\n}", "output \"w\" {\n  value = 1\n}\noutput \"w\" {\n  value = 2\n}", "resource \"terraform_data\" \"w\" {\n  count = 1\n  for_each = {}\n}",
		"resource \"terraform_data\" \"w\" {\n  input = terraform_data.w.id\n}", "resource \"terraform_data\" \"w\" {\n  nope = 1\n}", "resource \"terraform_data\" \"w\" {\n  count = -1\n}",
		"resource \"terraform_data\" \"w\" {\n  for_each = [\"a\"]\n}", "output \"w\" {\n  value = each.key\n}", "output \"w\" {\n  value = count.index\n}", "output \"w\" {\n  value = self.id\n}",
		"resource \"terraform_data\" \"w\" {\n  count = length(terraform_data.u.id)\n}", "resource \"terraform_data\" \"w\" {\n  for_each = toset([terraform_data.u.id])\n}",
		"resource \"terraform_data\" \"w\" {\n  for_each = toset([null])\n}", "resource \"terraform_data\" \"w\" {\n  for_each = sensitive(toset([\"a\"]))\n}",
		"variable \"w\" {\n  default = 1\n  validation {\n    condition = var.w > 1\n    error_message = \"Too small.\"\n  }\n}", "output \"w\" {\n  value = sensitive(1)\n}",
		"output \"w\" {\n  value = 1\n  precondition {\n    condition = false\n    error_message = \"No.\"\n  }\n}", "resource \"terraform_data\" \"w\" {\n  count = 2\n}\noutput \"w\" {\n  value = terraform_data.w.id\n}",
		"resource \"terraform_data\" \"w\" {\n}\noutput \"w\" {\n  value = terraform_data.w[0].id\n}", "variable \"w\" {\n  type = list(string)\n  default = [[1]]\n}", "variable \"w\" {\n  type = number\n  default = \"x\"\n}",
		"module \"w\" {\n  source = \"./nope\"\n}", "output \"w\" {\n  value = path.module\n}", "output \"w\" {\n  value = path.nope\n}", "output \"w\" {\n  value = terraform_data.u.nope\n}",
		"variable \"w\" {\n  type = object({ a = optional(string, 1), b = optional(number, \"x\") })\n  default = {}\n}", "locals {\n  w = 1\n}\nlocals {\n  w = 2\n}", "output \"w\" {\n  value = \"${null}\"\n}",
	))
}
