package text

import (
	"fmt"
	"strings"
	"time"

	"kiraform/internal/event"
	"kiraform/internal/ui/words"
)

// passing shows the events that a stream means the same without.
func (v *View) passing(e event.Event) string {
	switch e := e.(type) {
	case event.Refresh:
		if v.run.refreshing || e.Total == 0 {
			return ""
		}
		v.run.refreshing = true
		return v.paint(fmt.Sprintf("Refreshing state... [%s]", words.Count(e.Total, "resource")), bold) + "\n"
	case event.Note:
		return about(e.Addr, visible(e.Text))
	case event.Retry:
		return about(e.Addr, visible(e.Text))
	case event.Gate:
		v.run.gates[e.Addr] = string(e.Text)
		return about(e.Addr, "Waiting: "+visible(e.Text))
	case event.Still:
		if why, ok := v.run.gates[e.Addr]; ok {
			return about(e.Addr, "Waiting: "+visible(why)+" ["+elapsed(e.Elapsed)+" elapsed]")
		}
		return v.bold(e.Addr, "Still "+words.Lower(actionOf(e.Action).Begin)+"... ["+tag(e.ID, elapsed(e.Elapsed)+" elapsed")+"]")
	}
	panic(fmt.Sprintf("text: %T is not passing", e))
}

// milestone shows the events that are also remembered until the end.
func (v *View) milestone(e event.Event) {
	switch e := e.(type) {
	case event.Begin:
		delete(v.run.gates, e.Addr)
		if e.ID != "" {
			v.run.old[e.Addr] = e.ID
		}
		v.progress(v.bold(e.Addr, actionOf(e.Action).Begin+"..."+in(e.ID)))
	case event.Adopted:
		v.run.adopted[e.Addr] = true
		v.progress(v.bold(e.Addr, "Adopted"+in(e.ID)))
	case event.End:
		delete(v.run.gates, e.Addr)
		v.end(e)
	case event.Skip:
		v.run.skipped = append(v.run.skipped, entry{e.Addr, "because of " + e.Cause})
		v.progress(about(e.Addr, "Skipped because of "+visible(e.Cause)))
	case event.Deferred:
		delete(v.run.gates, e.Addr)
		v.run.deferred = append(v.run.deferred, entry{e.Addr, string(e.Reason)})
		v.progress(about(e.Addr, "Deferred: "+visible(e.Reason)))
	case event.Unready:
		delete(v.run.gates, e.Addr)
		v.run.unready = append(v.run.unready, entry{e.Addr, string(e.Reason)})
		v.progress(about(e.Addr, "Not ready for use yet: "+visible(e.Reason)))
	default:
		panic(fmt.Sprintf("text: %T is not a milestone", e))
	}
}

// end shows how the work on a resource went. An object that turned out to exist
// already was not created, whatever the plan had in mind.
func (v *View) end(e event.End) {
	v.run.ended++
	if e.Err != "" {
		v.run.failed = append(v.run.failed, entry{e.Addr, string(e.Err)})
		v.write(about(e.Addr, v.paint("Failed after "+elapsed(e.Took)+":", red)+" "+visible(e.Err)))
		return
	}
	name := e.Action
	if v.run.adopted[e.Addr] {
		name = event.Adopt
	}
	old := v.run.old[e.Addr]
	switch {
	case name == event.Forget:
		id := e.ID
		if id == "" {
			id = old
		}
		v.run.left = append(v.run.left, entry{e.Addr, id})
		v.progress(v.bold(e.Addr, actionOf(name).Done+in(id)))
		return
	case name == event.Replace && old != "" && old != e.ID:
		v.run.left = append(v.run.left, entry{e.Addr, old})
	}
	v.progress(v.bold(e.Addr, actionOf(name).Done+" after "+elapsed(e.Took)+in(e.ID)))
}

// about is a line on one resource. Further lines of the text are indented.
func about(addr, text string) string {
	return inline(addr) + ": " + strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\n  ") + "\n"
}

// bold is like about for the lines that a reader looks for.
func (v *View) bold(addr, text string) string {
	return v.paint(inline(addr)+": "+text, bold) + "\n"
}

// in names an object: " [id=usr_1]".
func in(id string) string {
	if id == "" {
		return ""
	}
	return " [" + tag(id, "") + "]"
}

func tag(id, more string) string {
	switch {
	case id == "":
		return more
	case more == "":
		return "id=" + inline(id)
	}
	return "id=" + inline(id) + ", " + more
}

// elapsed spells a duration in whole seconds, as Terraform does.
func elapsed(d time.Duration) string { return d.Truncate(time.Second).String() }
