package discover

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/event"
	"kiraform/schema"
)

// leaveOut leaves those entries of lists out which the rules refuse, although Kira has
// them so, such as a person without an e-mail address, and says why. The other entries
// stay, as long as there are any. It reports whether it left something out.
func (w *blockWriter) leaveOut(index map[string]int, values map[string]cty.Value, problems []schema.Problem) (some bool) {
	refused := make(map[string]map[int]schema.Problem)
	for _, p := range problems {
		name, i, is := entryOf(p)
		if _, there := index[name]; !is || !there {
			continue
		}
		if refused[name] == nil {
			refused[name] = make(map[int]schema.Problem)
		}
		if _, twice := refused[name][i]; !twice {
			refused[name][i] = p
		}
	}
	for i := range w.x.kind.Schema.Attrs {
		a := &w.x.kind.Schema.Attrs[i]
		out := refused[a.Name]
		v := values[a.Name]
		if len(out) == 0 || !a.List || a.Nested == nil || !v.IsKnown() || v.IsNull() || len(out) >= v.LengthInt() {
			continue
		}
		l := &w.lines[index[a.Name]]
		var kept []cty.Value
		for i, e := range v.AsValueSlice() {
			if p, is := out[i]; is {
				l.notes = append(l.notes, fmt.Sprintf("%s is left out of %s: %s", called(a, e, i), a.Name, why(p)))
				continue
			}
			kept = append(kept, e)
		}
		values[a.Name] = cty.ListVal(kept)
		w.vars = nil
		l.tokens = w.top(a, values[a.Name])
		l.vars, w.vars = w.vars, nil
		some = true
	}
	return some
}

// entryOf is the entry of a list of the block that a problem is in.
func entryOf(p schema.Problem) (name string, i int, is bool) {
	if p.Warning || len(p.Path) < 2 {
		return "", 0, false
	}
	step, ok := p.Path[1].(cty.IndexStep)
	if !ok || step.Key.Type() != cty.Number {
		return "", 0, false
	}
	n, _ := step.Key.AsBigFloat().Int64()
	return schema.Top(p.Path), int(n), true
}

// called names an entry by the texts that each has to have, such as the names of a
// person, or else by its key.
func called(a *schema.Attr, entry cty.Value, i int) string {
	var names []string
	for _, n := range a.Nested {
		if n.Required && !n.Sensitive {
			names = append(names, schema.Text(schema.Member(entry, n.Name)))
		}
	}
	key := ""
	if a.MergeKey != "" {
		key = schema.Text(schema.Member(entry, a.MergeKey))
	}
	name := strings.TrimSpace(strings.Join(names, " "))
	return event.Foreign(strings.Join(strings.Fields(cmp.Or(name, key, fmt.Sprintf("entry %d", i+1))), " ")).String()
}

// why is the cause of a problem in words, without the advice to whoever writes it.
func why(p schema.Problem) string {
	if i := strings.LastIndex(strings.TrimSuffix(p.Detail, "."), ". "); i > 0 {
		return p.Detail[:i]
	}
	return p.Summary
}
