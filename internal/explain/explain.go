// Package explain tells about everything that can be written, from the schemas.
//
// A topic is data: the text for a terminal, the pages of docs/reference and the
// JSON are three forms of it, so that they never say different things.
package explain

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"sync"

	"kiraform/internal/ui/words"
	"kiraform/schema"
	"kiraform/schema/kinds"
)

// Topic is something that can be explained: a kind, a block or an attribute. A field
// that says nothing is empty.
type Topic struct {
	Name string `json:"name"` // such as "kira_user.email"
	Sort string `json:"sort"` // such as "resource kind" or "attribute"
	Doc  string `json:"doc"`

	Form      string   `json:"form,omitempty"`
	Values    string   `json:"values,omitempty"` // those that are accepted
	Example   string   `json:"example,omitempty"`
	Needed    string   `json:"needed,omitempty"`
	Applies   string   `json:"applies,omitempty"`
	ReadBack  string   `json:"read_back,omitempty"`
	Change    string   `json:"change,omitempty"`
	Secret    bool     `json:"secret,omitempty"`
	Told      string   `json:"told_apart_by,omitempty"` // of a kind: its natural key
	Waits     string   `json:"waits_for,omitempty"`
	Documents []string `json:"documents,omitempty"` // that say so

	Attrs []Topic `json:"attributes,omitempty"`

	computed, required bool
}

// All returns every topic in the order of the reference. Nobody changes them.
func All() []Topic { return everything() }

var everything = sync.OnceValue(func() []Topic {
	var all []Topic
	for _, k := range kinds.All {
		all = append(all, kindTopic(k.Schema.Name, "resource kind", k.Schema))
	}
	for _, a := range kinds.Actions {
		all = append(all, kindTopic("action."+a.Schema.Config.Name, "action", &a.Schema.Config))
	}
	for _, d := range kinds.Sources {
		all = append(all, kindTopic("data."+d.Schema.Name, "data source", d.Schema))
	}
	for _, b := range blocks {
		if b.Name == "kiraform.rules" {
			for i := range b.Attrs {
				b.Attrs[i].Values = strings.Join(ruleIDs(), ", ")
			}
		}
		all = append(all, b)
	}
	return all
})

// ruleIDs names the rules that can be turned down, sorted.
func ruleIDs() (all []string) {
	rules := schema.Checks()
	for _, k := range kinds.All {
		rules = append(rules, k.Schema.Rules...)
	}
	for _, r := range rules {
		all = append(all, string(r.ID))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Find returns the topic called name, such as "kira_recipient.account.clabe". An
// index, as in an address of a value, is left out.
func Find(name string) (Topic, bool) {
	name = index().ReplaceAllString(name, "")
	for _, t := range All() {
		if found, ok := t.find(name); ok {
			return found, true
		}
	}
	return Topic{}, false
}

var index = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\[[^\]]*\]`) })

func (t Topic) find(name string) (Topic, bool) {
	if t.Name == name {
		return t, true
	}
	if !strings.HasPrefix(name, t.Name+".") {
		return Topic{}, false
	}
	for _, a := range t.Attrs {
		if found, ok := a.find(name); ok {
			return found, true
		}
	}
	return Topic{}, false
}

// Names returns the names of all topics, and of everything in them.
func Names() (all []string) {
	var add func(t Topic)
	add = func(t Topic) {
		all = append(all, t.Name)
		for _, a := range t.Attrs {
			add(a)
		}
	}
	for _, t := range All() {
		add(t)
	}
	return all
}

func kindTopic(name, sort string, k *schema.Kind) Topic {
	t := Topic{Name: name, Sort: sort, Doc: k.Doc, Documents: documents(k.Doc), Example: blockExample(sort, k)}
	if sort == "resource kind" {
		t.Change = kindChange(k)
		t.ReadBack = "yes"
		if !k.Verbs.Has(schema.CanRead) {
			t.ReadBack = "never: Kira has no request that shows it"
		}
		if k.Identity != nil {
			t.Told = strings.Join(k.Identity.Natural, ", ")
		}
		for _, g := range k.Gates {
			t.Waits = strings.TrimPrefix(t.Waits+"; "+g.Attr+": the "+g.Kind+" "+g.Goal(), "; ")
		}
	}
	in := within{kind: k, name: name, sort: sort, written: writtenIn(k.Example)}
	for i := range k.Attrs {
		t.Attrs = append(t.Attrs, in.attr(&k.Attrs[i]))
	}
	return t
}

func kindChange(k *schema.Kind) string {
	freely := "by a new object, which Kira takes without further work; the old one lives on"
	if k.Replace == schema.ReplaceByConsent {
		freely = "by a new object with -replace=ADDR only; the old one lives on"
	}
	if k.Verbs.Has(schema.CanUpdate) {
		return "yes; where an attribute is fixed, " + freely
	}
	return "no: " + freely
}

// within is where an attribute stands.
type within struct {
	kind   *schema.Kind
	name   string // of the topic around it
	sort   string
	unread bool // the attribute around it cannot be read back
	fixed  bool
	secret bool

	written map[string]string // the attributes of the kind's own example
}

func (in within) attr(a *schema.Attr) Topic {
	t := Topic{Name: in.name + "." + a.Name, Sort: "attribute", Doc: a.Doc, Documents: documents(a.Doc),
		Form: form(a), Values: values(a, in.kind), computed: a.Computed, required: a.Required,
		Secret: a.Sensitive || in.secret, Applies: in.where(a.For)}
	if !a.Computed {
		t.Example, t.Needed = cmp.Or(in.written[a.Name], example(a)), in.needed(a)
	}
	if in.sort == "resource kind" {
		t.ReadBack, t.Change = in.readBack(a), in.change(a)
	}
	in.name, in.written = t.Name, nil
	in.unread = in.unread || a.Class == schema.Unreadable
	in.fixed, in.secret = in.fixed || a.Fixed, t.Secret
	for i := range a.Nested {
		t.Attrs = append(t.Attrs, in.attr(&a.Nested[i]))
	}
	return t
}

// where says in which variants something holds, or "" for all.
func (in within) where(variants []string) string {
	if variants == nil {
		return ""
	}
	return "where " + in.kind.Variant + " is " + words.Or(variants...)
}

func (in within) needed(a *schema.Attr) string {
	switch {
	case a.Required && a.For == nil:
		return "always"
	case a.Required:
		return in.where(a.For)
	case len(a.RequiredFor) > 0:
		return in.where(a.RequiredFor)
	case a.Demanded != "" && a.For != nil:
		return in.where(a.For) + ", " + a.Demanded
	case a.Demanded != "":
		return a.Demanded
	}
	return "no"
}

func (in within) readBack(a *schema.Attr) string {
	switch {
	case a.Local:
		return "it is not sent: only kiraform reads it"
	case a.Computed:
		return "yes: Kira sets it"
	case !in.kind.Verbs.Has(schema.CanRead), in.unread, a.Class == schema.Unreadable:
		if a.Clear {
			return "never: it is compared with the value that was sent last"
		}
		return "never: it is compared with a fingerprint of the value that was sent last"
	case a.Class == schema.WriteOnce:
		return "once, in the answer to the create"
	}
	text := "yes"
	if a.Class == schema.Merged {
		text = "yes, entry by entry; Kira never removes one"
		if a.MergeKey != "" {
			text = "yes, entry by entry as " + a.MergeKey + " tells them apart; Kira never removes one"
		}
	}
	if only := in.where(a.EchoedFor); only != "" {
		text += ", " + only + "; elsewhere never"
	}
	return text
}

func (in within) change(a *schema.Attr) string {
	switch {
	case a.Local:
		return "at any time"
	case a.Computed:
		return ""
	case a.WayOut != "":
		return "no, it is fixed. " + a.WayOut
	case in.fixed, a.Fixed, !in.kind.Verbs.Has(schema.CanUpdate) && !a.Forward:
		return "no, it is fixed: another value is a new object"
	case a.Asks != "":
		return "only where " + a.Asks + ` has "update" in it`
	case a.Forward:
		return "to a later value only"
	}
	return "yes"
}

var cited = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\(([^()]*\b(?:brief|documented|observed)\b[^()]*)\)`)
})

// documents are those that a text names as its sources.
func documents(doc string) (all []string) {
	for _, m := range cited().FindAllStringSubmatch(doc, -1) {
		if !slices.Contains(all, m[1]) {
			all = append(all, m[1])
		}
	}
	return all
}
