package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"kiraform/internal/diag"
	"kiraform/internal/engine"
	"kiraform/internal/redact"
	"kiraform/internal/sched"
)

// Exit codes; they are the same in every output format.
const (
	ExitOK       = 0
	ExitFailed   = 1
	ExitChanges  = 2  // plan -detailed-exitcode: changes are planned
	ExitDeferred = 3  // apply -detailed-exitcode: done, but something is deferred
	ExitStale    = 4  // the saved plan is stale, or the digest is another one
	ExitUsage    = 64 // the command line is wrong
)

// exit is an error that decides the exit code. Its text is shown unless it is
// empty: then the failure was reported already.
type exit struct {
	code int
	text string
}

func (e *exit) Error() string { return e.text }

func usage(format string, args ...any) error { return &exit{ExitUsage, fmt.Sprintf(format, args...)} }

// Main runs one command and returns its exit code.
func Main(ctx context.Context, env Env) int {
	env = env.plain()
	err := sched.Catch(func() error {
		root := newRoot(env)
		root.SetArgs(doubleDashes(env.Args))
		return root.ExecuteContext(ctx)
	})
	if bug, ok := errors.AsType[*sched.Panic](err); ok {
		return env.report(bug)
	}
	switch e, ok := errors.AsType[*exit](err); {
	case err == nil:
		return ExitOK
	case ok:
		if e.text != "" {
			env.complain(e)
		}
		return e.code
	case errors.Is(err, engine.ErrReported):
		return ExitFailed
	}
	env.complain(err)
	if _, stale := errors.AsType[*engine.StaleError](err); stale {
		return ExitStale
	}
	return ExitFailed
}

// complain reports a failure. An error may have the address that somebody signs
// in at, a key that was taken for a file, or an argument that is the value of a
// -var: a space came before.
func (e Env) complain(err error) { fmt.Fprintln(e.Stderr, "kiraform: "+e.safe(err)) }

// safe is the text of an error without the secrets in it.
func (e Env) safe(err error) string {
	var values redact.Set
	for _, name := range []string{"KIRA_API_KEY", "KIRA_PASSWORD", "KIRAFORM_KEY"} {
		values.Add(e.Environ[name])
	}
	for _, s := range databaseSecrets(e.Environ) {
		values.Add(s)
	}
	if key := e.Environ["KIRAFORM_AGE_IDENTITY"]; strings.Contains(strings.ToUpper(key), "AGE-SECRET-KEY-") {
		values.Add(strings.Trim(key, " \t\r\n'\""))
	}
	for i, arg := range e.Args[:max(0, len(e.Args)-1)] {
		name := strings.TrimLeft(arg, "-")
		if strings.HasSuffix(arg, "=") && (strings.HasPrefix(name, "var=") || i > 0 && strings.TrimLeft(e.Args[i-1], "-") == "var") {
			values.Add(e.Args[i+1])
		}
	}
	return values.Text(redact.URLs(err.Error()))
}

// doubleDashes turns -auto-approve, as users of Terraform type it, into
// --auto-approve. A single letter, a lone dash and all that follows "--" stay.
func doubleDashes(args []string) []string {
	out := make([]string, 0, len(args))
	for i, a := range args {
		if a == "--" {
			return append(out, args[i:]...)
		}
		name, _, _ := strings.Cut(a, "=")
		if len(name) > 2 && a[0] == '-' && a[1] != '-' {
			a = "-" + a
		}
		out = append(out, a)
	}
	return out
}

// app is one run of the program: the world, and the flags that all commands
// share.
type app struct {
	Env
	chdir   string
	noColor bool
}

func newRoot(env Env) *cobra.Command {
	a := &app{Env: env}
	root := &cobra.Command{
		Use:   "kiraform",
		Short: "Keeps a Kira account as its configuration describes it",
		Long: "kiraform reads *.kira.hcl files, compares them with the live objects at Kira, shows what would\n" +
			"change, and changes it. Flags may be written with one dash or with two.\n\n" +
			"Exit codes: 0 done; 1 failed; 2 changes are planned (plan -detailed-exitcode), or something\n" +
			"changed at Kira (drift); 3 something is deferred (apply -detailed-exitcode), or a file wants\n" +
			"formatting (fmt -check); 4 the saved plan is stale, or the digest\n" +
			"is another one; 64 the command line is wrong.\n\n" +
			"Environment: KIRA_API_KEY, KIRA_CLIENT_ID and KIRA_PASSWORD sign in at Kira, KIRA_BASE_URL is\n" +
			"another address for it; KIRAFORM_VAR_name sets a variable; KIRAFORM_KEY is the key of the\n" +
			"fingerprints, KIRAFORM_AGE_IDENTITY that of an encrypted state; KIRAFORM_WORKSPACE names the\n" +
			"workspace, KIRAFORM_DATABASE_URL the Postgres of a backend block, KIRAFORM_LOG a log file.",
		SilenceErrors: true, SilenceUsage: true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usage("there is no command %q. \"kiraform help\" lists them.%s", args[0], suggestion(cmd, args[0]))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error {
			_ = cmd.Help()
			return &exit{code: ExitUsage}
		},
	}
	root.SetIn(env.Stdin)
	root.SetOut(env.raw)
	root.SetErr(env.Stderr)
	root.SetFlagErrorFunc(wrongFlag)
	root.PersistentFlags().StringVar(&a.chdir, "chdir", "", "work in `DIR` instead of here")
	root.PersistentFlags().BoolVar(&a.noColor, "no-color", false, "write no escape codes (so does NO_COLOR)")
	root.AddCommand(
		a.initCommand(), a.validateCommand(), a.fmtCommand(), a.planCommand(), a.applyCommand(), a.destroyCommand(),
		a.refreshCommand(), a.driftCommand(), a.statusCommand(), a.verifyCommand(),
		a.showCommand(), a.replayCommand(), a.outputCommand(), a.consoleCommand(), a.graphCommand(), a.stateCommand(), a.simulatorCommand(), a.versionCommand(), a.schemaCommand(),
		a.lockCommand(), a.forceUnlockCommand(),
		a.readinessCommand(), a.importCommand(), a.workspaceCommand(), a.webhookCommand(),
		a.payoutsCommand(), a.certifyCommand(), a.testCommand(),
	)
	for _, c := range root.Commands() {
		refuseArguments(c)
	}
	return root
}

// wrongFlag reports the mistake in a flag, in the form that it was typed in.
func wrongFlag(cmd *cobra.Command, err error) error {
	text := err.Error() + "."
	if errors.Is(err, errVar) {
		text = fmt.Sprintf("-var: %v.", errVar)
	} else if _, ok := errors.AsType[*pflag.InvalidSyntaxError](err); ok {
		text = "A flag has no name."
	} else if e, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		text = fmt.Sprintf("-%s=%s: %v.", e.GetFlag().Name, e.GetValue(), e.Unwrap())
	} else if e, ok := errors.AsType[*pflag.NotExistError](err); ok {
		var known []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { known = append(known, f.Name) })
		text = fmt.Sprintf("%s has no flag -%s.%s", cmd.Name(), e.GetSpecifiedName(), diag.DidYouMean(e.GetSpecifiedName(), known))
	}
	return usage("%s See \"%s -help\"", text, cmd.CommandPath())
}

// noArguments is for commands that take nothing but flags.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		// They are not repeated: one may be the value of a -var that a space came before.
		return fmt.Errorf("%s takes nothing but flags", cmd.Name())
	}
	return nil
}

// refuseArguments makes the wrong number of arguments an error of usage.
func refuseArguments(c *cobra.Command) {
	check := c.Args
	if check == nil {
		check = noArguments
	}
	c.Args = func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return usage("%v. It is used as \"%s\"", err, cmd.UseLine())
		}
		return nil
	}
	for _, sub := range c.Commands() {
		refuseArguments(sub)
	}
}

// suggestion names the command below parent that was probably meant.
func suggestion(parent *cobra.Command, s string) string {
	var names []string
	for _, c := range parent.Commands() {
		names = append(names, c.Name())
	}
	return diag.DidYouMean(s, names)
}
