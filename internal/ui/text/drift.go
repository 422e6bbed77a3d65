package text

import (
	"fmt"
	"strings"

	"kiraform/internal/event"
	"kiraform/internal/ui/words"
)

// refreshed shows how Kira differs from the state.
func (v *View) refreshed(e event.PlanEnd) string {
	moved := e.Counts[event.Drift] + e.Counts[event.Gone]
	out := &strings.Builder{}
	if moved == 0 {
		out.WriteString("\n" + v.paint("No drift. The live objects equal the state.", bold, green) + "\n\n")
		out.WriteString(v.sentence("kiraform has compared " + words.Count(e.Counts[event.NoOp], "resource") + " with the live ones."))
		return out.String() + v.over(e.Ended)
	}
	out.WriteString("\nThe following is not at Kira as the state has it:\n\n")
	for _, p := range v.run.planned {
		v.planned(out, p)
	}
	v.run.planned = nil
	fmt.Fprintf(out, "%s %d changed at Kira, %d gone, %d as before.\n\n", v.paint("Drift:", bold),
		e.Counts[event.Drift], e.Counts[event.Gone], e.Counts[event.NoOp])
	out.WriteString(v.sentence("\"kiraform refresh\" takes this into the state, and changes nothing at Kira. " +
		"An ordinary plan shows the changes that put it back."))
	return out.String() + v.over(e.Ended)
}
