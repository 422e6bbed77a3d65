package lsp

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/config"
	"kiraform/internal/event"
	"kiraform/internal/policy"
)

// Files of tests and of policies have blocks of their own, and values that a configuration
// has not.

// innermost is the type of the innermost block of a header and a path.
func innermost(header, path []string) string {
	switch {
	case len(path) > 0:
		return path[len(path)-1]
	case len(header) > 0:
		return header[0]
	}
	return ""
}

// proposeOwn proposes the words of a file of tests or of policies.
func (c *completing) proposeOwn(words map[string][]string) {
	header, path := c.block()
	if n := len(path); n > 0 && path[n-1] == c.attr { // an element of a list
		path = path[:n-1]
	}
	in := innermost(header, path)
	switch {
	case c.value:
		c.ownValues(in)
	case len(c.line) > 1 || c.quoted:
	case in == "variables":
		c.variablesOf(c.dir)
	default:
		written := c.written()
		for _, name := range words[in] {
			if _, is := written[name]; !is {
				c.add(itemField, name, "", docOf(in, name), name)
			}
		}
	}
}

// variablesOf proposes the variables of a module that have no value yet.
func (c *completing) variablesOf(dir string) {
	written := c.written()
	for _, u := range c.ix.uses {
		short, ok := strings.CutPrefix(u.text, "var.")
		if _, is := written[short]; ok && !is && u.defines && u.dir == dir {
			c.add(itemVariable, short, "variable", "", short+" = ")
		}
	}
}

// ownValues proposes the values of an argument.
func (c *completing) ownValues(in string) {
	quoted := func(all ...string) {
		for _, v := range all {
			if !c.quoted {
				v = `"` + v + `"`
			}
			c.add(itemValue, v, c.attr, "", v)
		}
	}
	switch in + "." + c.attr {
	case "run.command":
		c.words(itemValue, "plan", "apply")
	case "plan_options.mode":
		c.words(itemValue, "normal", "destroy")
	case "test.parallel", "run.parallel", "plan_options.refresh":
		c.words(itemValue, "true", "false")
	case "policy.level":
		quoted(config.Deny, config.Warn)
	case "policy.resource":
		quoted(slices.Sorted(maps.Keys(kindsOf("resource")))...)
	case "module.source":
		for _, m := range c.ix.mods[1:] {
			if !strings.HasPrefix(m.Dir, "..") {
				quoted("./" + m.Dir)
			}
		}
	case "run.invoke":
		c.declared(func(u string) bool { return strings.HasPrefix(u, "action.") })
	case "run.expect_failures":
		c.declared(func(u string) bool { return !strings.HasPrefix(u, "local.") && !strings.HasPrefix(u, "module.") })
	case "run.wait", "run.state_key", "simulator.reasons", "simulator.advance":
	case "simulator.verify", "simulator.review", "simulator.reject", "simulator.activate", "simulator.decline", "simulator.close":
		kinds := config.StepKinds(c.attr)
		c.declared(func(u string) bool {
			kind, _, _ := strings.Cut(u, ".")
			return slices.Contains(kinds, kind)
		})
	case "simulator.lose", "plan_options.target", "plan_options.exclude", "plan_options.replace":
		c.declared(func(u string) bool { return strings.HasPrefix(u, "kira_") })
	default:
		if !c.quoted {
			c.ownReferences()
		}
	}
}

// declared proposes the names of the module that are meant.
func (c *completing) declared(meant func(name string) bool) {
	if c.quoted {
		return
	}
	if before, _, dotted := cutLast(c.word, "."); dotted {
		next := make(map[string]bool)
		for _, u := range c.ix.uses {
			if rest, ok := strings.CutPrefix(u.text, before+"."); ok && u.defines && u.dir == c.dir && meant(u.text) {
				word, _, _ := strings.Cut(rest, ".")
				next[word] = true
			}
		}
		c.words(itemVariable, slices.Sorted(maps.Keys(next))...)
		return
	}
	for _, u := range c.ix.uses {
		if u.defines && u.dir == c.dir && meant(u.text) {
			c.add(itemReference, u.text, "", "", u.text)
		}
	}
}

// ownReferences proposes what a condition of a test or of a policy may refer to.
func (c *completing) ownReferences() {
	before, _, dotted := cutLast(c.word, ".")
	roots := policyObjects()
	if config.IsTest(c.file) {
		roots = testObjects()
	}
	if dotted {
		first, rest, deeper := strings.Cut(before, ".")
		t, known := roots[first]
		for deeper && known {
			var name string
			name, rest, deeper = strings.Cut(rest, ".")
			if known = t.IsObjectType() && t.HasAttribute(name); known {
				t = t.AttributeType(name)
			}
		}
		switch {
		case known && t.IsObjectType():
			c.words(itemField, slices.Sorted(maps.Keys(t.AttributeTypes()))...)
		case first == "output" && config.IsTest(c.file):
			c.outputsOf(c.dir)
		case first == "run" && config.IsTest(c.file):
			c.runs(rest)
		case config.IsTest(c.file):
			c.members(before)
		}
		return
	}
	c.words(itemKeyword, slices.Sorted(maps.Keys(roots))...)
	if config.IsTest(c.file) {
		c.words(itemKeyword, "run", "output")
		c.references(nil)
		return
	}
	c.functions()
}

func (c *completing) outputsOf(dir string) {
	for _, u := range c.ix.uses {
		if out, is := strings.CutPrefix(u.text, "output."); is && u.defines && u.dir == dir {
			c.add(itemField, out, "output", "", out)
		}
	}
}

// runs proposes the runs before the one that the cursor is in, or the outputs of one.
func (c *completing) runs(name string) {
	tree := c.ix.tree(c.file)
	if tree == nil {
		return
	}
	for _, b := range tree.Blocks {
		if b.Type != "run" || len(b.Labels) != 1 || b.CloseBraceRange.End.Byte > c.offset && b.CloseBraceRange.End.Byte > b.OpenBraceRange.End.Byte {
			continue
		}
		switch name {
		case "":
			c.add(itemField, b.Labels[0], "run", "", b.Labels[0])
		case b.Labels[0]:
			c.outputsOf(runModule(b.Body))
		}
	}
}

// policyObjects are the objects that a policy has.
func policyObjects() map[string]cty.Type {
	plan := planObject()
	changes := plan.AttributeType("changes").AttributeType("any")
	members := maps.Clone(plan.AttributeTypes())
	delete(members, "changes")
	delete(members, "empty")
	return map[string]cty.Type{"plan": cty.Object(members), "change": changes}
}

// testObjects are the objects that an assertion of a test has, beside the configuration's.
func testObjects() map[string]cty.Type {
	plan := maps.Clone(planObject().AttributeTypes())
	plan["changes"] = cty.DynamicPseudoType // by address, in brackets
	numbers := func(names ...string) cty.Type {
		all := make(map[string]cty.Type)
		for _, n := range names {
			all[n] = cty.Number
		}
		return cty.Object(all)
	}
	applied := maps.Clone(numbers("failed", "skipped", "deferred", "not_done", "not_ready").AttributeTypes())
	applied["done"] = numbers(event.Create, event.Update, event.Replace, event.Adopt, event.Forget, event.Read, event.Invoke)
	applied["actions"] = numbers("run", "failed", "skipped", "deferred", "not_done")
	return map[string]cty.Type{"plan": cty.Object(plan), "apply": cty.Object(applied), "diagnostics": cty.DynamicPseudoType}
}

// planObject is the type of a plan with one change, called any.
func planObject() cty.Type {
	p := policy.Plan{Actions: event.Countable(), Changes: []policy.Change{{Addr: "any", Action: event.Create, Before: cty.DynamicVal, After: cty.DynamicVal}}}
	return p.Object(false).Type()
}

// underTest is the folder of the module that the part of a file is about.
func (ix *index) underTest(file string, offset int) string {
	tree := ix.tree(file)
	if !config.IsTest(file) || tree == nil {
		return "."
	}
	for _, b := range tree.Blocks {
		if b.Type == "run" && b.TypeRange.Start.Byte <= offset && offset <= max(b.CloseBraceRange.End.Byte, b.OpenBraceRange.End.Byte) {
			return path.Clean(runModule(b.Body))
		}
	}
	return "."
}
