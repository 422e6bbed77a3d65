package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"kiraform/internal/engine"
	"kiraform/internal/event"
	"kiraform/internal/ui/words"
)

// statusReport says where each user, account and payout under way stands, and its next step.
type statusReport struct {
	Place     event.Place      `json:"place"`
	Resources []standingObject `json:"resources"`
	Unread    []string         `json:"unread,omitempty"`   // addresses of objects that could not be looked at
	Unproven  int              `json:"unproven,omitempty"` // objects of which something was never compared with Kira
	Requests  int64            `json:"requests"`           // that were sent to Kira

	carry func(string) string // see [carrier]
}

type standingObject struct {
	Addr     string          `json:"address"`
	ID       string          `json:"id,omitempty"` // "" while there is no object
	Status   string          `json:"status"`       // that Kira shows; "" for none
	Standing engine.Standing `json:"standing"`
	Waits    string          `json:"waits_for,omitempty"`
	Since    *time.Time      `json:"since,omitempty"` // when Kira last changed the object, as far as it says so
	Then     string          `json:"next,omitempty"`  // the advice, in sentences

	Rejection *engine.Rejection `json:"rejection,omitempty"` // why it has ended, if an event said so
}

func (a *app) reportStatus(s *engine.Statuses) statusReport {
	r := statusReport{carry: strings.Clone, Place: s.Place, Resources: make([]standingObject, len(s.Resources)), Unread: s.Unread, Unproven: s.Unproven, Requests: s.Requests}
	for i, o := range s.Resources {
		r.Resources[i] = standingObject{o.Addr.String(), o.ID, o.Status, o.Standing, o.Waits, o.Since, o.Then, o.Rejection}
	}
	return r
}

func (r statusReport) json() any { return r }

func (r statusReport) carried(carry func(string) string) report {
	r.carry, r.Resources = carry, slices.Clone(r.Resources)
	for i := range r.Resources {
		r.Resources[i].Then = carry(r.Resources[i].Then)
	}
	return r
}

func (r statusReport) text(to io.Writer) error {
	if where := r.Place.String(); where != "" {
		fmt.Fprintf(to, "On %s.\n\n", where)
	}
	if len(r.Resources) == 0 {
		_, err := fmt.Fprint(to, r.carry("There are no users or accounts, in the configuration or in the state.\nTo see how to write one: kiraform explain kira_user\n"))
		return err
	}
	all := table{{"RESOURCE", "STATUS", "SINCE", "WAITS FOR"}}
	n := make(map[engine.Standing]int)
	for _, o := range r.Resources {
		n[o.Standing]++
		all.row(o.Addr, o.status(), o.since(), o.waits())
	}
	if err := all.write(to); err != nil {
		return err
	}
	r.next(to)
	fmt.Fprintf(to, "\n%s: %d ready, %d waiting, %d ended.", r.number(), n[engine.Ready], n[engine.Waits], n[engine.HasEnd])
	if n[engine.Unknown] > 0 {
		fmt.Fprintf(to, " %d could not be looked at.", n[engine.Unknown])
	}
	fmt.Fprintln(to)
	if r.Unproven > 0 {
		fmt.Fprint(to, r.carry(fmt.Sprintf("%s unproven: attributes that Kira does not show were assumed (kiraform state trust ADDR).\n", words.Count(r.Unproven, "object"))))
	}
	if r.Requests > 0 {
		fmt.Fprintf(to, "%s to Kira.\n", words.Count(int(r.Requests), "request"))
	}
	return nil
}

// number counts resources and payouts.
func (r statusReport) number() string {
	n := 0
	for _, o := range r.Resources {
		if event.IsAction(o.Addr) {
			n++
		}
	}
	switch all := words.Count(len(r.Resources)-n, "resource"); {
	case n > 0 && n < len(r.Resources):
		return all + " and " + words.Count(n, "payout")
	case n > 0:
		return words.Count(n, "payout")
	default:
		return all
	}
}

func (o standingObject) status() string {
	switch {
	case o.ID == "":
		return "not made"
	case o.Status == "":
		return "not shown"
	}
	return event.Foreign(o.Status).String()
}

// since is when Kira last changed an object: it says no more.
func (o standingObject) since() string {
	if o.Since == nil {
		return "-"
	}
	return words.Minute(*o.Since)
}

func (o standingObject) waits() string {
	switch o.Standing {
	case engine.Ready:
		return "nothing: it is ready"
	case engine.HasEnd:
		if event.IsAction(o.Addr) {
			return "nothing: it did not arrive"
		}
		return "nothing: it has ended, and cannot be used"
	}
	return event.Foreign(o.Waits).String()
}

// next prints each piece of advice once, for all the resources that it is
// about.
func (r statusReport) next(w io.Writer) {
	var order []string
	of := make(map[string][]string)
	for _, o := range r.Resources {
		if o.Then == "" {
			continue
		}
		if !slices.Contains(order, o.Then) {
			order = append(order, o.Then)
		}
		of[o.Then] = append(of[o.Then], o.Addr)
	}
	for i, next := range order {
		if i == 0 {
			fmt.Fprintln(w, "\nWhat to do:")
		}
		fmt.Fprintf(w, "  %s\n    %s\n", strings.Join(of[next], ", "), event.Foreign(next))
	}
}
