package review

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"kiraform/internal/event"
	"kiraform/internal/ui/words"
)

// A section has the changes of one action, folded.
type section struct {
	Title string // safe to show as text
	Known bool   // it is one of kiraform's own words
	Items []item

	action string
}

// An item is a change that one resource has, or several in the same way.
type item struct {
	*event.Reviewed          // of the first
	Same            []string // addresses of all, the first one included
	Lines           []line
}

// Word is the action of an item, as words has it.
func (i item) Word() words.Action { return words.Of(inline(act(i.Reviewed))) }

// Will is the verb for the resources of an item, such as "will be created".
func (i item) Will() string {
	will := i.Word().Will
	if i.From != "" && i.Action != event.NoOp {
		will += ", and has moved"
	}
	return will
}

// act is the action that a change is shown as.
func act(c *event.Reviewed) string {
	if c.Action == event.NoOp && c.From != "" {
		return event.Move
	}
	return c.Action
}

// ordered has the actions with sections, in the order of these. A change of another
// action has a section of its own name after them.
var ordered = []string{event.Create, event.Update, event.Replace, event.Move, event.Adopt, event.Invoke, event.Drift, event.Defer, event.Forget, event.Gone}

// sections sorts the changes of a plan. Data that is read, and resources that stay
// as they are, are in none.
func sections(r *event.Review) (all []section) {
	at := make(map[string]int)
	for _, action := range ordered {
		at[action] = len(all)
		all = append(all, section{Title: words.Of(action).Heading(), Known: true, action: action})
	}
	seen := make(map[string]int)
	for i := range r.Changes {
		c := &r.Changes[i]
		action := act(c)
		if !c.Changes() || action == event.Read {
			continue
		}
		n, known := at[action]
		if !known {
			n = len(all)
			at[action] = n
			all = append(all, section{Title: inline(action), action: action})
		}
		s := &all[n]
		it := item{Reviewed: c, Same: []string{c.Addr}, Lines: lines(c.Nodes, c.Hidden)}
		key := foldKey(it)
		if j, ok := seen[key]; ok {
			s.Items[j].Same = append(s.Items[j].Same, c.Addr)
			continue
		}
		seen[key] = len(s.Items)
		s.Items = append(s.Items, it)
	}
	var some []section
	for _, s := range all {
		if len(s.Items) > 0 {
			some = append(some, s)
		}
	}
	return some
}

// foldKey is the same for changes that read the same but for their addresses. A
// move is its addresses.
func foldKey(i item) string {
	return fmt.Sprintf("%s\x00%s\x00%s\x00%s\x00%s\x00%s", act(i.Reviewed), i.Kind, i.From, i.Why, i.After, diff(i.Lines))
}

// Count counts the resources of a section.
func (s section) Count() int {
	n := 0
	for _, i := range s.Items {
		n += len(i.Same)
	}
	return n
}

// headline says the outcome of a plan in one sentence, without its full stop, or
// why there is no plan. The first word is its subject, if it has one.
func headline(r *event.Review) (subject, text string) {
	mistakes := 0
	for _, d := range r.Diagnostics {
		if d.Severity != "warning" {
			mistakes++
		}
	}
	switch s := summary(r); {
	case s != "" && r.Start.Command == event.Drift:
		return "Drift", s
	case s != "":
		return "Plan", s
	case r.Start.Command == event.Drift && r.End.Counts != nil:
		return "", "No drift"
	case r.Start.Command == "validate" && mistakes == 0:
		return "", "The configuration is valid"
	case mistakes > 0 && r.End.Counts == nil:
		return "", words.Count(mistakes, "mistake") + ", so there is no plan"
	}
	return "", "No changes"
}

// summary says a plan in numbers.
func summary(r *event.Review) string {
	var parts []string
	for _, a := range words.Actions {
		if n := r.End.Counts[a.Name]; n > 0 && !a.Idle {
			parts = append(parts, fmt.Sprintf("%d %s", n, a.Plan))
		}
	}
	if len(parts) == 0 && len(r.End.Outputs) > 0 {
		return "only outputs change"
	}
	return strings.Join(parts, ", ")
}

// said has the diagnostics of a review. A resource that changed, or is gone, at Kira
// is a finding of a look for drift.
func said(r *event.Review) []event.Diagnostic {
	all := slices.Clone(r.Diagnostics)
	if r.Start.Command != event.Drift {
		return all
	}
	for i := range r.Changes {
		c := &r.Changes[i]
		d := event.Diagnostic{Severity: "warning", Code: event.Drift, Addr: c.Addr, Summary: "Changed at Kira", Detail: strings.TrimRight(diff(lines(c.Nodes, 0)), "\n")}
		if c.Action == event.Gone {
			d.Summary, d.Detail = "Gone at Kira", c.Why
		}
		if c.File != "" {
			d.Source = &event.Source{File: c.File, Line: c.Line}
		}
		all = append(all, d)
	}
	return all
}

// A finding is a diagnostic, with those that say the same elsewhere.
type finding struct {
	event.Diagnostic
	Also []string // where else: addresses, or places in files, each once
}

// add notes another diagnostic that says the same. One about the very same place is
// no news.
func (f *finding) add(at string) {
	if at != "" && at != place(f.Diagnostic) && !slices.Contains(f.Also, at) {
		f.Also = append(f.Also, at)
	}
}

// findings returns the diagnostics of a plan, errors first and equal ones folded.
func findings(r *event.Review) []finding { return folded(r.Diagnostics) }

func folded(diagnostics []event.Diagnostic) (all []finding) {
	at := make(map[[3]string]int)
	for _, severity := range []string{"error", "warning"} {
		for _, d := range diagnostics {
			if (d.Severity == "warning") != (severity == "warning") {
				continue
			}
			key := [3]string{d.Severity, d.Summary, likeness(d)}
			if i, ok := at[key]; ok {
				all[i].add(cmp.Or(d.Addr, other(d, all[i].Diagnostic), place(d)))
				continue
			}
			at[key] = len(all)
			all = append(all, finding{Diagnostic: d})
		}
	}
	return all
}

// likeness is the detail of a diagnostic without the object that it is about.
func likeness(d event.Diagnostic) string {
	detail := d.Detail
	if d.Addr != "" {
		detail = strings.ReplaceAll(detail, d.Addr, "it")
	}
	return words.Alike(detail)
}

// other is the instance that the words of d name, if it is not that of the first.
func other(d, first event.Diagnostic) string {
	if d.Detail == first.Detail {
		return ""
	}
	return words.Instance(d.Detail)
}

// place is the resource or the line that a diagnostic is about.
func place(d event.Diagnostic) string {
	switch {
	case d.Addr != "":
		return d.Addr
	case d.Source != nil:
		return where(d.Source.File, d.Source.Line)
	}
	return ""
}

// next is the command that carries out the plan, and nothing else than it.
func next(r *event.Review, o Options) string {
	command := "kiraform apply"
	switch {
	case r.Start.Command == event.Drift:
		command = "kiraform plan"
	case r.Destroy && o.File == "":
		command = "kiraform destroy"
	}
	for _, flag := range o.With {
		command += " " + inline(flag)
	}
	if r.Start.Command == event.Drift {
		return command
	}
	if r.End.Digest != "" {
		command += " -expect-digest=" + r.End.Digest
	}
	for _, t := range r.Targets {
		if o.File == "" {
			command += " -target=" + words.Shell(inline(t))
		}
	}
	if o.File != "" {
		command += " " + words.Shell(inline(o.File))
	}
	return command
}
