package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"kiraform/internal/disk"
	"kiraform/internal/engine"
	"kiraform/internal/event"
	"kiraform/internal/kira"
	"kiraform/internal/ui/tui"
	"kiraform/internal/ui/words"
	"kiraform/internal/webhook"
	"kiraform/state"
)

// listenFlags are the flags of webhook listen.
type listenFlags struct {
	eventFlags
	vars       varFlags
	listen     string
	secrets    []string
	forward    string
	unverified bool
	progress   string
}

// ownReceiver is where "webhook listen" takes in events unless told otherwise.
const ownReceiver = "127.0.0.1:8788"

func (a *app) webhookListenCommand() *cobra.Command {
	var f listenFlags
	c := &cobra.Command{
		Use:   "listen",
		Short: "Take in the events that Kira sends, and keep them",
		Long: "listen takes POST on every path. An event is on the disk, byte for byte, before its sender is told so.\n" +
			"An event signed with another secret is kept apart, answered like the others, and acted upon by nobody:\n" +
			"a sender that is told of an error never sends again. An event that comes twice counts once. Where the\n" +
			"configuration encrypts the state, events are encrypted for the same recipients.\n\n" +
			"The secret is that of " + secretVariable + ", or of the registration in the configuration; during a\n" +
			"rotation the old one is that of " + oldSecretVariable + ". Events that are sent while nobody listens are lost.",
		RunE: func(cmd *cobra.Command, _ []string) error { return a.listen(cmd.Context(), f) },
	}
	f.bind(c)
	f.vars.bind(c)
	bindSecret(c, &f.secrets)
	c.Flags().StringVar(&f.listen, "listen", ownReceiver, "listen on this `ADDRESS`; port 0 takes any that is free")
	c.Flags().StringVar(&f.forward, "forward", "", "pass verified events on to `URL`, as they came")
	c.Flags().BoolVar(&f.unverified, "unverified", false, "listen without a secret: events are kept, and wake nothing")
	c.Flags().StringVar(&f.progress, "progress", "auto", "show events as `MODE`: "+modes)
	return c
}

func (f *listenFlags) check() error {
	if !slices.Contains(progresses, f.progress) {
		return usage("-progress=%s: it is one of %s", f.progress, modes)
	}
	return checkURL("-forward", f.forward, false)
}

func checkURL(flag, text string, required bool) error {
	if text == "" && !required {
		return nil
	}
	if u, err := url.Parse(text); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return usage("%s takes a URL, such as http://127.0.0.1:3000/webhooks", flag)
	}
	return nil
}

func (a *app) listen(ctx context.Context, f listenFlags) (err error) {
	if err := f.check(); err != nil {
		return err
	}
	view, err := a.wantsView(f.progress)
	if err != nil {
		return err
	}
	settings, err := a.eventSettings(f.vars)
	if err != nil {
		return err
	}
	secrets, from, err := a.mustVerify(f.secrets, settings, f.unverified)
	if err != nil {
		return err
	}
	store, err := a.events(f.eventFlags)
	if err != nil {
		return err
	}
	r, err := openEar(f.listen, store, settings.Recipients)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Writer.Close()) }()
	e := &listener{app: a, mode: f.progress, forward: f.forward, times: make(map[string]int)}
	e.begin(r.at.Addr(), store.Dir, secrets.Any(), from, r.before)
	r.Secrets, r.Kept, r.Lost = secrets, e.kept, e.lost
	if view {
		e.show("http://"+r.at.Addr().String(), r, store)
	}
	return e.serve(ctx, r.at, &r.Receiver)
}

// mustVerify returns the secrets to verify events with, and where the first is
// from. There have to be some unless the Kira is on loopback, or somebody asked
// for it with without.
func (a *app) mustVerify(given []string, s engine.EventSettings, without bool) (webhook.Secrets, string, error) {
	secrets, from := a.eventSecrets(given, s)
	if base, err := url.Parse(a.Environ["KIRA_BASE_URL"]); err == nil && state.IsLoopback(base.Hostname()) {
		s.Loopback = true
	}
	if !secrets.Any() && !without && !s.Loopback {
		return nil, "", fmt.Errorf("there is no secret to verify events with, and anybody could send some. Set %s to the secret of "+
			"the registration, or use -unverified of \"webhook listen\" to keep events that nothing is done with", secretVariable)
	}
	return secrets, from, nil
}

// An ear takes in events at an address. It has to get Secrets, Kept and Lost
// before it serves.
type ear struct {
	webhook.Receiver
	at     net.Listener
	before *webhook.Log // the content of the store before
}

// openEar takes the address and the store.
func openEar(address string, store webhook.Store, recipients []string) (*ear, error) {
	l, err := listenAt(address)
	if err != nil {
		return nil, err
	}
	before, err := store.Read()
	if err != nil {
		return nil, errors.Join(err, l.Close())
	}
	if err := disk.MakeFolder(filepath.Dir(store.Dir)); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	w, err := store.Writer(recipients, time.Now)
	if err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return &ear{Receiver: webhook.Receiver{Writer: w}, at: l, before: before}, nil
}

// listener tells of events as they come.
type listener struct {
	*app
	mode    string
	forward string
	queue   chan webhook.Delivery // the events that are to be passed on; nil if none are

	view  *tui.HeardView // nil unless events are shown in one
	mu    sync.Mutex     // guards the fields below
	times map[string]int // how often each event came, by its key; for the view
	count struct{ events, duplicates, forged, lost int }
}

func (e *listener) begin(at net.Addr, dir string, verified bool, from string, before *webhook.Log) {
	if e.mode == "json" {
		e.write(heard{Type: "ready", Address: "http://" + at.String(), Store: dir})
	} else {
		fmt.Fprintf(e.Stdout, "listening on http://%s\n", at)
	}
	if e.mode == "quiet" {
		return
	}
	if verified {
		fmt.Fprintf(e.Stderr, "Events are kept in %s, and verified with the secret of %s. Interrupt to stop.\n", dir, from)
	} else {
		fmt.Fprintf(e.Stderr, "Events are kept in %s. There is no secret, so they are not verified, and wake nothing. Interrupt to stop.\n", dir)
	}
	if from == "-secret" {
		fmt.Fprintf(e.Stderr, "Others on this machine see -secret in the list of processes; %s is not seen.\n", secretVariable)
	}
	if n := len(before.Periods); n > 0 {
		e.sayf(e.Stderr, "Nobody listened since %s: events sent in between are lost. \"kiraform status\" shows how things stand now.\n",
			words.Moment(before.Periods[n-1].Last))
	}
}

// serve takes in events until somebody asks to stop, which is how it ends
// well. The end of standard input is no such wish.
func (e *listener) serve(ctx context.Context, l net.Listener, r *webhook.Receiver) (err error) {
	passing := e.passOn(ctx)
	srv := r.Server()
	ended := make(chan error, 1)
	go func() { ended <- srv.Serve(l) }()
	var left <-chan struct{}
	if e.view != nil {
		left = e.view.Done()
	}
	select {
	case err = <-ended:
		err = fmt.Errorf("no longer listening: %w", err)
	case <-e.Interrupts:
		err = shut(ctx, srv)
	case <-left:
		err = errors.Join(shut(ctx, srv), e.view.Wait())
	case <-ctx.Done():
		err = srv.Close()
	}
	passing()
	if e.view != nil {
		err = errors.Join(err, e.view.Leave())
	}
	e.end()
	return err
}

// shut takes in the requests that are on their way, and nothing more.
func shut(ctx context.Context, srv *http.Server) error {
	limit, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	return srv.Shutdown(limit)
}

func (e *listener) end() {
	if e.mode == "json" {
		e.write(heard{Type: "stopped"})
		return
	}
	n := e.count
	fmt.Fprintf(e.Stdout, "Stopped. %s, %s, %d forged.\n", words.Count(n.events, "event"), words.Count(n.duplicates, "duplicate"), n.forged)
	if n.lost > 0 {
		fmt.Fprintf(e.Stdout, "%s could not be kept.\n", words.Count(n.lost, "event"))
	}
}

// passOn passes events on in their order. The function that it returns waits for the
// last of them.
func (e *listener) passOn(ctx context.Context) (wait func()) {
	if e.forward == "" {
		return func() {}
	}
	e.queue = make(chan webhook.Delivery, 10_000)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for d := range e.queue {
			if err := kira.Plain(webhook.Post(ctx, e.forward, &d, "")); err != nil {
				e.notForwarded(d, err)
			} else if e.mode == "json" {
				e.write(heard{Type: "forwarded", heardEvent: &heardEvent{EventID: d.ID, Event: d.Event, Valid: true, Verdict: d.Verdict}})
			}
		}
	}()
	return func() { close(e.queue); <-done }
}

func (e *listener) notForwarded(d webhook.Delivery, err error) {
	if e.mode == "json" {
		e.write(heard{Type: "not_forwarded", Error: err.Error(), heardEvent: &heardEvent{EventID: d.ID, Event: d.Event, Valid: true, Verdict: d.Verdict}})
		return
	}
	if e.view != nil {
		e.view.Say(fmt.Sprintf("%s was not passed on: %v", d.ID, err))
		return
	}
	e.sayf(e.Stderr, "%s %s was kept, and not passed on: %v. To send it: kiraform webhook replay %s -to=%s\n",
		event.Foreign(d.Event), event.Foreign(d.ID), err, event.Foreign(d.ID), e.forward)
}
