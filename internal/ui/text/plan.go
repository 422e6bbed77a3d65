package text

import (
	"fmt"
	"slices"
	"strings"

	"kiraform/internal/event"
	"kiraform/internal/ui/words"
)

// plan shows everything that was planned, and the totals.
func (v *View) plan(e event.PlanEnd) string {
	actions := ""
	if v.opts.Brief {
		v.run.planned = nil
	} else {
		actions = v.actions()
	}
	line, total := counted(e.Counts)
	if actions == "" && total == 0 && len(e.Outputs) == 0 {
		return "\n" + v.unchanged(e.Counts[event.NoOp]) + v.unproven(e) + v.over(e.Ended)
	}
	out := "\n" + actions
	if total > 0 {
		out += v.paint("Plan:", bold) + " " + line + ".\n"
	}
	if n := e.Counts[event.NoOp]; n > 0 {
		out += v.paint("("+words.Count(n, "unchanged resource")+" hidden)", grey) + "\n"
	}
	if len(e.Outputs) == 0 || v.opts.Brief {
		return out + v.unproven(e) + v.over(e.Ended) + v.digest(e)
	}
	if out != "\n" {
		out += "\n"
	}
	b := body{style: v.style}
	b.nodes(block{nodes: e.Outputs, shape: event.ObjectShape})
	out += "Changes to Outputs:\n" + b.String()
	if total == 0 {
		out += "\n" + v.sentence("You can apply this plan to save these new output values, without changing anything at Kira.")
	}
	return out + v.unproven(e) + v.over(e.Ended) + v.digest(e)
}

// unproven counts the objects of which something was never compared with Kira.
func (v *View) unproven(e event.PlanEnd) string {
	if e.Unproven == 0 {
		return ""
	}
	return "\n" + v.sentence(words.Count(e.Unproven, "object")+" unproven: attributes that Kira does not show were assumed (kiraform state trust ADDR).")
}

// digest tells those who only plan the digest by which the plan can be
// approved.
func (v *View) digest(e event.PlanEnd) string {
	switch {
	case v.run.command != "plan":
		return ""
	case e.Digest != "":
		return "\nDigest: " + inline(e.Digest) + "\n"
	case e.NoDigest != "":
		return "\n" + v.sentence("Digest: none, since "+inline(e.NoDigest)+".")
	}
	return ""
}

// unchanged says that there is nothing to do, or that nobody can tell.
func (v *View) unchanged(resources int) string {
	if v.run.errors > 0 {
		return v.paint("Planning failed.", bold, red) + " kiraform encountered an error while generating this plan.\n"
	}
	if v.run.partial {
		return v.paint("No changes in the selected part.", bold, green) + "\n\n" +
			v.sentence("kiraform has compared "+words.Count(resources, "resource")+
				" with what it knows of Kira and found no differences. The rest of the configuration was not looked at.")
	}
	if resources == 0 {
		nothing := v.paint("No changes. "+words.NothingManaged, bold) + "\n"
		if v.run.command == "destroy" {
			return nothing
		}
		return nothing + "\n" + v.sentence(words.HowToBegin)
	}
	return v.paint("No changes. Your Kira account matches the configuration.", bold, green) + "\n\n" +
		v.sentence("kiraform has compared "+words.Count(resources, "resource")+
			" with what it knows of Kira and found no differences, so there is nothing to do.")
}

// counted spells the planned counts in the order of actions, and adds them up.
func counted(counts map[string]int) (line string, total int) {
	var parts []string
	for _, a := range words.Actions {
		n := counts[a.Name]
		if a.Idle || n == 0 && !a.Always {
			continue
		}
		total += n
		parts = append(parts, fmt.Sprintf("%d %s", n, a.Plan))
	}
	return strings.Join(parts, ", "), total
}

// sentence is text of the view itself, and no part of an event.
func (v *View) sentence(s string) string {
	return strings.Join(words.Fold(v.opts.Carry(s), v.opts.Width), "\n") + "\n"
}

// actions shows every planned action, after a legend of the signs in use. It
// returns "" if nothing is to be done.
func (v *View) actions() string {
	shown := slices.DeleteFunc(v.run.planned, func(p event.Planned) bool { return p.Action == event.NoOp && p.From == "" })
	v.run.planned = nil
	if len(shown) == 0 {
		return ""
	}
	out := &strings.Builder{}
	v.legend(out, shown)
	waiting := !slices.ContainsFunc(shown, func(p event.Planned) bool { return p.Action != event.Defer })
	switch {
	case v.run.errors > 0:
		out.WriteString("kiraform planned the following actions, but then encountered a problem:\n\n")
	case waiting:
		out.WriteString("Nothing can be done for now. The following resources are deferred:\n\n")
	default:
		out.WriteString("kiraform will perform the following actions:\n\n")
	}
	for _, p := range shown {
		v.planned(out, p)
	}
	return out.String()
}

func (v *View) legend(out *strings.Builder, shown []event.Planned) {
	used := map[string]bool{}
	for _, p := range shown {
		used[p.Action] = true
	}
	if len(used) == 1 && used[event.NoOp] {
		return // moves have no sign
	}
	out.WriteString("Resource actions are indicated with the following symbols:\n")
	for _, a := range words.Actions {
		if used[a.Name] && a.Legend != "" {
			fmt.Fprintf(out, "%s %s\n", v.signs(a.Sign), a.Legend)
		}
	}
	out.WriteString("\n")
}

// planned shows one resource: its action, why, and its attributes.
func (v *View) planned(out *strings.Builder, p event.Planned) {
	a := actionOf(p.Action)
	if p.Action == event.NoOp {
		fmt.Fprintf(out, "  %s has moved to %s\n", v.paint("# "+inline(p.From), bold), v.paint(inline(p.Addr), bold))
	} else {
		fmt.Fprintf(out, "  %s %s\n", v.paint("# "+inline(p.Addr), bold), v.headline(a, p))
	}
	for _, remark := range remarks(p) {
		fmt.Fprintf(out, "  # (%s)\n", inline(remark))
	}
	if p.After != "" {
		fmt.Fprintf(out, "  # waits %s\n", inline(p.After))
	}
	keyword := "resource"
	if p.Action == event.Read || strings.HasPrefix(p.Addr, "data.") {
		keyword = "data"
	}
	if p.Action == event.Invoke {
		keyword = "action"
	}
	fmt.Fprintf(out, "%s %s %s %s", v.signs(a.Sign), keyword, quote(p.Kind), quote(p.Name))
	if len(p.Nodes) > 0 || p.Hidden > 0 {
		b := body{style: v.style}
		b.nodes(block{nodes: p.Nodes, shape: event.ObjectShape, depth: 1, hidden: p.Hidden})
		out.WriteString(" {\n" + b.String() + "    }")
	}
	out.WriteString("\n\n")
}

// headline is the text of the comment after the address. An action that leaves
// an object behind stands out.
func (v *View) headline(a words.Action, p event.Planned) string {
	switch p.Action {
	case event.Replace:
		return "must be " + v.paint("replaced", bold, red)
	case event.Forget:
		return v.paint(a.Will, bold, red)
	case event.Defer:
		if p.Why != "" {
			return a.Will + ": " + inline(p.Why)
		}
	}
	return a.Will
}

// remarks are the sentences below the headline.
func remarks(p event.Planned) []string {
	var out []string
	if p.From != "" && p.Action != event.NoOp {
		out = append(out, "moved from "+p.From)
	}
	if p.Why != "" && p.Action != event.Defer {
		out = append(out, p.Why)
	}
	switch beside := words.Of(p.Action).Beside; {
	case p.Action == event.Adopt && p.ID != "":
		out = append(out, fmt.Sprintf("%s, id %q", beside, p.ID))
	case p.Action == event.Replace && p.ID != "":
		out = append(out, fmt.Sprintf("the old one, id %q, lives on at Kira and is no longer managed", p.ID))
	case beside != "":
		out = append(out, beside)
	case p.Action == event.Forget && p.ID != "":
		out = append(out, fmt.Sprintf("id %q", p.ID))
	}
	return out
}
