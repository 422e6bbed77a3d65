package review

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"kiraform/internal/event"
)

// A category is a sort of personal data, by the names of its attributes.
type category struct {
	word  string
	attrs []string
}

var categories = []category{
	{"person", []string{"first_name", "middle_name", "last_name", "second_last_name", "full_name", "maternal_last_name",
		"representative_first_name", "representative_last_name", "business_legal_name", "doing_business_as", "company_name", "account_holder_name",
		"beneficiary_name", "recipient_name", "current_employer", "holder_name"}},
	{"e-mail", []string{"email"}},
	{"phone", []string{"phone", "phone_number"}},
	{"date", []string{"birth_date", "representative_birth_date", "date_of_birth"}},
	{"address", []string{"address_street", "address_city", "address_state", "address_zip_code", "street_name", "street_line_1", "street_line_2",
		"postal_code", "zip_code", "city", "state", "ip_address"}},
}

// notPersonal are attributes of a name like those, elsewhere.
var notPersonal = map[string]bool{"bank_address": true}

func categoryOf(attr string) string {
	for _, c := range categories {
		if slices.Contains(c.attrs, attr) {
			return c.word
		}
	}
	return ""
}

// Impersonal returns a plan in which each name, e-mail, phone, date of birth and
// address is a number, such as "person 1": the same value the same number, in the
// order in which they stand, wherever the value stands. Lines of the configuration
// are left out, since they may have others.
func Impersonal(r event.Review) event.Review {
	m := mask{numbers: make(map[string]string), next: make(map[string]int), values: make(map[string][]string)}
	for i := range r.Changes {
		c := &r.Changes[i]
		for _, nodes := range [][]event.Node{c.Nodes, c.Before, c.Result} {
			m.learn(nodes)
		}
	}
	return m.review(r)
}

// mask replaces personal values.
type mask struct {
	numbers map[string]string   // the substitute for a value
	next    map[string]int      // by category
	values  map[string][]string // by their first word, the longest first
}

func (m *mask) learn(nodes []event.Node) {
	for _, n := range nodes {
		word := categoryOf(n.Name)
		if word != "" && n.Shape == event.LeafShape {
			m.add(word, n.Before)
			m.add(word, n.After)
		}
		if !notPersonal[n.Name] {
			m.learn(n.Nodes)
		}
	}
}

func (m *mask) add(word string, l event.Leaf) {
	if l.Text == nil || strings.TrimSpace(string(*l.Text)) == "" {
		return
	}
	value := string(*l.Text)
	if _, known := m.numbers[value]; known {
		return
	}
	m.next[word]++
	m.numbers[value] = fmt.Sprintf("%s %d", word, m.next[word])
	word = strings.ToLower(first(value))
	m.values[word] = append(m.values[word], value)
	slices.SortStableFunc(m.values[word], func(a, b string) int { return cmp.Compare(len(b), len(a)) })
}

// mails finds e-mails that no attribute has.
var mails = regexp.MustCompile(`[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+`)

// text replaces the values wherever they stand as words, in any case of letters.
func (m *mask) text(s string) string {
	var b strings.Builder
	for s != "" {
		word := first(s)
		if v := m.begins(s, word); v != "" {
			b.WriteString(m.numbers[v])
			s = s[len(v):]
			continue
		}
		b.WriteString(word)
		s = s[len(word):]
	}
	return mails.ReplaceAllStringFunc(b.String(), func(found string) string {
		m.add("e-mail", event.Leaf{Text: new(event.Foreign(found))})
		return m.numbers[found]
	})
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
	out.Diagnostics, out.Changes, out.Outputs, out.Policies = nil, nil, nil, nil
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
		out.Policies = append(out.Policies, p)
	}
	out.Targets, out.Start.Extra = m.texts(r.Targets), m.texts(r.Start.Extra)
	out.End.Outputs = m.nodes(r.End.Outputs)
	out.End.Ended = slices.Clone(r.End.Ended)
	for i := range out.End.Ended {
		out.End.Ended[i].Addr = m.text(out.End.Ended[i].Addr)
	}
	return out
}

func (m *mask) change(c event.Reviewed) event.Reviewed {
	c.Addr, c.Module, c.From, c.Why, c.After = m.text(c.Addr), m.text(c.Module), m.text(c.From), m.text(c.Why), m.text(c.After)
	c.Name, c.File, c.Needs = m.text(c.Name), m.text(c.File), m.texts(c.Needs)
	c.Nodes, c.Before, c.Result = m.nodes(c.Nodes), m.nodes(c.Before), m.nodes(c.Result)
	return c
}

func (m *mask) texts(all []string) []string {
	out := slices.Clone(all)
	for i := range out {
		out[i] = m.text(out[i])
	}
	return out
}

func (m *mask) nodes(nodes []event.Node) []event.Node {
	out := slices.Clone(nodes)
	for i := range out {
		n := &out[i]
		n.Before, n.After = m.leaf(n.Name, n.Before), m.leaf(n.Name, n.After)
		n.Name, n.Cause, n.Nodes = m.text(n.Name), m.text(n.Cause), m.nodes(n.Nodes)
	}
	return out
}

// leaf replaces a value that is personal as a whole, or has such a value in it.
func (m *mask) leaf(name string, l event.Leaf) event.Leaf {
	if l.Text == nil {
		return l
	}
	text := event.Foreign(m.text(string(*l.Text)))
	if whole, known := m.numbers[string(*l.Text)]; known && categoryOf(name) != "" {
		text = event.Foreign(whole)
	}
	return event.Leaf{Text: &text}
}
