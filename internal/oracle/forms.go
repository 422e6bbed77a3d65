package oracle

// literals and leaves have the shortest expressions of each kind; leaves refer to
// the [World].
var literals = map[kind][]string{
	text:    {`""`, `"a"`, `"b"`, `"abc"`, `"12"`, `"true"`, `"a,b"`, `" x "`, `"Ünï"`, `"$${x}"`},
	number:  {"0", "1", "2", "-1", "2.5", "1e3", "10", "0.1", "3"},
	boolean: {"true", "false"},
	texts:   {`["a", "b"]`, `["x"]`, "[]", `toset(["a", "b"])`, `tolist(["b", "a", "b"])`},
	numbers: {"[1, 2, 3]", "[]", "[0.5, -1]", "tolist([3, 1])"},
	mapping: {`{ a = "1" }`, `{ a = "x", b = "y" }`, "{}", `tomap({ a = "1", b = "2" })`, `{ "k 1" = "v" }`},
	object:  {`{ id = "p", n = 1 }`, `{ a = 1, b = "x" }`, `{ name = "n", tags = ["t"] }`},
	objects: {`[{ id = "p" }]`, `[{ id = "p", n = 1 }, { id = "q", n = 2 }]`, "[]"},
}

var leaves = map[kind][]string{
	text: append(literals[text], "local.text", "local.accent", "local.lines", "local.digits", "local.none", "local.later", "local.later",
		"var.secret", "var.person.name", "local.object.name", "local.map.a", `local.map["b"]`, "local.names[0]", "local.mixed[0]",
		"local.partly.name", "local.partly.id", "local.laters[1]", "local.hidden.key", "local.hidden.open", "local.anything", "local.people[0].id"),
	number: append(literals[number], "local.n", "local.f", "local.numbers[1]", "local.object.age", "var.person.age", "local.latern",
		"local.people[1].n", "local.mixed[1]", `"5"`),
	boolean: append(literals[boolean], "local.yes", "local.either", "local.mixed[2]", "!local.yes", `local.text == "abc"`,
		"local.n > 2", `var.secret == "s3"`, `"true"`),
	texts:   append(literals[texts], "local.names", "local.flags", "local.laters", "local.secrets", "local.sealed", "local.mixed", "local.object.tags", "var.person.tags", "local.empty"),
	numbers: append(literals[numbers], "local.numbers", "local.empty", "local.mixed"),
	mapping: append(literals[mapping], "local.map", "local.hidden", "local.partly", "local.object.inner"),
	object:  append(literals[object], "local.object", "local.partly", "local.hidden", "var.person"),
	objects: append(literals[objects], "local.people", "local.people", "local.empty"),
}

// forms has the ways to make an expression of each kind of others.
var forms = map[kind][]form{
	text: {
		"upper(%t)", "lower(%t)", "title(%t)", "trim(%t, %t)", "trimprefix(%t, %t)", "trimsuffix(%t, %t)", "trimspace(%t)", "chomp(%t)",
		"strrev(%t)", "indent(%n, %t)", `replace(%t, %t, %t)`, `replace(%t, "/[a-c]+/", "<$0>")`, "substr(%t, %n, %n)", "join(%t, %T)", "join(\",\", %T, %T)",
		`format("%s-%d", %t, %n)`, `format("%5.1f|%-4s|%v", %n, %t, %a)`, `format("%q %#v", %t, %a)`, "tostring(%a)", "%T[0]", "%T[%n]", "%m[%t]", "%m.a",
		"%O[0].id", "%o.name", "lookup(%m, %t, %t)", `lookup(%m, "a")`, "jsonencode(%a)", "yamlencode(%a)", "base64encode(%t)", "base64decode(base64encode(%t))",
		"sha256(%t)", "md5(%t)", "urlencode(%t)", "element(%T, %n)", "one(%T)", "coalesce(%t, %t)", `"${%t}"`, `"${%n}"`, `"a${%b}"`, `"x-${%t}-${%t}"`,
		`formatdate("YYYY-MM-DD", "2026-04-14T10:00:00Z")`, `timeadd("2026-04-14T10:00:00Z", %t)`, "nonsensitive(%t)", "sensitive(%t)", "max(%t, %n)",
		`regex("[a-z]+", %t)`, "basename(%t)", "dirname(%t)", `templatestring(%t, { a = %t })`, `cidrhost("10.0.0.0/8", %n)`, `cidrsubnet("10.0.0.0/8", %n, %n)`,
		"uuidv5(\"dns\", %t)", "try(%o.nope, %t)", "base64sha256(%t)", "sha1(%t)", "%t == null ? %t : %t", "%o[%t]", "(%b) ? %t : %n",
	},
	number: {
		"%n + %n", "%n - %n", "%n * %n", "%n % 7", "%n / 4", "-(%n)", "(%n + %n) * %n", "length(%t)", "length(%T)", "length(%m)", "length(%a)", "abs(%n)",
		"ceil(%n)", "floor(%n)", "max(%n, %n)", "min(%n, %n)", "max(%N...)", "sum(%N)", "parseint(%t, 10)", "parseint(%t, 16)", "signum(%n)", "pow(%n, 2)",
		"log(%n + 20, 10)", "tonumber(%t)", "tonumber(%a)", "%N[0]", "%N[%n]", "%O[1].n", "index(%T, %t)", "index(%N, %n)", "%o.age", "%t + 1", "%n + %t", "timecmp(\"2026-04-14T10:00:00Z\", \"2026-04-14T11:00:00+01:00\")",
		"lookup({ a = 1 }, %t, %n)", "%b ? %n : %n", "one(%N[*])", "element(%N, %n)", "ceil(%n / 3)",
	},
	boolean: {
		"%a == %a", "%a != %a", "%t == %t", "%n == %n", "%t == %n", "%T == %T", "%m == %m", "%o == %o", "%a == null", "%t != null", "%n < %n", "%n >= %n", "%t > %n",
		"(%b) && (%b)", "(%b) || (%b)", "!(%b)", "%b && null", "null || %b", "contains(%T, %t)", "contains(%N, %n)", "contains(%a, %a)", "startswith(%t, %t)", "endswith(%t, %t)", "strcontains(%t, %t)",
		"alltrue([%b, %b])", "anytrue([%b, %b])", "can(%a)", "can(%o.nope)", "can(tonumber(%t))", "tobool(%t)", "tobool(%a)", "issensitive(%a)", "alltrue([for v in %T : v != %t])",
		"(%b) == (%b)", "length(%T) > 0 && %T[0] == %t", "startswith(\"pre-${%t}\", \"pre-\")", "%b ? %b : %b", "\"${%b}\" == \"true\"",
	},
	texts: {
		"[%t, %t]", "[%t]", "tolist(%T)", "toset(%T)", "tolist([%t, %n])", "toset([%t, %n, %b])", "concat(%T, %T)", "distinct(%T)", "reverse(%T)", "sort(%T)", "compact(%T)",
		"split(%t, %t)", `split(",", %t)`, "keys(%m)", "keys(%o)", "values(%m)", "slice(%T, %n, %n)", "flatten([%T, [%t, %T]])", "coalescelist(%T, %T)", "setunion(%T, %T)",
		"setintersection(%T, %T)", "setsubtract(%T, %T)", "formatlist(\"%s!\", %T)", "formatlist(\"%s=%s\", %T, %T)", "matchkeys(%T, %T, %T)", "chunklist(%T, 2)[0]", "%T[*]", "%O[*].id",
		"%O.*.id", "[for v in %T : upper(v)]", "[for k, v in %m : \"${k}=${v}\"]", "[for i, v in %T : i]", "%b ? %T : %T", "%b ? %T : []", "[for v in %T : v if v != %t]", "regexall(\"[a-z]\", %t)",
		"tolist(setunion(%T, [%t]))", "try(tolist(%a), [%t])", "%o.tags", "concat(%T, [%t], %N)", "setproduct(%T, %T)", "toset([for o in %O : o.id])", "values(%o)", "jsondecode(\"[\\\"a\\\", 1]\")",
	},
	numbers: {
		"[%n, %n]", "range(%n)", "range(%n, 5)", "range(5, %n, -1)", "[for v in %N : v * 2]", "[for i, v in %N : i + v if v > 1]", "concat(%N, %N)", "reverse(%N)", "distinct(%N)",
		"slice(%N, 0, %n)", "flatten([%N, %n])", "[for t in %T : length(t)]", "tolist(%N)", "%b ? %N : %N", "%O[*].n", "values({ a = %n, b = %n })", "toset(%N)", "sort(%N)",
	},
	mapping: {
		"{ a = %t, b = %t }", "{ (%t) = %t }", "{ \"${%t}\" = %t }", "{ (%t) = %t, (%t) = %n }", "tomap({ a = %t, b = %n })", "tomap(%o)", "merge(%m, %m)", "merge(%m, { a = %a })", "zipmap(%T, %T)", "zipmap([\"a\", \"b\"], %T)",
		"{ for v in %T : v => upper(v) }", "{ for k, v in %m : upper(k) => v }", "{ for i, v in %T : i => v }", "{ for v in %T : length(v) => v... }", "%b ? %m : %m", "%b ? %m : {}", "transpose({ a = %T })",
		"{ for o in %O : o.id => o.n }", "jsondecode(\"{\\\"a\\\": 1}\")", "try(tomap(%a), %m)", "{ a : %t, \"b\" : %t }", "csvdecode(\"a,b\\n1,2\")[0]", "yamldecode(\"a: 1\\nb: [x]\")", "merge(%m...)", "{ for k, v in %o : k => v }",
	},
	object: {
		"{ id = %t, n = %n }", "{ name = %t, tags = %T, inner = { k = %a } }", "{ a = %a, b = %a }", "merge(%o, { n = %n })", "merge(%o, %m)", "%O[0]", "%O[%n]", "%b ? %o : %o", "%b ? %o : null", "%b ? %o : { a = 1 }",
		"jsondecode(jsonencode(%o))", "yamldecode(yamlencode(%o))", "one([%o])", "{ for k, v in %o : k => v if v != null }", "regex(\"(?P<a>[a-z])(?P<b>.?)\", %t)", "element(%O, %n)", "try(%O[5], %o)", "{ a = %T, b = %m, c = %N }",
	},
	objects: {
		"[%o, %o]", "[%o]", "concat(%O, [%o])", "[for o in %O : merge(o, { x = %t })]", "[for t in %T : { id = t, n = %n }]", "tolist(%O)", "%b ? %O : []", "flatten([%O, [%o]])", "reverse(%O)", "[for o in %O : o if o.n != null]",
		"[for o in %O : { id = o.id, twice = try(o.n * 2, 0) }]", "slice(%O, 0, 1)", "values({ a = %o, b = %o })", "setproduct(%T, %N)", "distinct(%O)", "csvdecode(\"id,n\\np,1\\nq,2\")", "[for t in %T : [for n in %N : \"${t}${n}\"]]", "tolist([%o, %o])",
	},
}

// safe has those of the ways that seldom fail.
var safe = map[kind][]form{
	text:    {"upper(%t)", "lower(%t)", "\"${%t}-${%t}\"", "\"n${%n}\"", "\"%{ if %b }y%{ else }n%{ endif }\"", "jsonencode(%a)", "join(\",\", %T)", "trimspace(%t)", "format(\"%s/%s\", %t, %t)", "base64encode(%t)", "sha256(%t)", "coalesce(%t, \"c\")"},
	number:  {"length(%T)", "length(%m)", "length(%t)", "%n + 1", "%n * %n", "max(%n, %n)", "length(%O)", "%n - %n"},
	boolean: {"%t == %t", "%a == %a", "%t != null", "%n > 1", "can(%a)", "length(%T) > 0", "%b && %b", "%b || %b", "!(%b)", "contains([\"a\", %t], \"a\")", "issensitive(%t)"},
	texts:   {"[%t, %t]", "[for v in %T : upper(v)]", "keys(%m)", "tolist([%t, %t])", "toset([%t, \"x\"])", "concat(%T, [%t])", "%O[*].id", "distinct([%t, %t])", "[for i, v in %T : \"${i}-${v}\"]", "flatten([[%t], [%t, \"b\"]])"},
	numbers: {"[%n, %n]", "[for n in %N : n + 1]", "range(3)", "[for t in %T : length(t)]", "concat(%N, [%n])"},
	mapping: {"{ a = %t }", "{ a = %t, b = %t }", "{ for v in %T : v => upper(v)... }", "{ for k, v in %m : k => \"${k}\" }", "tomap({ a = %t, b = %t })", "merge(%m, { c = %t })", "{ for i, v in %T : \"k${i}\" => v }"},
	object:  {"{ id = %t, n = %n }", "{ a = %a, b = %a }", "merge(%o, { n = %n })", "jsondecode(jsonencode(%o))"},
	objects: {"[%o, %o]", "[for t in %T : { id = t, n = 1 }]", "[for i, o in %O : { i = i, o = o }]", "[{ id = %t }, { id = %t }]"},
}
