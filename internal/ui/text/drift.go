package text

import (
	"fmt"
	"strings"

	"kiraform/internal/event"
)

// refreshed shows in what Kira is not as the state has it.
func (v *View) refreshed(e event.PlanEnd) string {
	moved := e.Counts[driftAction] + e.Counts[goneAction]
	out := &strings.Builder{}
	if moved == 0 {
		out.WriteString("\n" + v.paint("No drift. What is live at Kira is what the state has.", bold, green) + "\n\n")
		out.WriteString(v.sentence("kiraform has compared " + count(e.Counts[noAction], "resource") + " with what is live."))
		return out.String() + v.over(e.Ended)
	}
	out.WriteString("\nThe following is not at Kira as the state has it:\n\n")
	for _, p := range v.run.planned {
		v.planned(out, p)
	}
	v.run.planned = nil
	fmt.Fprintf(out, "%s %d changed at Kira, %d gone, %d as before.\n\n", v.paint("Drift:", bold),
		e.Counts[driftAction], e.Counts[goneAction], e.Counts[noAction])
	out.WriteString(v.sentence("\"kiraform refresh\" takes this into the state, and changes nothing at Kira. " +
		"An ordinary plan shows what it takes to put it back."))
	return out.String() + v.over(e.Ended)
}

// Value spells one value on one line, without escape codes.
func Value(l event.Leaf) string {
	var b body
	return b.value(l)
}
