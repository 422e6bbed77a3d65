package text

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"kiraform/internal/event"
	"kiraform/internal/ui/words"
)

// tally holds the lists of the summary.
type tally struct {
	ended                           int
	failed, skipped, deferred, left []entry
	unready                         []entry
}

// entry is one line of a list: a resource, and a remark about it.
type entry struct{ addr, text string }

// summary shows how a run went, also one that did not end well. Planning has
// said everything already but its cost, and a run that never got to work has
// only its diagnostics.
func (v *View) summary(e event.Finish) string {
	command := e.Command
	if command == "" {
		command = v.run.command
	}
	nothing := v.run.ended == 0 && len(v.run.deferred)+len(v.run.unready) == 0 && v.run.errors > 0 && e.Failed+e.Actions.Failed+e.Undone+e.Actions.Undone == 0
	switch {
	case command == "plan":
		return sent(e)
	case command == "" || nothing:
		return ""
	}
	var b strings.Builder
	b.WriteString("\n" + v.outcome(command, e) + "\n")
	if command == "destroy" && len(v.run.left) > 0 {
		b.WriteString("\n" + v.sentence("Kira cannot delete. Forgotten objects live on there, and kiraform no longer manages them:"))
		b.WriteString(v.leftBehind())
	}
	v.list(&b, "Failed", v.run.failed, red)
	v.list(&b, "Skipped", v.run.skipped, yellow)
	v.list(&b, "Deferred", v.run.deferred, magenta)
	v.list(&b, "Not ready for use yet", v.run.unready, magenta)
	if command != "destroy" {
		v.title(&b, "Left behind, alive at Kira and no longer managed", v.run.left, red)
		b.WriteString(v.leftBehind())
	}
	b.WriteString(v.over(e.Ended))
	b.WriteString(v.next(command, e))
	b.WriteString(sent(e))
	return b.String()
}

// mostLeft is how many objects are listed that were left behind: the sum above them has
// to stay in sight, and the state keeps all of them.
const mostLeft = 20

// leftBehind lists the objects that live on.
func (v *View) leftBehind() string {
	var b strings.Builder
	left := slices.SortedStableFunc(slices.Values(v.run.left), func(x, y entry) int { return words.Natural(x.addr, y.addr) })
	more := len(left) - mostLeft
	list(&b, left[:min(mostLeft, len(left))])
	if more > 0 {
		fmt.Fprintf(&b, "  and %d more\n%s", more, v.sentence("To list all of them, with their ids: kiraform state orphans"))
	}
	return b.String()
}

// next is how to go on after a run that has left something, as a line to paste.
func (v *View) next(command string, e event.Finish) string {
	switch {
	case command == event.Invoke && e.Unready > 0 && e.Actions.Undone == 0:
		return v.line(v.run.patience(), "apply -wait="+v.run.longer(), v.run.with)
	case command == event.Invoke && (e.Stopped || e.Actions.Undone > 0):
		return v.line("To go on where this ended", "apply", v.run.with)
	case command != "apply" && command != "destroy":
		return ""
	}
	switch {
	case e.Stopped, e.Undone > 0, e.Actions.Undone > 0:
		return v.line("To go on where this ended", command+v.run.waited(), v.run.with)
	case e.Failed > 0, e.Actions.Failed > 0:
		return v.line("To try again (a request that got no answer keeps its key, so nothing is made twice)", command+v.run.waited(), v.run.with)
	case e.Deferred > 0 && e.Unready == 0 && v.run.unnamed():
		return v.line("To go on with the instances that are known now", command, v.run.with)
	case e.Deferred == 0 && e.Unready == 0 && e.Actions.Deferred > 0:
		return v.line("To run the actions that are due", command, v.run.with)
	case e.Deferred > e.Held, e.Unready > 0:
		wait := v.line(v.run.patience(), command+" -wait="+v.run.longer(), v.run.with)
		if e.Held > 0 {
			wait += v.mend()
		}
		return wait
	case len(e.Ended) > 0:
		return v.mend()
	}
	return ""
}

// mend is how to go on with objects that have ended, and all that needs them.
func (v *View) mend() string {
	return v.line("To see how to mend those that have ended", "status", slices.DeleteFunc(slices.Clone(v.run.with), selects))
}

// usual is how long a run is advised to wait that has not waited.
const usual = 15 * time.Minute

// patience says what the advice to wait is about.
func (r *run) patience() string {
	if r.wait > 0 {
		return "To go on, and wait longer for Kira"
	}
	return "To go on, and wait for Kira"
}

// waited is the flag by which the run waits for Kira, if it does.
func (r *run) waited() string {
	if r.wait == 0 {
		return ""
	}
	return " -wait=" + words.Lasting(r.wait)
}

// longer is a wait that is longer than that of the run, as a flag has it.
func (r *run) longer() string {
	wait := max(usual, 2*r.wait).Round(time.Minute)
	if wait%time.Hour == 0 {
		return fmt.Sprintf("%dh", wait/time.Hour)
	}
	return fmt.Sprintf("%dm", wait/time.Minute)
}

// selects reports whether a flag says which part of a plan is meant.
func selects(flag string) bool {
	return strings.HasPrefix(flag, "-target=") || strings.HasPrefix(flag, "-exclude=")
}

// line is a command to paste, below its purpose. A flag -var has no value here.
func (v *View) line(purpose, command string, with []string) string {
	if slices.ContainsFunc(with, func(flag string) bool { return strings.HasPrefix(flag, "-var=") }) {
		purpose += ", with its value after each -var"
	}
	return "\n" + v.sentence(purpose+":") + "  " + inline(strings.Join(append([]string{"kiraform", command}, with...), " ")) + "\n"
}

// unnamed reports whether all resources that were put off are instances whose keys were
// not known. It takes another run to go on with these, and no time. Nor does an action
// wait for anything but them.
func (r *run) unnamed() bool {
	return len(r.deferred) > 0 && !slices.ContainsFunc(r.deferred, func(e entry) bool { return !strings.Contains(e.addr, "[*]") && !event.IsAction(e.addr) })
}

// over lists the objects that cannot be used any more.
func (v *View) over(ended []event.Ended) string {
	var b strings.Builder
	var entries []entry
	for _, e := range ended {
		text := e.Is
		if e.Said != "" {
			text += ". " + e.Said
		}
		entries = append(entries, entry{e.Addr, inline(text)})
	}
	v.list(&b, "Ended at Kira, and cannot be used", entries, yellow)
	return b.String()
}

// sent says the cost of a run.
func sent(e event.Finish) string {
	if e.Requests == 0 {
		return ""
	}
	return fmt.Sprintf("\n%s to Kira in %s.\n", words.Count(int(e.Requests), "request"), precise(e.Took))
}

// outcome is the line that says it all.
func (v *View) outcome(command string, e event.Finish) string {
	name := inline(command)
	name = strings.ToUpper(name[:1]) + name[1:]
	counts, failed := counts(command, e), failures(e)+" failed."
	switch {
	case e.Stopped && e.Failed+e.Actions.Failed > 0:
		return v.paint(name+" stopped early, and "+failed, bold, red) + counts
	case e.Stopped:
		return v.paint(name+" stopped early.", bold, yellow) + counts
	case e.Failed+e.Actions.Failed > 0:
		return v.paint(name+" finished, but "+failed, bold, red) + counts
	case v.run.errors > 0, e.Undone+e.Actions.Undone > 0:
		return v.paint(name+" finished with errors.", bold, red) + counts
	}
	return v.paint(name+" complete!"+counts, bold, green)
}

// list shows the entries below a title, those together that have one reason.
func (v *View) list(b *strings.Builder, title string, entries []entry, color string) {
	v.title(b, title, entries, color)
	alone, groups := grouped(entries)
	for _, g := range groups {
		b.WriteString("  " + g.reason() + "\n    " + words.Few(3, g.addrs...) + "\n")
	}
	list(b, alone)
}

func (v *View) title(b *strings.Builder, title string, entries []entry, color string) {
	if len(entries) > 0 {
		b.WriteString("\n" + v.paint(title+":", bold, color) + "\n")
	}
}

// list shows, by address, the first line of each remark: the rest was shown
// when it happened.
func list(b *strings.Builder, entries []entry) {
	entries = slices.SortedStableFunc(slices.Values(entries), func(x, y entry) int { return words.Natural(x.addr, y.addr) })
	for _, e := range entries {
		b.WriteString("  " + inline(e.addr))
		if e.text != "" {
			b.WriteString(": " + firstLine(e.text))
		}
		b.WriteString("\n")
	}
}

// precise spells how long a run took to a tenth of a second.
func precise(d time.Duration) string { return d.Round(100 * time.Millisecond).String() }
