package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"kiraform/internal/addr"
	"kiraform/internal/event"
	"kiraform/internal/ui/text"
	"kiraform/internal/ui/words"
	"kiraform/state"
)

// resourceReport is one resource as the state remembers it.
type resourceReport struct {
	Addr     string         `json:"address"`
	Module   string         `json:"module,omitempty"`
	Kind     string         `json:"type"`
	Name     string         `json:"name"`
	ID       string         `json:"id"`
	Values   map[string]any `json:"values"`           // a value that is not kept is null
	Hidden   []string       `json:"hidden,omitempty"` // paths of the values that are not kept, or not shown
	Trusted  *answeredFor   `json:"trusted,omitempty"`
	Unproven int            `json:"unproven,omitempty"` // attributes of which something was never compared with Kira

	shown event.Planned
	look  text.Options
}

// answeredFor is who answered for values that Kira does not show.
type answeredFor struct {
	By string    `json:"by"`
	At time.Time `json:"at"`
}

func (a *app) reportResource(s *state.State, at addr.Resource) resourceReport {
	o, shown := s.Resources[at], describe(s, at)
	r := resourceReport{Addr: shown.Addr, Module: shown.Module, Kind: shown.Kind, Name: shown.Name, ID: o.ID,
		Unproven: len(o.Unproven), shown: shown, look: a.look()}
	r.Values = r.members(shown.Nodes, "")
	if t := o.Trusted; t != nil {
		r.Trusted = &answeredFor{t.By, t.At.UTC()}
	}
	return r
}

// members are nodes as the members of an object of JSON.
func (r *resourceReport) members(nodes []event.Node, under string) map[string]any {
	all := make(map[string]any, len(nodes))
	for _, n := range nodes {
		path := n.Name
		if under != "" {
			path = under + "." + n.Name
		}
		all[n.Name] = r.value(n, path)
	}
	return all
}

func (r *resourceReport) value(n event.Node, path string) any {
	switch n.Shape {
	case event.ObjectShape, event.MapShape:
		return r.members(n.Nodes, path)
	case event.ListShape:
		all := make([]any, len(n.Nodes))
		for i, e := range n.Nodes {
			all[i] = r.value(e, fmt.Sprintf("%s[%d]", path, i))
		}
		return all
	}
	leaf := n.After
	if leaf.IsNull() {
		leaf = n.Before
	}
	switch {
	case leaf.Text != nil:
		return string(*leaf.Text)
	case leaf.Sensitive || leaf.Sealed:
		r.Hidden = append(r.Hidden, path)
		return nil
	case leaf.Literal != "" && json.Valid([]byte(leaf.Literal)):
		return json.RawMessage(leaf.Literal)
	case leaf.Literal != "":
		return leaf.Literal
	}
	return nil
}

func (r resourceReport) json() any { return r }

func (r resourceReport) text(w io.Writer) error {
	r.look.Out = w
	text.New(r.look).Resource(r.shown)
	if t := r.Trusted; t != nil {
		fmt.Fprintf(w, "# The attributes that Kira does not show were answered for by %s, %s.\n", t.By, words.Moment(t.At))
	}
	if r.Unproven > 0 {
		fmt.Fprintf(w, "# %s unproven: Kira does not show it, and nobody has compared it.\n", words.Count(r.Unproven, "attribute"))
	}
	return nil
}
