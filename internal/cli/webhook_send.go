package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"kiraform/internal/diag"
	"kiraform/internal/event"
	"kiraform/internal/kira"
	"kiraform/internal/ui/words"
	"kiraform/internal/webhook"
)

func (a *app) webhookReplayCommand() *cobra.Command {
	var f eventFlags
	var vars varFlags
	var secrets []string
	var to string
	var resign bool
	c := &cobra.Command{
		Use:   "replay [EVENT_ID...]",
		Short: "Send events that are kept once more, to a URL",
		Long: "replay sends each verified event once, in the order in which they came, with the bytes, the headers and\n" +
			"so the signature that they came with; or only those that are named. With -resign they get a signature\n" +
			"by the secret of " + secretVariable + ", or of the configuration.",
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkURL("-to", to, true); err != nil {
				return err
			}
			secret, err := a.newSignature(resign, secrets, vars)
			if err != nil {
				return err
			}
			events, err := a.replayed(f, args)
			if err != nil {
				return err
			}
			ctx, cancel := a.interruptible(cmd.Context())
			defer cancel()
			return a.replayEvents(ctx, events, to, secret)
		},
	}
	f.bind(c)
	vars.bind(c)
	bindSecret(c, &secrets)
	c.Flags().StringVar(&to, "to", "", "send them to `URL`")
	c.Flags().BoolVar(&resign, "resign", false, "sign them anew")
	return c
}

// newSignature returns the secret to sign with; "" leaves signatures as they are.
func (a *app) newSignature(resign bool, given []string, vars varFlags) (string, error) {
	if !resign {
		return "", nil
	}
	settings, err := a.eventSettings(vars)
	if err != nil {
		return "", err
	}
	secrets, _ := a.eventSecrets(given, settings)
	for _, secret := range secrets {
		if secret != "" {
			return secret, nil
		}
	}
	return "", usage("-resign needs a secret: set %s", secretVariable)
}

// replayed returns the events to send: those that are named, or all that are verified.
func (a *app) replayed(f eventFlags, ids []string) ([]webhook.Event, error) {
	store, err := a.events(f)
	if err != nil {
		return nil, err
	}
	log, err := a.readEvents(store)
	if err != nil {
		return nil, err
	}
	var chosen []webhook.Event
	known := make(map[string]webhook.Event)
	all := log.Events(false)
	for _, e := range all {
		known[e.ID] = e
		if len(ids) == 0 && e.Valid {
			chosen = append(chosen, e)
		}
	}
	if len(ids)+len(chosen) == 0 && len(all) > 0 {
		a.sayf(a.Stderr, "None of %s was verified, and the others are sent only if they are named. To see their ids: kiraform webhook list\n", words.Count(len(all), "event"))
	}
	for _, id := range ids {
		e, ok := known[id]
		if !ok {
			if e, err = eventIn(store, log, id); err != nil {
				return nil, err
			}
			if e.Verdict == webhook.Forged {
				return nil, fmt.Errorf("%s is forged: it is kept to be looked at, and sent to nobody. To read it: kiraform webhook show %s", id, words.Shell(id))
			}
		}
		chosen = append(chosen, e)
	}
	return chosen, nil
}

func (a *app) replayEvents(ctx context.Context, events []webhook.Event, to, secret string) error {
	failed := 0
	for _, e := range events {
		var err error
		if secret != "" && !e.Valid {
			err = errors.New("it was never verified, and a signature of ours would make it a true one; without -resign it is sent as it came")
		} else {
			err = kira.Plain(webhook.Post(ctx, to, &e.Delivery, secret))
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		result := "sent"
		if err != nil {
			failed++
			result = event.Foreign("failed: " + err.Error()).Line()
		}
		fmt.Fprintf(a.Stdout, "%s  %s  %s\n", named(e.Event), named(e.ID), result)
	}
	fmt.Fprintf(a.Stdout, "%s sent, %d failed.\n", words.Count(len(events)-failed, "event"), failed)
	if failed > 0 {
		return &exit{code: ExitFailed}
	}
	return nil
}

// sendFlags are the flags of webhook send.
type sendFlags struct {
	eventFlags
	vars    varFlags
	secrets []string
	to, id  string
	set     []string
}

func (a *app) webhookSendCommand() *cobra.Command {
	var f sendFlags
	c := &cobra.Command{
		Use:   "send EVENT",
		Short: "Send an event as Kira would, to try out a receiver",
		Long: "send posts an event in the shape that Kira documents, with made-up content, to -to. It is signed with the\n" +
			"secret of " + secretVariable + ", or of the registration in the configuration. The events are:\n\n  " +
			strings.Join(webhook.Known(), "\n  "),
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return a.sendEvent(cmd.Context(), f, args[0]) },
	}
	f.state.bind(c)
	f.vars.bind(c)
	bindSecret(c, &f.secrets)
	c.Flags().StringVar(&f.user, "user", "", "an event of this user: its `ADDRESS`, or its id at Kira")
	c.Flags().StringVar(&f.to, "to", "http://"+ownReceiver, "send it to `URL`")
	c.Flags().StringVar(&f.id, "id", "", "give it this `ID`, rather than a new one")
	c.Flags().StringArrayVar(&f.set, "set", nil, "`NAME=VALUE` in its content; may be repeated")
	return c
}

func (a *app) sendEvent(ctx context.Context, f sendFlags, name string) error {
	if err := checkURL("-to", f.to, true); err != nil {
		return err
	}
	set := make(map[string]string)
	for _, s := range f.set {
		key, value, ok := strings.Cut(s, "=")
		if !ok || key == "" {
			return usage("-set takes NAME=VALUE")
		}
		set[key] = value
	}
	user, err := a.userID(ctx, f.eventFlags)
	if err != nil {
		return err
	}
	settings, err := a.eventSettings(f.vars)
	if err != nil {
		return err
	}
	secrets, _ := a.eventSecrets(f.secrets, settings)
	secret := ""
	for _, s := range secrets {
		if secret = s; s != "" {
			break
		}
	}
	d, err := webhook.Sample(name, webhook.Content{ID: f.id, User: user, Set: set}, secret)
	if err != nil {
		return usage("%v.%s \"kiraform webhook send -help\" lists them", err, diag.DidYouMean(name, webhook.Known()))
	}
	ctx, cancel := a.interruptible(ctx)
	defer cancel()
	if err := kira.Plain(webhook.Post(ctx, f.to, d, "")); errors.Is(err, webhook.ErrRefused) {
		return fmt.Errorf("%s was sent, and %w", name, err)
	} else if err != nil {
		if listener := listensAt(f.to); errors.Is(err, syscall.ECONNREFUSED) && listener != "" {
			return fmt.Errorf("%s was not sent: nobody listens at %s. To take events in there, run in another terminal: %s", name, f.to, listener)
		}
		return fmt.Errorf("%s was not sent: %w", name, err)
	}
	signed := "signed"
	if secret == "" {
		signed = "not signed: there is no secret"
	}
	fmt.Fprintf(a.Stdout, "Sent %s with event_id %s to %s (%s).\n", name, event.Foreign(d.ID), f.to, signed)
	return nil
}

// listensAt is the command that takes in events at a URL of this machine, and "" for
// another one.
func listensAt(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "http" || !net.ParseIP(u.Hostname()).IsLoopback() {
		return ""
	}
	if u.Host == ownReceiver {
		return "kiraform webhook listen"
	}
	return "kiraform webhook listen -listen=" + u.Host
}
