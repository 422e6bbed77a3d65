package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"kiraform/internal/addr"
	"kiraform/internal/cipher"
	"kiraform/internal/engine"
	"kiraform/internal/webhook"
)

func (a *app) webhookCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "webhook",
		Short: "Take in, keep, verify and replay the events that Kira sends",
		Long: "Kira sends each event once and never again, and some things are said in events only: why a user was\n" +
			"rejected, that a deposit came in. \"webhook listen\" keeps events as they came, in .kiraform/webhooks;\n" +
			"the other commands read them there, also while it listens.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			_ = cmd.Help()
			return &exit{code: ExitUsage}
		},
	}
	c.AddCommand(a.webhookListenCommand(), a.webhookListCommand(), a.webhookShowCommand(), a.webhookReplayCommand(),
		a.webhookSendCommand(), a.webhookVerifyCommand(), a.webhookWaitCommand())
	return c
}

// eventFlags are the flags of the commands that read events.
type eventFlags struct {
	store string
	state stateFlag
	user  string
}

func (f *eventFlags) bind(c *cobra.Command) {
	c.Flags().StringVar(&f.store, "store", "", "keep events in `DIR` rather than in .kiraform/webhooks")
}

// bindUser adds -user, for which the state may be needed.
func (f *eventFlags) bindUser(c *cobra.Command) {
	f.state.bind(c)
	c.Flags().StringVar(&f.user, "user", "", "only events of this user: its `ADDRESS`, or its id at Kira")
}

// events is the store of events that a command works with.
func (a *app) events(f eventFlags) (webhook.Store, error) {
	dir, err := a.dir()
	if err != nil {
		return webhook.Store{}, err
	}
	return a.eventStore(dir, f.store), nil
}

// eventStore is the store of events of the configuration in dir; path is -store.
func (a *app) eventStore(dir, path string) webhook.Store {
	path = cmp.Or(path, filepath.Join(".kiraform", "webhooks"))
	return webhook.Store{Dir: in(dir, path), Identity: cipher.Identity(a.identity())}
}

// heardFlag is -store of the commands that take notice of events.
type heardFlag struct{ store string }

func (f *heardFlag) bind(c *cobra.Command) {
	c.Flags().StringVar(&f.store, "store", "", "take notice of the events in `DIR` rather than of those in .kiraform/webhooks")
}

// set has a run take notice of the events that the flag names.
func (f *heardFlag) set(a *app, o *engine.Options) error {
	if f.store == "" {
		return nil
	}
	dir, err := a.dir()
	if err == nil {
		o.Events = a.eventStore(dir, f.store)
	}
	return err
}

// userID returns the id of the user whose events are asked for; "" for all.
func (a *app) userID(ctx context.Context, f eventFlags) (string, error) {
	if f.user == "" {
		return "", nil
	}
	at, err := addr.Parse(f.user)
	if err != nil {
		return f.user, nil // an id
	}
	s, err := a.loadState(ctx, f.state)
	if err != nil {
		return "", err
	}
	r, ok := s.Resources[at]
	if !ok {
		return "", notInState(s, at)
	}
	return r.ID, nil
}

// readEvents returns the events of a store, and remarks on lines in it that
// cannot be read.
func (a *app) readEvents(store webhook.Store) (*webhook.Log, error) {
	log, err := store.Read()
	if err != nil {
		return nil, err
	}
	for _, at := range log.Damaged {
		fmt.Fprintf(a.Stderr, "Warning: %s is damaged and cannot be read; its content is lost.\n", at)
	}
	for _, d := range log.Deliveries {
		if d.Locked != nil {
			fmt.Fprintf(a.Stderr, "Warning: there are events whose content cannot be read: %v.\n", d.Locked)
			break
		}
	}
	return log, nil
}

// eventSettings reads the configuration for its secrets and recipients. Where
// there is none, there is nothing to read.
func (a *app) eventSettings(vars varFlags) (s engine.EventSettings, err error) {
	dir, err := a.dir()
	if err != nil {
		return s, err
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.kira.*"))
	if err != nil || len(files) == 0 {
		return s, err
	}
	view := a.textView(a.Stderr, true)
	defer view.Flush()
	o, err := a.offlineOptions("webhook", vars, stateFlag{}, view.Handle)
	if err != nil {
		return s, err
	}
	project, err := engine.Open(o)
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, project.Close()) }()
	return project.EventSettings(), nil
}

// The environment variables that have secrets: the one in use, and the one
// before while it is exchanged.
const (
	secretVariable    = "KIRAFORM_WEBHOOK_SECRET"
	oldSecretVariable = "KIRAFORM_WEBHOOK_SECRET_OLD"
)

// eventSecrets returns the secrets that signatures may be made with, and where
// the first of them is from: those that are given, or else those of the
// environment and of the configuration.
func (a *app) eventSecrets(given []string, s engine.EventSettings) (webhook.Secrets, string) {
	if len(given) > 0 {
		return given, "-secret"
	}
	secrets := webhook.Secrets{a.Environ[secretVariable], a.Environ[oldSecretVariable]}
	if secrets.Any() {
		return append(secrets, s.Secrets...), secretVariable
	}
	return s.Secrets, "the registration in the configuration"
}

func bindSecret(c *cobra.Command, to *[]string) {
	c.Flags().StringArrayVar(to, "secret", nil, "`SECRET` of the signatures; may be repeated. Others on this machine see it in the list of processes: "+
		"better is "+secretVariable)
}
