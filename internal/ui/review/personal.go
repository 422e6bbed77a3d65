package review

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"kiraform/internal/event"
)

// Impersonal returns a plan in which each name, e-mail, phone, date of birth and
// address is a number, such as "person 1": the same value the same number, in the
// order in which they stand, wherever the value stands. Values count that stand in an
// attribute of the plan, and those that the run has come across elsewhere. Lines of
// the configuration are left out, since they may have others.
func Impersonal(r event.Review) event.Review {
	m := newMask()
	for i := range r.Changes {
		c := &r.Changes[i]
		for _, nodes := range [][]event.Node{c.Nodes, c.Before, c.Result} {
			m.learn(nodes, "")
		}
	}
	for _, o := range r.Outputs {
		for _, n := range []*event.Node{o.Before, o.After} {
			if n != nil {
				m.learn([]event.Node{*n}, "")
			}
		}
	}
	for _, p := range r.Personal {
		m.know(p.Sort, string(p.Value))
	}
	return m.review(r)
}

// mask replaces personal values.
type mask struct {
	numbers map[string]string // the substitute for a value; "" until it is met
	sorts   map[string]string // of the values
	same    map[string]string // by another spelling, the value that it is one of
	phones  []string
	next    map[string]int      // by category
	values  map[string][]string // by their first word, the longest first
}

func newMask() mask {
	return mask{numbers: make(map[string]string), sorts: make(map[string]string), same: make(map[string]string), next: make(map[string]int), values: make(map[string][]string)}
}

// learn takes in the personal values of attributes below the one called in.
func (m *mask) learn(nodes []event.Node, in string) {
	for _, n := range nodes {
		word := event.PersonalSort(named(n, in))
		if word != "" && n.Shape == event.LeafShape {
			m.add(word, n.Before)
			m.add(word, n.After)
		}
		if n.Name == event.Preview {
			m.parties(n.Nodes)
		}
		if event.PersonalPart(n.Name) {
			m.learn(n.Nodes, named(n, in))
		}
	}
}

// named is the name that says how personal n is, below the attribute called in.
func named(n event.Node, in string) string {
	if event.PersonalWhole(in) {
		return in
	}
	return n.Name
}

// parties learns who pays and who is paid.
func (m *mask) parties(nodes []event.Node) {
	for _, n := range nodes {
		if n.Name == "to" && n.After.Text != nil {
			name, _, _ := strings.Cut(string(*n.After.Text), ", by ")
			m.know("person", name)
		}
	}
}

func (m *mask) add(word string, l event.Leaf) {
	if l.Text != nil {
		m.know(word, string(*l.Text))
		m.number(string(*l.Text))
	}
}

// know takes a value for personal from now on. It gets its number where it stands
// first.
func (m *mask) know(sort, value string) {
	if !m.enter(sort, value) {
		return
	}
	for _, other := range spellings(sort, value) {
		if m.enter(sort, other) {
			m.same[other] = value
		}
	}
}

// enter reports whether a value is new.
func (m *mask) enter(sort, value string) bool {
	was, known := m.sorts[value]
	if known && (was != event.FreeText || sort == event.FreeText) || strings.TrimSpace(value) == "" {
		return false
	}
	m.sorts[value] = sort
	if sort == event.FreeText && utf8.RuneCountInString(value) < longEnough {
		return true // a word such as "rent" stands for something else elsewhere
	}
	if sort == "phone" {
		m.phones = append(m.phones, value)
	}
	word := strings.ToLower(first(value))
	m.values[word] = append(m.values[word], value)
	slices.SortStableFunc(m.values[word], func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	return true
}

// longEnough is the least length of a free text that is looked for outside of its
// attribute.
const longEnough = 16

// number is the text that stands for a value that is known.
func (m *mask) number(value string) string {
	if first, is := m.same[value]; is {
		value = first
	}
	sort, known := m.sorts[value]
	if known && m.numbers[value] == "" {
		m.next[sort]++
		m.numbers[value] = fmt.Sprintf("%s %d", sort, m.next[sort])
	}
	return m.numbers[value]
}

// mail finds an e-mail at the beginning of a text, also one that no attribute has.
var mail = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[\p{L}\p{N}_][\p{L}\p{M}\p{N}._%+'-]*@[\p{L}\p{M}\p{N}-]+(\.[\p{L}\p{M}\p{N}-]+)+`)
})

// text replaces the values wherever they stand as words, in any case of letters. An
// e-mail is replaced whole, whatever names are in it.
func (m *mask) text(s string) string {
	var b strings.Builder
	for s != "" {
		word := first(s)
		v := m.begins(s, word)
		if found := mail().FindString(s); len(found) > len(v) {
			m.know("e-mail", found)
			v = found
		}
		if v != "" {
			b.WriteString(m.number(v))
			s = s[len(v):]
			continue
		}
		b.WriteString(word)
		s = s[len(word):]
	}
	return m.calls(b.String())
}

// begins returns the longest value that s begins with, whose first word is known.
func (m *mask) begins(s, word string) string {
	for _, v := range m.values[strings.ToLower(word)] {
		if len(v) > len(s) || !strings.EqualFold(s[:len(v)], v) {
			continue
		}
		last, _ := utf8.DecodeLastRuneInString(v)
		if next, n := utf8.DecodeRuneInString(s[len(v):]); n == 0 || !letter(last) || !letter(next) {
			return v
		}
	}
	return ""
}

// first is the word that s begins with, or the one character that is in none.
func first(s string) string {
	for i, r := range s {
		if !letter(r) {
			if i == 0 {
				_, n := utf8.DecodeRuneInString(s)
				return s[:n]
			}
			return s[:i]
		}
	}
	return s
}

func letter(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

func (m *mask) review(r event.Review) event.Review {
	out := r
	out.Diagnostics, out.Changes, out.Outputs, out.Policies, out.Personal = nil, nil, nil, nil, nil
	out.Variables, out.Configuration = nil, nil
	for i := range r.Changes {
		out.Changes = append(out.Changes, m.change(r.Changes[i]))
	}
	for _, d := range r.Diagnostics {
		d.Summary, d.Detail, d.Addr, d.Values = m.text(d.Summary), m.text(d.Detail), m.text(d.Addr), m.texts(d.Values)
		if d.Source != nil {
			s := *d.Source
			s.Code, s.Mark, s.File, s.Block = "", [2]int{}, m.text(s.File), m.text(s.Block)
			d.Source = &s
		}
		out.Diagnostics = append(out.Diagnostics, d)
	}
	for _, p := range r.Policies {
		p.Broken = slices.Clone(p.Broken)
		for i, b := range p.Broken {
			p.Broken[i] = event.Breach{Addr: m.text(b.Addr), Text: event.Foreign(m.text(string(b.Text)))}
		}
		p.Name = m.text(p.Name)
		out.Policies = append(out.Policies, p)
	}
	out.Checks = slices.Clone(r.Checks)
	for i := range out.Checks {
		c := &out.Checks[i]
		c.Addr, c.Module, c.Problems = m.text(c.Addr), m.text(c.Module), slices.Clone(c.Problems)
		for j, p := range c.Problems {
			c.Problems[j] = event.Foreign(m.text(string(p)))
		}
	}
	out.Targets, out.Start.Extra = m.texts(r.Targets), m.texts(r.Start.Extra)
	out.End.Outputs = m.nodes(r.End.Outputs, "")
	out.End.Ended = slices.Clone(r.End.Ended)
	for i := range out.End.Ended {
		e := &out.End.Ended[i]
		e.Addr, e.Said = m.text(e.Addr), m.text(e.Said)
	}
	return out
}

func (m *mask) change(c event.Reviewed) event.Reviewed {
	c.Addr, c.Module, c.From, c.Why, c.After = m.text(c.Addr), m.text(c.Module), m.text(c.From), m.text(c.Why), m.text(c.After)
	c.Name, c.File, c.Needs = m.text(c.Name), m.text(c.File), m.texts(c.Needs)
	c.Nodes, c.Before, c.Result = m.nodes(c.Nodes, ""), m.nodes(c.Before, ""), m.nodes(c.Result, "")
	return c
}

func (m *mask) texts(all []string) []string {
	out := slices.Clone(all)
	for i := range out {
		out[i] = m.text(out[i])
	}
	return out
}

func (m *mask) nodes(nodes []event.Node, in string) []event.Node {
	out := slices.Clone(nodes)
	for i := range out {
		n := &out[i]
		name := named(*n, in)
		n.Before, n.After = m.leaf(name, n.Before), m.leaf(name, n.After)
		n.Name, n.Cause, n.Nodes = m.text(n.Name), m.text(n.Cause), m.nodes(n.Nodes, name)
	}
	return out
}

// leaf replaces a value that is personal as a whole, or has such a value in it.
func (m *mask) leaf(name string, l event.Leaf) event.Leaf {
	if l.Text == nil {
		return l
	}
	text := event.Foreign(m.text(string(*l.Text)))
	if whole := m.number(string(*l.Text)); whole != "" && event.PersonalSort(name) != "" {
		text = event.Foreign(whole)
	}
	return event.Leaf{Text: &text}
}
