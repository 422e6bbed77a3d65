package oracle

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// kind is the kind of value that an expression is drawn for. Now and then
// another one is drawn, since mistakes have answers as well.
type kind int

const (
	text kind = iota
	number
	boolean
	texts   // a list or a set
	numbers // a list
	mapping // a map or an object of texts
	object
	objects // a list
	anyKind
)

// drawer draws expressions and configurations. Equal seeds draw the same.
type drawer struct {
	*rand.Rand
	bound map[kind][]string // names that "for" gives
	n     int               // of names so far
	bare  bool              // nothing of the [World] is there to refer to
	calm  bool              // fewer mistakes are drawn
}

func newDrawer(seed uint64) *drawer {
	return &drawer{Rand: rand.New(rand.NewPCG(seed, 16)), bound: make(map[kind][]string)}
}

// Expressions draws n expressions.
func Expressions(seed uint64, n int) []string {
	d := newDrawer(seed)
	all := make([]string, 0, n)
	had := make(map[string]bool)
	for len(all) < n {
		src := d.expression(d.kind(), 1+d.IntN(3))
		if !had[src] && len(src) < 400 {
			had[src] = true
			all = append(all, src)
		}
	}
	return all
}

func (d *drawer) kind() kind { return kind(d.IntN(int(anyKind) + 1)) }

// one draws one of several texts.
func (d *drawer) one(all ...string) string { return all[d.IntN(len(all))] }

// in reports true once in n times.
func (d *drawer) in(n int) bool { return d.IntN(n) == 0 }

// form is a way to write an expression: each %t, %n, %b, %T, %N, %m, %o, %O or %a
// stands for an expression of a kind.
type form string

var letters = map[byte]kind{'t': text, 'n': number, 'b': boolean, 'T': texts, 'N': numbers, 'm': mapping, 'o': object, 'O': objects, 'a': anyKind}

// fill draws the parts of a form.
func (d *drawer) fill(f form, depth int) string {
	var b strings.Builder
	for i := 0; i < len(f); i++ {
		if f[i] == '%' && i+1 < len(f) {
			if k, ok := letters[f[i+1]]; ok && (i+2 == len(f) || f[i+2] != '{') {
				b.WriteString(d.expression(k, depth-1))
				i++
				continue
			}
		}
		b.WriteByte(f[i])
	}
	return b.String()
}

// expression draws an expression of a kind, with others in it if depth allows it.
func (d *drawer) expression(k kind, depth int) string {
	if slips := 18; !d.calm && d.in(slips) || d.in(5*slips) {
		k = d.kind()
	}
	if k == anyKind {
		k = kind(d.IntN(int(anyKind)))
	}
	if names := d.bound[k]; len(names) > 0 && d.in(2) {
		return names[d.IntN(len(names))]
	}
	if depth <= 0 {
		return d.leaf(k)
	}
	switch {
	case d.calm && d.in(12) && k <= boolean:
		return fmt.Sprintf("%s ? %s : %s", d.operand(boolean, depth), d.expression(k, depth-1), d.expression(k, depth-1))
	case d.calm && !d.in(3):
	case d.in(9):
		return d.common(k, depth)
	case d.in(5) && k >= texts:
		return d.loop(k, depth)
	case d.in(6) && k == text:
		return d.template(depth)
	}
	all := forms[k]
	if d.calm {
		if d.in(3) {
			return fmt.Sprintf("try(%s, %s)", d.fill(all[d.IntN(len(all))], depth), d.one(literals[k]...))
		}
		all = safe[k]
	}
	return d.fill(all[d.IntN(len(all))], depth)
}

// leaf draws a literal or a name.
func (d *drawer) leaf(k kind) string {
	all := leaves[k]
	switch {
	case d.bare && d.in(40):
		return "null"
	case d.bare:
		all = literals[k]
	case d.in(20):
		return d.one("null", "local.nothing")
	}
	return d.one(all...)
}

// common draws an expression of a form that there is for values of all kinds.
func (d *drawer) common(k kind, depth int) string {
	e := func() string { return d.expression(k, depth-1) }
	other := func() string { return d.expression(anyKind, depth-1) }
	switch d.IntN(12) {
	case 0, 1:
		return fmt.Sprintf("%s ? %s : %s", d.operand(boolean, depth), e(), e())
	case 2:
		return fmt.Sprintf("(%s ? %s : %s)", d.operand(boolean, depth), e(), other())
	case 3:
		return fmt.Sprintf("try(%s, %s)", other(), e())
	case 4:
		return fmt.Sprintf("coalesce(%s, %s)", e(), e())
	case 5:
		return fmt.Sprintf("[%s, %s][%s]", e(), other(), d.one("0", "1", "3 - 3", "length(\"a\")"))
	case 6:
		return fmt.Sprintf("{ a = %s, b = %s }.%s", e(), other(), d.one("a", "b", "c"))
	case 7:
		return fmt.Sprintf("jsondecode(jsonencode(%s))", e())
	case 8:
		return fmt.Sprintf("(%s)", e())
	case 9:
		return fmt.Sprintf("sensitive(%s)", e())
	case 10:
		return fmt.Sprintf("nonsensitive(%s)", e())
	}
	return fmt.Sprintf("element([%s, %s], %s)", e(), e(), d.expression(number, depth-1))
}

// operand draws an expression in parentheses, where it is not a simple one.
func (d *drawer) operand(k kind, depth int) string {
	e := d.expression(k, depth-1)
	if strings.ContainsAny(e, " \n") && !strings.HasPrefix(e, "(") && !strings.HasPrefix(e, `"`) {
		return "(" + e + ")"
	}
	return e
}

// loop draws a "for" expression or a splat.
func (d *drawer) loop(k kind, depth int) string {
	if k == objects && d.in(2) || d.in(8) {
		return d.fill(form(d.one("%O[*]", "%o[*]", "%O.*.id", "%O[*].n", "%t[*]", "null[*]", "%m[*]", "%O[*].id[0]", "%O.*.id[1]", "%N[*]", "%O[*][\"id\"]")), depth)
	}
	d.n++
	key, val := fmt.Sprint("k", d.n), fmt.Sprint("v", d.n)
	of := kind(texts + kind(d.IntN(int(anyKind-texts))))
	src := d.operand(of, depth)
	d.bind(of, key, val)
	defer d.unbind(of)
	head := "for " + val
	if d.in(2) {
		head = "for " + key + ", " + val
	}
	cond := ""
	if d.in(3) {
		cond = " if " + d.operand(boolean, depth)
	}
	if k == mapping || k == object {
		group := ""
		if d.in(4) {
			group = "..."
		}
		if !strings.Contains(head, ",") {
			return fmt.Sprintf("{ %s in %s : %s => %s%s%s }", head, src, d.expression(text, depth-1), d.expression(anyKind, depth-1), group, cond)
		}
		return fmt.Sprintf("{ %s in %s : %s => %s%s%s }", head, src, d.one(key, "\"${"+key+"}-x\"", d.expression(text, depth-1)), d.expression(text, depth-1), group, cond)
	}
	element := map[kind]kind{texts: text, numbers: number, objects: object}[k]
	return fmt.Sprintf("[%s in %s : %s%s]", head, src, d.expression(element, depth-1), cond)
}

// bind makes names known that a "for" over a kind gives.
func (d *drawer) bind(of kind, key, val string) {
	switch of {
	case texts, mapping:
		d.bound[text] = append(d.bound[text], val)
	case numbers:
		d.bound[number] = append(d.bound[number], val)
	case objects:
		d.bound[text] = append(d.bound[text], val+".id")
	default:
		d.bound[text] = append(d.bound[text], fmt.Sprintf("\"${%s}\"", val))
	}
	_ = key // only where the loop has one
}

func (d *drawer) unbind(of kind) {
	k := text
	if of == numbers {
		k = number
	}
	d.bound[k] = d.bound[k][:len(d.bound[k])-1]
}

// template draws a quoted template or a heredoc.
func (d *drawer) template(depth int) string {
	if d.in(4) {
		return d.heredoc(depth)
	}
	var b strings.Builder
	b.WriteByte('"')
	for range 1 + d.IntN(3) {
		b.WriteString(d.one("a", " ", "-", "é", `\n`, `\"`, "$${x}", "%%{x}", "$", "%", `\u00e9`, "x ", " y"))
		b.WriteString(d.part(depth, "\n"))
	}
	b.WriteByte('"')
	return b.String()
}

// part draws an interpolation or a directive.
func (d *drawer) part(depth int, _ string) string {
	l, r := d.one("", "", "~"), d.one("", "", "~")
	switch d.IntN(6) {
	case 0:
		return fmt.Sprintf("%%{%s if %s %s}yes %%{ else } no%%{ endif }", l, d.operand(boolean, depth), r)
	case 1:
		return fmt.Sprintf("%%{%s if %s }x%%{ endif %s}", l, d.operand(boolean, depth), r)
	case 2:
		d.n++
		v := fmt.Sprint("v", d.n)
		src := d.operand(texts, depth)
		d.bind(texts, "", v)
		defer d.unbind(texts)
		return fmt.Sprintf("%%{%s for %s in %s }<${%s}>%%{ endfor %s}", l, v, src, d.expression(text, depth-1), r)
	}
	return fmt.Sprintf("${%s %s %s}", l, d.expression(d.simple(), depth-1), r)
}

// simple is a kind of which a template takes values.
func (d *drawer) simple() kind { return kind(d.IntN(3)) }

func (d *drawer) heredoc(depth int) string {
	dash := d.one("", "-")
	var b strings.Builder
	b.WriteString("<<" + dash + "EOT\n")
	for range 1 + d.IntN(3) {
		b.WriteString(d.one("", "  ", "    ") + d.one("a", "é b", "", "$${x}", `\n`, `"q"`))
		if d.in(2) {
			part := d.part(depth, "")
			if strings.Contains(part, "EOT") {
				part = "${1}"
			}
			b.WriteString(part)
		}
		b.WriteByte('\n')
	}
	return "join(\"\", [" + b.String() + "EOT\n])"
}
