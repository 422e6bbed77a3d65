package cli

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"kiraform/internal/diag"
	"kiraform/internal/event"
	"kiraform/internal/format"
	"kiraform/internal/webhook"
)

func (a *app) webhookListCommand() *cobra.Command {
	var f eventFlags
	var asJSON, invalid bool
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
			return a.listEvents(log, append(args, "*")[0], user, invalid, asJSON)
		},
	}
	f.bind(c)
	f.bindUser(c)
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	c.Flags().BoolVar(&invalid, "invalid", false, "those that are forged, too")
	return c
}

func eventJSON(e webhook.Event) format.WebhookEvent {
	envelope := e.Envelope()
	j := format.WebhookEvent{EventID: e.ID, Event: e.Event, At: e.At.UTC().Format("2006-01-02T15:04:05.000Z"), Duplicates: e.Duplicates, Valid: e.Valid,
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

func (a *app) listEvents(log *webhook.Log, pattern, user string, invalid, asJSON bool) error {
	events := asked(log.Events(invalid), pattern, user)
	if asJSON {
		all := make([]format.WebhookEvent, 0, len(events))
		for _, e := range events {
			all = append(all, eventJSON(e))
		}
		return a.printJSON(all)
	}
	if len(events) == 0 {
		fmt.Fprintln(a.Stdout, "There are no such events. \"kiraform webhook listen\" keeps those that Kira sends.")
	} else {
		a.printEvents(events)
	}
	for _, gap := range log.Gaps() {
		fmt.Fprintf(a.Stderr, "From %s to %s nobody listened: events sent then are lost.\n", shownTime(gap.Begin), shownTime(gap.End))
	}
	return nil
}

func (a *app) printEvents(events []webhook.Event) {
	w := tabwriter.NewWriter(a.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "AT\tEVENT\tABOUT\tAGAIN\tEVENT ID\tSIGNATURE")
	for _, e := range events {
		again := "-"
		if e.Duplicates > 0 {
			again = fmt.Sprint(e.Duplicates)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", shownTime(e.At), named(e.Event), e.Envelope().About(), again, named(e.ID), e.Verdict)
	}
	_ = w.Flush() // to a writer that cannot fail more than Stdout can
	fmt.Fprintf(a.Stdout, "\n%s.\n", plural(len(events), "event"))
}

// named is a text of an event, or a sign that it has none.
func named(s string) string {
	if s == "" {
		return "-"
	}
	return event.Foreign(s).Line()
}

func (a *app) webhookShowCommand() *cobra.Command {
	var f eventFlags
	var asJSON, raw bool
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
			case asJSON:
				return a.printJSON(format.WebhookContent{WebhookEvent: eventJSON(e), Header: e.Header, Body: string(e.Body)})
			}
			a.printEvent(e)
			return nil
		},
	}
	f.bind(c)
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON")
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
	var known []string
	for _, e := range log.Events(true) {
		if e.ID == id || len(id) >= 8 && strings.HasPrefix(e.SHA256, id) {
			return e, nil
		}
		known = append(known, e.ID)
	}
	return webhook.Event{}, fmt.Errorf("there is no event %q in %s.%s", id, store.Dir, diag.DidYouMean(id, known))
}

func (a *app) printEvent(e webhook.Event) {
	fmt.Fprintf(a.Stdout, "%s  %s\n%s, %s, %d bytes, sha256 %s\n", named(e.Event), named(e.ID), shownTime(e.At), e.Verdict, e.N, e.SHA256)
	if e.Duplicates > 0 {
		fmt.Fprintf(a.Stdout, "It came again: %d.\n", e.Duplicates)
	}
	fmt.Fprintf(a.Stdout, "\nPOST %s from %s\n", event.Foreign(e.Path), event.Foreign(e.Remote))
	for _, name := range slices.Sorted(maps.Keys(e.Header)) {
		for _, v := range e.Header[name] {
			fmt.Fprintf(a.Stdout, "%s: %s\n", event.Foreign(name), event.Foreign(v))
		}
	}
	body := e.Body
	var v any
	if json.Unmarshal(body, &v) == nil {
		if spaced, err := json.MarshalIndent(v, "", "  "); err == nil {
			body = spaced
		}
	}
	fmt.Fprintf(a.Stdout, "\n%s\n", event.Foreign(body).Lines())
}
