package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kiraform/internal/diag"
	"kiraform/internal/event"
	"kiraform/internal/ui/words"
	"kiraform/internal/webhook"
)

func (a *app) webhookListCommand() *cobra.Command {
	var f eventFlags
	var invalid bool
	var as format
	c := &cobra.Command{
		Use:   "list [EVENT]",
		Short: "List the events that are kept",
		Long: "list shows each event once, in the order in which they came, with the number of times that it came\n" +
			"again. EVENT is a name in which * stands for anything: 'user.verification.*'.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			store, err := a.events(f)
			if err != nil {
				return err
			}
			user, err := a.userID(cmd.Context(), f)
			if err != nil {
				return err
			}
			log, err := a.readEvents(store)
			if err != nil {
				return err
			}
			return a.listEvents(log, append(args, "*")[0], user, invalid, as)
		},
	}
	f.bind(c)
	f.bindUser(c)
	as.bind(c)
	c.Flags().BoolVar(&invalid, "invalid", false, "those that are forged, too")
	return c
}

// jsonEvent is one event of webhook list -json.
type jsonEvent struct {
	EventID    string          `json:"event_id"`
	Event      string          `json:"event"`
	At         string          `json:"at"`
	Duplicates int             `json:"duplicates"`
	UserID     *string         `json:"user_id"`
	Valid      bool            `json:"valid"`
	Verdict    webhook.Verdict `json:"verdict"`
	AccountID  string          `json:"virtual_account_id,omitempty"`
	PayoutID   string          `json:"payout_id,omitempty"`
	SHA256     string          `json:"sha256"`
}

func eventJSON(e webhook.Event) jsonEvent {
	envelope := e.Envelope()
	j := jsonEvent{EventID: e.ID, Event: e.Event, At: e.At.UTC().Format("2006-01-02T15:04:05.000Z"), Duplicates: e.Duplicates, Valid: e.Valid,
		Verdict: e.Verdict, AccountID: string(envelope.Account), PayoutID: string(envelope.Payout), SHA256: e.SHA256}
	if user := string(envelope.User); user != "" {
		j.UserID = &user
	}
	return j
}

// asked returns the events of a name and a user.
func asked(events []webhook.Event, pattern, user string) []webhook.Event {
	return slices.DeleteFunc(events, func(e webhook.Event) bool {
		return !webhook.Matches(pattern, e.Event) || user != "" && string(e.Envelope().User) != user
	})
}

func (a *app) listEvents(log *webhook.Log, pattern, user string, invalid bool, as format) error {
	events := asked(log.Events(invalid), pattern, user)
	if err := a.show(as, eventsReport(events)); err != nil || !as.forPeople() {
		return err
	}
	switch {
	case len(events) > 0:
	case len(log.Events(true)) == 0:
		a.sayf(a.Stdout, "To keep those that Kira sends: kiraform webhook listen\n")
	default:
		a.unknownEvent(pattern)
		a.sayf(a.Stdout, "To list all that are kept: kiraform webhook list -invalid\n")
	}
	for _, gap := range log.Gaps() {
		fmt.Fprintf(a.Stderr, "From %s to %s nobody listened: events sent then are lost.\n", words.Moment(gap.Begin), words.Moment(gap.End))
	}
	return nil
}

// unknownEvent says of a name that it may be misspelt.
func (a *app) unknownEvent(name string) {
	if known := webhook.Known(); !strings.Contains(name, "*") && !slices.Contains(known, name) {
		a.sayf(a.Stderr, "There is no event %q in Kira's documents.%s To list those that are: kiraform webhook send -help\n", name, diag.DidYouMean(name, known))
	}
}

// eventsReport lists events, in the order in which they came.
type eventsReport []webhook.Event

func (r eventsReport) json() any {
	all := make([]jsonEvent, 0, len(r))
	for _, e := range r {
		all = append(all, eventJSON(e))
	}
	return all
}

func (r eventsReport) text(to io.Writer) error {
	if len(r) == 0 {
		_, err := fmt.Fprintln(to, "There are no such events.")
		return err
	}
	all := table{{"AT", "EVENT", "ABOUT", "AGAIN", "EVENT ID", "SIGNATURE"}}
	for _, e := range r {
		again := "-"
		if e.Duplicates > 0 {
			again = fmt.Sprint(e.Duplicates)
		}
		all.row(words.Moment(e.At), named(e.Event), e.Envelope().About(), again, named(e.ID), e.Verdict)
	}
	if err := all.write(to); err != nil {
		return err
	}
	_, err := fmt.Fprintf(to, "\n%s.\n", words.Count(len(r), "event"))
	return err
}

// named is a text of an event, or a sign that it has none.
func named(s string) string {
	if s == "" {
		return "-"
	}
	return event.Foreign(s).Brief()
}

func (a *app) webhookShowCommand() *cobra.Command {
	var f eventFlags
	var raw bool
	var as format
	c := &cobra.Command{
		Use:   "show EVENT_ID",
		Short: "Show an event that is kept, with its content",
		Long: "show prints the headers and the body of an event. The body has personal data. With -raw it prints the\n" +
			"bytes of the body, as they came, and nothing else.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			e, err := a.eventOf(f, args[0])
			if err != nil {
				return err
			}
			switch {
			case e.Locked != nil:
				return fmt.Errorf("the content of %s cannot be read: %w", args[0], e.Locked)
			case raw:
				_, err := a.raw.Write(e.Body)
				return err
			}
			return a.show(as, eventReport{e})
		},
	}
	f.bind(c)
	as.bind(c)
	c.Flags().BoolVar(&raw, "raw", false, "the bytes of the body alone")
	return c
}

// eventOf finds an event by its id, or by the beginning of its digest.
func (a *app) eventOf(f eventFlags, id string) (webhook.Event, error) {
	store, err := a.events(f)
	if err != nil {
		return webhook.Event{}, err
	}
	log, err := a.readEvents(store)
	if err != nil {
		return webhook.Event{}, err
	}
	return eventIn(store, log, id)
}

func eventIn(store webhook.Store, log *webhook.Log, id string) (webhook.Event, error) {
	var known []string
	for _, e := range log.Events(true) {
		if e.ID == id || len(id) >= 8 && strings.HasPrefix(e.SHA256, id) {
			return e, nil
		}
		known = append(known, e.ID)
	}
	return webhook.Event{}, fmt.Errorf("there is no event %q in %s.%s To list those that are kept: kiraform webhook list -invalid", id, store.Dir, diag.DidYouMean(id, known))
}

// eventReport is one event, with its headers and its body.
type eventReport struct{ webhook.Event }

func (r eventReport) json() any {
	return struct {
		jsonEvent
		Header map[string][]string `json:"header"`
		Body   string              `json:"body"`
	}{eventJSON(r.Event), r.Header, string(r.Body)}
}

func (r eventReport) text(w io.Writer) error {
	e := r.Event
	fmt.Fprintf(w, "%s  %s\n%s, %s, %d bytes, sha256 %s\n", named(e.Event), named(e.ID), words.Moment(e.At), e.Verdict, e.N, e.SHA256)
	if e.Duplicates > 0 {
		fmt.Fprintf(w, "It came again: %d.\n", e.Duplicates)
	}
	fmt.Fprintf(w, "\nPOST %s from %s\n", event.Foreign(e.Path), event.Foreign(e.Remote))
	for _, name := range slices.Sorted(maps.Keys(e.Header)) {
		for _, v := range e.Header[name] {
			fmt.Fprintf(w, "%s: %s\n", event.Foreign(name), event.Foreign(v))
		}
	}
	body := e.Body
	var v any
	if json.Unmarshal(body, &v) == nil {
		if spaced, err := json.MarshalIndent(v, "", "  "); err == nil {
			body = spaced
		}
	}
	_, err := fmt.Fprintf(w, "\n%s\n", event.Foreign(body).Lines())
	return err
}
