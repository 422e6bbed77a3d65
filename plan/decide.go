package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/diag"
	"kiraform/internal/eval"
	"kiraform/internal/ui/words"
	"kiraform/schema"
	"kiraform/state"
)

// decide picks the action for one wanted resource.
func (m *maker) decide(a addr.Resource, r eval.Resource) Change {
	k := m.Kinds[a.Kind]
	prior, lives := m.Prior.Resources[a]
	c := Change{Addr: a, Action: NoOp, Prior: prior, Config: r.Config, Needs: r.Needs, from: r.From, written: r}
	if !lives {
		if found, ok := m.Found[a]; ok {
			return m.adopt(c, k, r, found)
		}
		c.Action = Create
		if o, gone := m.Gone[a]; gone {
			c.Why = "because " + o.ID + " is gone at Kira"
		}
		c.After = proposed(k, r.Config, state.Object{})
		m.hold(&c, k)
		m.ready(&c, k)
		return c
	}
	d := compare(k, m.Key, r.Config, prior)
	m.dark(a, prior.ID, d.dark)
	c.Because = unignored(m.restored(k, prior, m.unanswered(a, prior, d.reasons, r.Config), r.Config), r)
	for _, at := range d.others {
		if !ignored(at, r) {
			m.diags = append(m.diags, m.otherwise(a, k, at))
		}
	}
	for _, gone := range append(d.dropped, m.undone(a, k, prior, r.Config, d.dropped)...) {
		if ignored(gone.path, r) {
			continue
		}
		c.Dropped = append(c.Dropped, gone.path)
		m.diags = append(m.diags, m.kept(a, gone))
	}
	c.After = proposed(k, Standing(k, m.Key, r, prior), prior)
	m.forward(&c, k)
	m.replace(&c, k, r)
	m.person(&c, k)
	if c.Action == NoOp && len(c.Because) > 0 {
		c.Action = Update
	}
	if c.Action == Replace {
		c.After = proposed(k, r.Config, state.Object{})
		m.hold(&c, k)
		m.ready(&c, k)
		if c.Action == Defer && m.allowed(&c) {
			c.Why += "; it is replaced then, as an earlier run was asked to"
		}
	}
	m.follow(&c)
	return c
}

// kept warns of a value that Kira keeps although it is no longer written.
func (m *maker) kept(a addr.Resource, gone drop) *hcl.Diagnostic {
	if gone.now != "" {
		list := gone.path[:len(gone.path)-1]
		return diag.Warning("key-changed", m.Program.Locate(a, list), "To Kira this is another entry",
			"Kira tells the entries of %s apart by their key, and %s has become %q. Kira adds the new entry, and the old one stays "+
				"for ever: it cannot be removed. If you do not want that, write the old key again.",
			schema.PathString(list), schema.PathString(gone.path), gone.now)
	}
	if gone.unsure {
		return diag.Warning("kept-at-kira", m.Program.Locate(a, nil), "Kira may keep removed entries",
			"%s is not written for %s any more, but a request that carried it got no answer. If Kira took that, it keeps the value: it cannot unset it.",
			schema.PathString(gone.path), a)
	}
	return diag.Warning("kept-at-kira", m.Program.Locate(a, nil), "Kira keeps removed entries",
		"%s was taken out of %s, but Kira cannot unset it: the value that was sent stays. "+
			"It is no longer compared, and this is not said again once applied.", schema.PathString(gone.path), a)
}

// replace turns c into a replacement if nothing less will do, and asks for the
// consent that takes.
func (m *maker) replace(c *Change, k *schema.Kind, r eval.Resource) {
	fixed := slices.IndexFunc(c.Because, func(r Reason) bool { return r.Fixed })
	back := "Take -replace=" + c.Addr.Shell() + " back."
	switch triggers := m.triggers(r); {
	case slices.ContainsFunc(m.Replace, func(t addr.Resource) bool { return t.Covers(c.Addr) }):
		c.Action, c.Why, c.Consented = Replace, "as requested", true
	case len(triggers) > 0:
		by := triggers[0].String()
		if !m.allowed(c) {
			c.triggers = triggers
		}
		c.Action, c.Why, c.Consented = Replace, "because "+by+" changes", true
		back = "Take " + by + " out of its replace_triggered_by."
	case m.allowed(c):
		c.Action, c.Why, c.Consented = Replace, "as an earlier run was asked to, which could not do it yet", true
		back = "Take the consent back: kiraform state rm -consent " + c.Addr.Shell() + "."
	case fixed < 0:
	case k.Replace == schema.ReplaceFreely:
		c.Action = Replace
	case m.single(c, k):
		path := c.Because[fixed].Path
		m.diags = append(m.diags, diag.Error("cannot-replace", m.Program.Locate(c.Addr, path), "Cannot change, and cannot be replaced",
			"%s of %s cannot change once it exists, and %s cannot be replaced while it lives: %s %s.",
			schema.PathString(path), c.Addr, c.Prior.ID, k.Single.Doc, capital(m.back(c, k, path))))
		return
	default:
		path := c.Because[fixed].Path
		m.diags = append(m.diags, diag.Error("replace-needs-consent", m.Program.Locate(c.Addr, path), "Cannot change without replacing",
			"%s of %s cannot change once it exists.%s Replacing it means a new %s at Kira, with all that people there have to do for it, "+
				"and the old one (%s) lives on. If you want that, run with -replace=%s; otherwise %s.",
			schema.PathString(path), c.Addr, wayOut(k, path), k.Name, c.Prior.ID, c.Addr.Shell(), m.back(c, k, path)))
	}
	if c.Action == Replace && m.single(c, k) {
		m.diags = append(m.diags, diag.Error("cannot-replace", m.Program.Locate(c.Addr, nil), "Cannot be replaced",
			"%s would be replaced %s, but %s lives, and a request for another one would come to it: %s %s",
			c.Addr, c.Why, c.Prior.ID, k.Single.Doc, back))
	}
}

// single reports whether Kira would refuse a second object like c beside the
// one that lives. Values that are not known yet are not judged.
func (m *maker) single(c *Change, k *schema.Kind) bool {
	if k.Single == nil || k.Single.Among != nil && !k.Single.Among(c.Config, c.Prior.Seen.Shown()) {
		return false
	}
	want, have := m.written(k, c.Config), m.living(k, c.Prior)
	return !slices.ContainsFunc(k.Single.For, func(path string) bool { return agreeAt(want, have, path) != equal })
}

// wayOut is the schema's advice instead of changing the attribute at path.
func wayOut(k *schema.Kind, path cty.Path) string {
	if a, ok := k.Attr(schema.Top(path)); ok && a.WayOut != "" {
		return " " + a.WayOut
	}
	return ""
}

// back is the value to write for c to stay as it is. Its owner may have moved:
// then the address that is written is another object's by now.
func (m *maker) back(c *Change, k *schema.Kind, path cty.Path) string {
	if a, ok := k.Attr(schema.PathString(path)); ok && a.Ref != "" {
		for _, v := range []cty.Value{c.Prior.Seen.Shown(), c.Prior.Sent.Shown()} {
			id, _ := schema.Member(v, a.Name).Unmark()
			if id == cty.NilVal || id.IsNull() || !id.IsKnown() || id.Type() != cty.String {
				continue
			}
			if owner, ok := m.holder(a.Ref, id.AsString()); ok && m.names[owner] {
				return fmt.Sprintf("refer to %s, its owner", owner)
			}
		}
	}
	return "write the old value again"
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// hold defers the creation of c if a gate is shut, and notes the gate that c
// will wait for if its state is not known yet.
func (m *maker) hold(c *Change, k *schema.Kind) {
	for _, g := range k.Gates {
		id, _ := schema.Member(c.Config, g.Attr).Unmark()
		switch {
		case id.IsNull():
		case !id.IsKnown():
			c.Waits = fmt.Sprintf("until %s %s", m.owner(c, g), g.Goal())
		default:
			m.gate(c, g, id.AsString())
		}
	}
	m.follow(c)
}

// owner names the resource that a gate will look at: the one whose id goes into
// the attribute, or all that it may be.
func (m *maker) owner(c *Change, g schema.Gate) string {
	var names []string
	for _, a := range c.mayBe(g) {
		name := a.String()
		if m.known.Members(a) != nil {
			name = "one of " + name
		}
		names = append(names, name)
	}
	if len(names) == 0 {
		return "its " + g.Kind
	}
	return words.Or(names...)
}

// mayBe returns the resources that a gate of c may look at, as the needs of c have
// them. Only while the id is not known is there more than one.
func (c *Change) mayBe(g schema.Gate) (all []addr.Resource) {
	from := c.from[g.Attr]
	if len(from) == 0 {
		from = c.Needs
	}
	for _, a := range from {
		if a.Kind == g.Kind && !a.Data {
			all = append(all, a)
		}
	}
	return all
}

func (m *maker) gate(c *Change, g schema.Gate, id string) {
	if a, ok := m.holder(g.Kind, id); ok {
		o, lives := m.Prior.Resources[a]
		if i, planned := m.at[a]; !lives && planned {
			o = m.changes[i].Prior // adopted by this plan
		}
		seen := o.Seen.Shown()
		is, k := g.Of(seen), m.Kinds[g.Kind]
		switch end, stall := k.EndOf(seen), k.StallOf(seen); {
		case end != "":
			c.Action, c.Why = Defer, m.over(a, end, g)
			m.cut[a] = append(m.cut[a], c.Addr)
		case is == "" && g.Open != nil, g.Opens(is): // a status that is not shown cannot be judged
		case stall != "" && !m.corrected(a):
			c.Action, c.Why = Defer, g.Stuck(a.String(), is, stall)+k.Course.Completing(a.Shell())
		case m.Wait:
			c.Waits = fmt.Sprintf("until %s %s (it %s now)", a, g.Goal(), g.Stands(is))
		default:
			c.Action, c.Why = Defer, g.Shut(a.String(), is)
		}
	}
}

// corrected reports whether a is about to be updated.
func (m *maker) corrected(a addr.Resource) bool {
	i, ok := m.at[a]
	return ok && m.changes[i].Action == Update
}

// follow defers c if it needs something that is deferred and does not exist.
func (m *maker) follow(c *Change) {
	if c.Action == NoOp || c.Action == Defer {
		return
	}
	n := m.first(c.Needs, m.deferrals, func(a addr.Resource) bool {
		i, ok := m.at[a]
		return ok && m.changes[i].Action == Defer
	})
	if n != (addr.Resource{}) {
		c.Action, c.Why, c.Waits = Defer, fmt.Sprintf("it needs %s, which is deferred", n), ""
	}
}
