package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/engine"
	"kiraform/internal/trust"
	"kiraform/internal/ui/words"
	"kiraform/schema"
)

func (a *app) stateRekeyCommand() *cobra.Command {
	var f importFlags
	var trust, unknown, approved bool
	c := &cobra.Command{
		Use:   "rekey",
		Short: "Give the state another key",
		Long: "rekey makes the fingerprints of the state anew with another key: that in KIRAFORM_KEY or in the key\n" +
			"file if the state has another one, or else one that is made. The old key stays beside it, under its id,\n" +
			"for other workspaces. With the old key at hand, each fingerprint that the configuration matches is as\n" +
			"good as before. All other attributes that Kira cannot show are unproven afterwards: they are assumed to\n" +
			"have the written values, or sent once if they can be. If the key is lost, -trust assumes that Kira has\n" +
			"all written values, and -unknown assumes it only for attributes that cannot be sent once more. Nothing\n" +
			"is sent to Kira.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if trust && unknown {
				return usage("-trust and -unknown do not go together")
			}
			return a.offline(cmd.Context(), "state rekey", &f, func(ctx context.Context, p *engine.Project) error {
				return a.rekey(ctx, p, f.state, trust, unknown, approved)
			})
		},
	}
	f.bind(c)
	c.Flags().BoolVar(&trust, "trust", false, "the key is lost: Kira has the written values")
	c.Flags().BoolVar(&unknown, "unknown", false, "the key is lost: nobody knows the values that Kira has")
	c.Flags().BoolVar(&approved, "auto-approve", false, "do not ask")
	return c
}

// offline opens the project without a connection, keeps other runs away, and lets do work.
func (a *app) offline(ctx context.Context, command string, f *importFlags, do func(context.Context, *engine.Project) error) (err error) {
	o, err := a.options(ctx, command, f.vars, f.state, a.reader(false).emit)
	if err != nil {
		return err
	}
	f.lock.set(&o)
	project, err := engine.Open(o)
	if err != nil {
		return err
	}
	ctx, cancel := a.interruptible(ctx)
	defer cancel()
	unlock, err := project.Lock(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	return do(ctx, project)
}

func (a *app) rekey(ctx context.Context, p *engine.Project, st stateFlag, trust, unknown, approved bool) error {
	dir, err := a.dir()
	if err != nil {
		return err
	}
	r, err := p.Rekey(ctx, a.keys(dir, st).Renew, trust, unknown)
	if err != nil {
		return err
	}
	a.printBelieved(r)
	if trust && approved && p.Production(r.State) {
		return errors.Join(errors.New("in production somebody has to read the values that -trust believes. Leave -auto-approve out"), r.Abandon())
	}
	if !approved {
		yes, err := a.sayYes(ctx, "Do you want to give the state another key?", p.Production(r.State))
		if err != nil || !yes {
			return errors.Join(err, r.Abandon(), &exit{ExitFailed, "state rekey cancelled, and nothing was changed"})
		}
	}
	if err := p.Keep(context.WithoutCancel(ctx), r); err != nil {
		return err
	}
	fmt.Fprintf(a.Stdout, "The state has the key %s now.\n", r.New.ID())
	if r.Kept != "" {
		fmt.Fprintf(a.Stdout, "The old key is kept as %s, for other states that have it.\n", r.Kept)
	}
	return nil
}

// printBelieved lists the attributes that nobody has compared.
func (a *app) printBelieved(r *trust.Rekeying) {
	a.printUnknown(r)
	switch {
	case len(r.Believed) > 0:
		fmt.Fprintln(a.Stdout, "Nobody has compared these with Kira:")
	case len(r.Unknown) > 0:
		return
	case r.Lost():
		fmt.Fprintln(a.Stdout, "Kira shows all that was sent, so that nothing needs to be believed.")
		return
	default:
		fmt.Fprintln(a.Stdout, "The written values match every fingerprint.")
		return
	}
	for _, b := range r.Believed {
		for _, h := range b.Attrs {
			fmt.Fprintf(a.Stdout, "  %s %s = %s\n", b.Addr, schema.PathString(h.Path), lastFour(h.Value))
		}
		if len(b.Differs) > 0 {
			a.sayf(a.Stdout, "    Another value was sent, as the old key tells. To have the object made with this one: kiraform apply -replace=%s\n", b.Addr.Shell())
		}
	}
	fmt.Fprintln(a.Stdout)
}

// printUnknown lists the requests whose content nobody can tell.
func (a *app) printUnknown(r *trust.Rekeying) {
	if len(r.Unknown) == 0 {
		return
	}
	fmt.Fprintln(a.Stdout, "Nobody can tell the content of these requests, which got no answer:")
	for _, in := range r.Unknown {
		fmt.Fprintf(a.Stdout, "  %s %s, of %s\n", in.Action, in.Addr, words.Moment(in.At))
	}
	then := "The next apply looks for the objects that they made before it makes others."
	if r.Trust {
		then = "They are taken for requests with the values that are written now."
	}
	fmt.Fprintln(a.Stdout, then+"\n")
}

// sayYes asks a question that only one word approves.
func (a *app) sayYes(ctx context.Context, question string, production bool) (bool, error) {
	word := "yes"
	if production {
		word = "production"
	}
	fmt.Fprintf(a.Stdout, "%s\n  Only '%s' will be accepted to approve.\n\n  Enter a value: ", question, word)
	answer, err := a.readLine(ctx, nil)
	fmt.Fprintln(a.Stdout)
	return strings.TrimSpace(answer) == word, err
}

// lastFour is a value as a person can compare it, without most of it.
func lastFour(v cty.Value) string {
	switch {
	case v.Type() == cty.String:
		text := v.AsString()
		if n := utf8.RuneCountInString(text); n >= 8 {
			runes := []rune(text)
			return fmt.Sprintf("...%q", string(runes[n-4:]))
		}
		return fmt.Sprintf("a text of %d", utf8.RuneCountInString(text))
	case v.CanIterateElements():
		return words.Count(v.LengthInt(), "value")
	}
	return "a " + v.Type().FriendlyName()
}

func (a *app) stateTrustCommand() *cobra.Command {
	var f importFlags
	var approved bool
	c := &cobra.Command{
		Use:   "trust ADDR",
		Short: "Answer for attributes that nobody could compare",
		Long: "trust shows the written attributes of an object that Kira does not show and that were only assumed,\n" +
			"as after an import: of each value the last four characters. Whoever has compared them answers for\n" +
			"them, and the state keeps who and when. Nothing is sent to Kira.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			at, err := addresses(args)
			if err != nil {
				return err
			}
			return a.offline(cmd.Context(), "state trust", &f, func(ctx context.Context, p *engine.Project) error {
				t, err := p.Trust(ctx, at[0])
				if err != nil {
					return err
				}
				return a.trust(ctx, p, t, approved)
			})
		},
	}
	f.bind(c)
	c.Flags().BoolVar(&approved, "auto-approve", false, "do not ask")
	return c
}

func (a *app) trust(ctx context.Context, p *engine.Project, t *trust.Trusting, approved bool) error {
	if len(t.Attrs) == 0 {
		fmt.Fprintf(a.Stdout, "Nothing of %s is unproven.\n", t.Addr)
		return nil
	}
	fmt.Fprintf(a.Stdout, "Kira does not show these of %s (%s), and nobody has compared them:\n", t.Addr, t.ID)
	for _, h := range t.Attrs {
		fmt.Fprintf(a.Stdout, "  %s = %s\n", schema.PathString(h.Path), lastFour(h.Value))
	}
	if !approved {
		yes, err := a.sayYes(ctx, "\nDoes Kira have these values?", false)
		if err != nil || !yes {
			return errors.Join(err, &exit{ExitFailed, "state trust cancelled, and nothing was changed"})
		}
	}
	by := a.holder("").Who
	if err := p.Confirm(context.WithoutCancel(ctx), t, by); err != nil {
		return err
	}
	fmt.Fprintf(a.Stdout, "%s is proven now, by %s.\n", t.Addr, by)
	return nil
}
