package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"kiraform/internal/engine"
	"kiraform/internal/event"
	"kiraform/internal/ui/words"
	"kiraform/plan"
)

// driftReport has the attributes in which Kira differs from the last apply, and
// those in which the configuration does.
type driftReport struct {
	Place     event.Place     `json:"place"`
	Resources []driftedObject `json:"resources"`        // those that there is something to say of, sorted by address
	Compared  int             `json:"compared"`         // resources that were looked at
	Ended     []endedObject   `json:"ended,omitempty"`  // objects that cannot be used any more, sorted by address
	Unread    []string        `json:"unread,omitempty"` // addresses of resources that could not be looked at
	Unseen    int             `json:"unseen"`           // attributes that are written, but that Kira never shows
	Requests  int64           `json:"requests"`         // that were sent to Kira
}

type driftedObject struct {
	Addr      string             `json:"address"`
	ID        string             `json:"id"`
	Gone      bool               `json:"gone"`                // Kira has it no more
	Unwritten bool               `json:"unwritten,omitempty"` // it is in the state, but not in the configuration any more
	Attrs     []driftedAttribute `json:"attributes"`

	drifted bool
}

type driftedAttribute struct {
	Path    string     `json:"path"`
	Cause   plan.Cause `json:"cause"`   // "drifted" or "both" is drift, "configured" and "unreadable" are not
	Written event.Leaf `json:"written"` // in the configuration; of an unwritten resource, the applied value
	Live    event.Leaf `json:"live"`    // at Kira; null where Kira does not show it
}

type endedObject struct {
	Addr string `json:"address"`
	ID   string `json:"id"`
	Is   string `json:"is"` // in Kira's words, such as "REJECTED"
	Then string `json:"next,omitempty"`
}

func reportDrift(at event.Place, d *engine.Drift) driftReport {
	r := driftReport{Place: at, Resources: []driftedObject{}, Compared: d.Compared, Unread: d.Unread, Unseen: d.Unseen, Requests: d.Requests}
	for _, o := range d.Resources {
		out := driftedObject{Addr: o.Addr.String(), ID: o.ID, Gone: o.Gone, Unwritten: o.Unwritten, Attrs: []driftedAttribute{}, drifted: o.Drifted()}
		for _, at := range o.Attrs {
			out.Attrs = append(out.Attrs, driftedAttribute(at))
		}
		r.Resources = append(r.Resources, out)
	}
	for _, e := range d.Ended {
		r.Ended = append(r.Ended, endedObject{Addr: e.Addr.String(), ID: e.ID, Is: e.Is, Then: e.Then})
	}
	return r
}

func (r driftReport) json() any { return r }

func (r driftReport) carried(carry func(string) string) report {
	r.Ended = slices.Clone(r.Ended)
	for i := range r.Ended {
		r.Ended[i].Then = carry(r.Ended[i].Then)
	}
	return r
}

func (r driftReport) text(to io.Writer) error {
	var w strings.Builder
	r.lines(&w)
	_, err := io.WriteString(to, w.String())
	return err
}

func (r driftReport) lines(w *strings.Builder) {
	r.sum(w)
	for _, o := range r.Resources {
		switch {
		case o.Gone:
			fmt.Fprintf(w, "\n%s is gone%s: Kira has no %s any more\n", o.Addr, o.unwritten(), o.ID)
			continue
		case o.drifted:
			fmt.Fprintf(w, "\n%s has changed at Kira%s [id=%s]\n", o.Addr, o.unwritten(), o.ID)
		default:
			fmt.Fprintf(w, "\n%s is as it was applied, but not as it is written [id=%s]\n", o.Addr, o.ID)
		}
		for _, at := range o.Attrs {
			fmt.Fprintf(w, "  %s: %s %s, live %s  # %s\n", at.Path, o.expected(), at.Written.Line(), at.live(), causes[at.Cause])
		}
	}
	for _, e := range r.Ended {
		fmt.Fprintf(w, "\n%s is %s at Kira, and does not become usable by itself [id=%s]\n  %s\n", e.Addr, e.Is, e.ID, e.Then)
	}
}

// sum says the most important part first: how many there are of each.
func (r driftReport) sum(w io.Writer) {
	changed, gone, ended := 0, 0, ""
	for _, o := range r.Resources {
		switch {
		case o.Gone:
			gone++
		case o.drifted:
			changed++
		}
	}
	if len(r.Ended) > 0 {
		ended = fmt.Sprintf(", %d ended", len(r.Ended))
	}
	fmt.Fprintf(w, "\nDrift: %d changed at Kira, %d gone%s, of %d compared.", changed, gone, ended, r.Compared)
	if r.Unseen > 0 {
		them := "them"
		if r.Unseen == 1 {
			them = "it"
		}
		fmt.Fprintf(w, " %s cannot be checked: Kira never shows %s.", words.Count(r.Unseen, "attribute"), them)
	}
	fmt.Fprintf(w, "\n%s to Kira.\n", words.Count(int(r.Requests), "request"))
}

// causes says in words who made an attribute differ.
var causes = map[plan.Cause]string{
	plan.Drifted:    "changed at Kira",
	plan.Both:       "changed at Kira and in the configuration",
	plan.Configured: "changed in the configuration",
	plan.Unreadable: "Kira cannot show it, and it was never sent from here",
}

// unwritten says of a resource that only the state has it.
func (o driftedObject) unwritten() string {
	if o.Unwritten {
		return ", and is not in the configuration"
	}
	return ""
}

// expected names the value that live ones are compared with.
func (o driftedObject) expected() string {
	if o.Unwritten {
		return "applied"
	}
	return "written"
}

// live spells the value at Kira, as far as it can be seen. One that did not
// change there is null because Kira does not show it.
func (at driftedAttribute) live() string {
	if at.Live.IsNull() && at.Cause != plan.Drifted && at.Cause != plan.Both {
		return "(Kira never shows it)"
	}
	return at.Live.Line()
}
