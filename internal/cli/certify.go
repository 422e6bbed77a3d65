package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/spf13/cobra"

	"kiraform/internal/certify"
	"kiraform/internal/engine"
	"kiraform/internal/event"
	"kiraform/internal/kira"
	"kiraform/internal/tell"
	"kiraform/internal/ui/words"
	"kiraform/internal/webhook"
)

// certifyFlags are the flags of certify.
type certifyFlags struct {
	runFlags
	out      string
	resume   bool
	item     int
	one      bool // -item is given
	url      string
	address  string
	secrets  []string
	domain   string
	approved bool
	asJSON   bool
}

func (a *app) certifyCommand() *cobra.Command {
	var f certifyFlags
	c := &cobra.Command{
		Use:   "certify",
		Short: "Show the fifteen items that Kira asks for before production, and pack the evidence",
		Long: "certify goes through the checklist of Kira's brief, in the sandbox or a simulator, and writes a folder\n" +
			"with the evidence: evidence.json, report.md, report.html, junit.xml and SHA256SUMS. It uses the users\n" +
			"and accounts of the configuration, and makes the missing ones, under e-mail addresses\n" +
			"certify+RUN@DOMAIN. Nothing can be deleted at Kira, so it says how many objects stay and asks. Work\n" +
			"that a person at Kira has to do first is written as a message to send them; -resume goes on once it is\n" +
			"done. A Kira on this machine sends its events to certify itself; elsewhere -webhook-url says where they\n" +
			"arrive, which -listen or a \"webhook listen\" in another window keeps. It exits with 0 if all passed,\n" +
			"with 3 if something waits, and with 1 if something failed.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			f.one = cmd.Flags().Changed("item")
			return a.certify(cmd.Context(), &f)
		},
	}
	f.vars.bind(c)
	f.state.bind(c)
	f.lock.bind(c)
	f.heard.bind(c)
	c.Flags().StringVar(&f.out, "out", "certification", "write the pack to `DIR`, which must not be there yet")
	c.Flags().BoolVar(&f.resume, "resume", false, "go on with the run whose pack is there; passed items stay passed")
	c.Flags().IntVar(&f.item, "item", 0, "show item `N` only, and those that it needs")
	c.Flags().DurationVar(&f.wait, "wait", 0, "wait up to `DURATION` for people at Kira")
	c.Flags().StringVar(&f.url, "webhook-url", "", "have Kira send events to `URL`, in the place of the one registered before")
	c.Flags().StringVar(&f.address, "listen", "", "take in events on this `ADDRESS`")
	bindSecret(c, &f.secrets)
	c.Flags().StringVar(&f.domain, "email-domain", "example.com", "`DOMAIN` of the e-mail addresses of the users that are made")
	c.Flags().BoolVar(&f.approved, "auto-approve", false, "do not ask")
	c.Flags().BoolVar(&f.asJSON, "json", false, "print evidence.json")
	return c
}

func (f *certifyFlags) check() error {
	switch {
	case f.item < 0 || f.item > certify.Items || f.item == 0 && f.one:
		return usage("-item is a number from 1 to %d", certify.Items)
	case f.wait < 0:
		return usage("-wait must not be negative")
	case f.out == "":
		return usage("-out takes the name of a folder")
	case f.asJSON && !f.approved:
		return usage("-json asks nobody, so -auto-approve is needed as well")
	case strings.ContainsAny(f.domain, "@ /") || !strings.Contains(f.domain, "."):
		return usage("-email-domain takes a domain, such as example.com")
	}
	if err := checkURL("-webhook-url", f.url, false); err != nil {
		return err
	}
	return f.lock.check()
}

func (a *app) certify(ctx context.Context, f *certifyFlags) error {
	if err := f.check(); err != nil {
		return err
	}
	dir, err := a.dir()
	if err != nil {
		return err
	}
	if err := certify.Writable(in(dir, f.out)); err != nil { // before anything is asked for or promised
		return fmt.Errorf("the pack cannot be written: %w. Nothing was done", err)
	}
	choose := a.read
	if f.asJSON {
		choose = func(*engine.Project) (*audience, error) {
			who := a.reader(false)
			who.emit = a.textView(io.Discard, true).Handle
			return who, nil
		}
	}
	return a.session(ctx, "certify", &f.runFlags, choose, func(s *session) (err error) {
		if s.project.Place().Production() {
			return errors.New("certify makes people, accounts and payouts to show that it can, and is for the sandbox: this is production")
		}
		s.acts()
		bench, err := s.project.Bench(s.ctx)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, bench.Close()) }()
		o, deaf, err := a.certification(s, f, bench)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, deaf()) }()
		r, err := certify.Run(s.ctx, o)
		if err != nil {
			return err
		}
		if !f.asJSON {
			a.certified(f, r)
		} else if err := a.show(format{json: true}, certifyReport{r}); err != nil {
			return err
		}
		return certifyExit(r, f.item)
	})
}

// certifyReport is the evidence, for programs: for people there is the pack.
type certifyReport struct{ *certify.Report }

func (r certifyReport) json() any { return r.Report }

func (r certifyReport) text(io.Writer) error { return nil }

// certification wires certify to the world.
func (a *app) certification(s *session, f *certifyFlags, b *engine.Bench) (o certify.Options, deaf func() error, err error) {
	dir, err := a.dir()
	if err != nil {
		return o, nil, err
	}
	client, ok := b.API.(*kira.Client)
	if !ok {
		return o, nil, errors.New("certify has nobody to send requests with")
	}
	o = certify.Options{API: client, ClientID: b.ClientID, Place: tell.Place(b.Place).String(), Version: Version, Out: in(dir, f.out), Resume: f.resume, Pretend: b.Place.Address == "",
		Only: f.item, Domain: f.domain, OTP: a.Environ["KIRAFORM_PAYOUT_OTP"], Wait: f.wait, NewKey: engine.NewKey, Secrets: b.Secrets,
		Sign:  func(text []byte) string { return b.Key.Sign("certify", text) },
		Known: append(b.Secrets.All(), a.Environ["KIRAFORM_KEY"], a.identity(), a.Environ["KIRAFORM_PAYOUT_OTP"]),
		Say:   func(line string) { fmt.Fprintln(a.Stdout, line) },
		Ask:   func(p certify.Promise) error { return a.promise(s, f, p) }}
	if f.asJSON {
		o.Say = func(string) {}
	}
	for _, have := range b.Objects {
		o.Have = append(o.Have, certify.Object(have))
	}
	o.Listening, deaf, err = a.listening(s, f, b)
	if o.Listening == nil {
		o.Deaf = "Give -webhook-url=URL, an address that Kira can reach and that leads to -listen=ADDRESS or to \"kiraform webhook listen\"."
	}
	return o, deaf, err
}

// listening says where events come in: at the URL of the flag, at that of the
// configuration, or on loopback here.
func (a *app) listening(s *session, f *certifyFlags, b *engine.Bench) (*certify.Listening, func() error, error) {
	none := func() error { return nil }
	settings := s.project.EventSettings()
	secrets, _ := a.eventSecrets(f.secrets, settings)
	to, address := cmp.Or(f.url, b.EventsTo), f.address
	switch {
	case to == "" && address != "" && !b.Place.Loopback():
		return nil, none, usage("-listen needs -webhook-url here: the address at which Kira reaches it")
	case to != "" || address != "":
	case b.Place.Loopback():
		address = "127.0.0.1:0"
	default:
		return nil, none, nil
	}
	if !secrets.Any() {
		if to != "" && !b.Place.Loopback() {
			return nil, none, fmt.Errorf("there is no secret to verify events with. Set %s to the one that events are to be signed with", secretVariable)
		}
		secrets = webhook.Secrets{engine.NewKey()} // for this run
	}
	l := &certify.Listening{URL: to, Secret: first(secrets), Store: s.project.Events, Secrets: secrets}
	if address == "" {
		return l, none, nil
	}
	r, err := openEar(address, l.Store, settings.Recipients)
	if errors.Is(err, webhook.ErrListening) {
		return nil, none, fmt.Errorf("%w. Stop it, or give -webhook-url, the address that leads to it", err)
	}
	if err != nil {
		return nil, none, err
	}
	r.Secrets, r.Kept = secrets, func(webhook.Kept, webhook.Delivery) {}
	r.Lost = func(err error) { s.say("An event could not be kept: " + event.Foreign(err.Error()).Line()) }
	if l.URL == "" {
		l.URL = "http://" + reachable(r.at.Addr())
	}
	return l, r.serve(), nil
}

// reachable is an address of this machine for those that listen on all.
func reachable(at net.Addr) string {
	host, port, err := net.SplitHostPort(at.String())
	if ip := net.ParseIP(host); err == nil && ip.IsUnspecified() {
		return net.JoinHostPort("127.0.0.1", port)
	}
	return at.String()
}

func first(secrets webhook.Secrets) string {
	for _, s := range secrets {
		if s != "" {
			return s
		}
	}
	return ""
}

// promise names the objects that will stay at Kira for ever, and asks.
func (a *app) promise(s *session, f *certifyFlags, p certify.Promise) error {
	if f.asJSON {
		return nil
	}
	if n := p.Objects(); n > 0 {
		fmt.Fprintf(a.Stdout, "Kira cannot delete: up to %s stay there for ever: %s.\n", words.Count(n, "object"), p)
	}
	if p.Registers != "" {
		fmt.Fprintf(a.Stdout, "Kira sends events to %s from then on, and to no address that was registered before.\n", event.Foreign(p.Registers))
	}
	if f.approved {
		return nil
	}
	fmt.Fprintf(a.Stdout, "\nDo you want to go on, on %s?\n  Only 'yes' will be accepted to approve.\n\n  Enter a value: ", tell.Place(s.project.Place()))
	answer, err := a.readLine(s.ctx, s.stop)
	if err != nil {
		return err
	}
	if strings.TrimSpace(answer) != "yes" {
		return &exit{ExitFailed, "certify cancelled, and nothing was sent"}
	}
	fmt.Fprintln(a.Stdout)
	return nil
}

// certified says how it went, and the next step.
func (a *app) certified(f *certifyFlags, r *certify.Report) {
	fmt.Fprintf(a.Stdout, "\n%d passed, %d failed, %d wait for Kira, %d skipped, %d not run. The pack is in %s.\n",
		r.Count(certify.Passed), r.Count(certify.Failed), r.Count(certify.NeedsKira), r.Count(certify.Skipped), r.Count(certify.NotRun), f.out)
	letter := r.Letter()
	if letter == "" {
		return
	}
	fmt.Fprintf(a.Stdout, "\nTo write to your Kira contact:\n\n")
	for line := range strings.Lines(letter) {
		fmt.Fprint(a.Stdout, strings.TrimRight("  "+event.Foreign(strings.TrimSuffix(line, "\n")).Line(), " ")+"\n")
	}
	a.sayf(a.Stdout, "\nOnce it is done:\n\n  kiraform certify -resume -out=%s\n", f.out)
}

// certifyExit is 0 if all passed that was asked for, 1 if something failed, and
// 3 if something waits or could not be shown.
func certifyExit(r *certify.Report, only int) error {
	asked := r.Asked(only)
	code := 0
	for _, i := range asked {
		switch i.Status {
		case certify.Passed:
		case certify.Failed:
			return &exit{code: ExitFailed}
		default:
			code = ExitDeferred
		}
	}
	if code != 0 {
		return &exit{code: code}
	}
	return nil
}
