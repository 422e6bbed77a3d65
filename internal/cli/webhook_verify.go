package cli

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"kiraform/internal/ui/words"
	"kiraform/internal/webhook"
)

func (a *app) webhookVerifyCommand() *cobra.Command {
	var f eventFlags
	var vars varFlags
	var secrets []string
	var signature string
	c := &cobra.Command{
		Use:   "verify",
		Short: "Verify the signatures of the events that are kept, or of one delivery",
		Long: "verify computes the signature of each event that is kept with the secrets, and exits with 1 if one is\n" +
			"of none of them. Deliveries that were forged when they came are counted apart: anybody can send them,\n" +
			"and they fail it only if no event is of the secrets, which may be the wrong ones then. With -signature=TEXT it verifies one delivery, whose body it\n" +
			"reads from standard input, byte for byte.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			settings, err := a.eventSettings(vars)
			if err != nil {
				return err
			}
			with, _ := a.eventSecrets(secrets, settings)
			if !with.Any() {
				return usage("there is no secret to verify with: set %s", secretVariable)
			}
			if cmd.Flags().Changed("signature") {
				return a.verifyOne(with, signature)
			}
			return a.verifyStore(f, with)
		},
	}
	f.bind(c)
	vars.bind(c)
	bindSecret(c, &secrets)
	c.Flags().StringVar(&signature, "signature", "", "the `TEXT` of the header x-signature-sha256 of one delivery")
	return c
}

func (a *app) verifyOne(with webhook.Secrets, signature string) error {
	body, err := io.ReadAll(io.LimitReader(a.Stdin, webhook.MaxBody+1))
	if err != nil {
		return err
	}
	if len(body) > webhook.MaxBody {
		return fmt.Errorf("a body has 1 MiB at most")
	}
	if !with.Verify(body, signature) {
		return &exit{ExitFailed, fmt.Sprintf("the signature is not that of these %d bytes with the secret", len(body))}
	}
	fmt.Fprintln(a.Stdout, "The signature is right.")
	return nil
}

func (a *app) verifyStore(f eventFlags, with webhook.Secrets) error {
	store, err := a.events(f)
	if err != nil {
		return err
	}
	log, err := a.readEvents(store)
	if err != nil {
		return err
	}
	right, wrong, forged, locked := 0, 0, 0, 0
	for _, e := range log.Events(true) {
		switch {
		case e.Locked != nil:
			locked++
			fmt.Fprintf(a.Stdout, "%s  %s  %s  cannot be read\n", words.Moment(e.At), named(e.Event), named(e.ID))
		case with.Verify(e.Body, e.Header.Get(webhook.SignatureHeader)):
			right++
		case e.Verdict == webhook.Forged:
			forged++
		default:
			wrong++
			fmt.Fprintf(a.Stdout, "%s  %s  %s  does not match\n", words.Moment(e.At), named(e.Event), named(e.ID))
		}
	}
	sum := fmt.Sprintf("%s right, %d wrong", words.Count(right, "signature"), wrong)
	if forged > 0 {
		sum += fmt.Sprintf(", %d forged, as when they came", forged)
	}
	if locked > 0 {
		sum += fmt.Sprintf(", %d that cannot be read without the key of the store", locked)
	}
	fmt.Fprintln(a.Stdout, sum+".")
	if wrong+locked > 0 || right == 0 && forged > 0 {
		return &exit{code: ExitFailed}
	}
	return nil
}

func (a *app) webhookWaitCommand() *cobra.Command {
	var f eventFlags
	var timeout time.Duration
	var unverified bool
	c := &cobra.Command{
		Use:   "wait EVENT",
		Short: "Wait until an event has come",
		Long: "wait ends as soon as \"webhook listen\", in another process, has kept a verified event of that name, in\n" +
			"which * stands for anything; one that is kept already counts. When the time is up, it exits with 1.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if timeout <= 0 {
				return usage("-timeout must be more than 0")
			}
			store, err := a.events(f)
			if err != nil {
				return err
			}
			user, err := a.userID(cmd.Context(), f)
			if err != nil {
				return err
			}
			if _, err := a.readEvents(store); err != nil { // reports lines that cannot be read, once
				return err
			}
			ctx, cancel := a.interruptible(cmd.Context())
			defer cancel()
			a.unknownEvent(args[0])
			return a.waitFor(ctx, store, args[0], user, timeout, unverified)
		},
	}
	f.bind(c)
	f.bindUser(c)
	c.Flags().DurationVar(&timeout, "timeout", 5*time.Minute, "wait up to `DURATION`")
	c.Flags().BoolVar(&unverified, "unverified", false, "an event that could not be verified counts too")
	return c
}

func (a *app) waitFor(ctx context.Context, store webhook.Store, pattern, user string, timeout time.Duration, unverified bool) error {
	limit, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for before, begun := "none", false; ; {
		e, err := waited(store, pattern, user, unverified, &before)
		if err != nil {
			return err
		}
		if e != nil {
			fmt.Fprintf(a.Stdout, "%s  %s  %s  %s\n", words.Moment(e.At), named(e.Event), e.Envelope().About(), named(e.ID))
			return nil
		}
		if !begun && !store.Listened() {
			a.sayf(a.Stderr, "Nobody listens for events at the moment. To do so, in another window: kiraform webhook listen\n")
		}
		begun = true
		select {
		case <-tick.C:
		case <-limit.Done():
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return &exit{ExitFailed, fmt.Sprintf("no event %s came within %s. To list those that did: kiraform webhook list -invalid", pattern, timeout)}
		}
	}
}

// waited returns the first event that is waited for, or nil. It looks only if
// something was added since the stamp before.
func waited(store webhook.Store, pattern, user string, unverified bool, before *string) (*webhook.Event, error) {
	now := store.Stamp()
	if now == *before {
		return nil, nil
	}
	*before = now
	log, err := store.Read()
	if err != nil {
		return nil, err
	}
	for _, e := range asked(log.Events(false), pattern, user) {
		if e.Valid || unverified {
			return &e, nil
		}
	}
	return nil, nil
}
