package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"kiraform/internal/engine"
	"kiraform/internal/planfile"
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
	if env.completes() {
		return env.complete(ctx)
	}
	var ran *cobra.Command
	err := sched.Catch(func() (err error) {
		root := newRoot(env)
		args := doubleDashes(root, env.Args)
		if err = helpless(root, args); err == nil {
			root.SetArgs(args)
			ran, err = root.ExecuteContextC(ctx)
		}
		return err
	})
	env.ran = ran
	lost := cmp.Or(env.out.lost, env.bytes.lost)
	if lost != nil && isOnly(err, lost) {
		err = nil // it is said below
	}
	code := env.exits(err)
	if lost == nil || errors.Is(lost, syscall.EPIPE) { // a reader that went away had enough
		return code
	}
	env.complain(fmt.Errorf("standard output could not be written to its end: %s", reason(lost)))
	if ran != nil && slices.Contains(carriedOut, ran.Name()) {
		return code
	}
	switch code {
	case ExitOK, ExitChanges, ExitDeferred: // half an answer must not be taken for all of it
		return ExitFailed
	}
	return code
}

// carriedOut are the commands that did their work however much of it could be told.
var carriedOut = []string{"apply", "destroy", "refresh"}

// isOnly reports whether err is lost, and nothing beside it.
func isOnly(err, lost error) bool {
	for err != nil && err != lost {
		if joined, ok := err.(interface{ Unwrap() []error }); ok {
			return !slices.ContainsFunc(joined.Unwrap(), func(e error) bool { return !isOnly(e, lost) })
		}
		if e, ok := err.(*fs.PathError); ok && e.Op == "write" { // a later writing fails as the first did
			first, ok := errors.AsType[*fs.PathError](lost)
			return ok && *e == *first
		}
		err = errors.Unwrap(err)
	}
	return err != nil
}

// reason is the cause of a failed writing, without the name of the file.
func reason(err error) string {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		err = e.Err
	}
	return cmp.Or(fileWords[err.Error()], err.Error())
}

// exits reports err, and returns the exit code for it.
func (e Env) exits(err error) int {
	if bug, ok := errors.AsType[*sched.Panic](err); ok {
		return e.report(bug)
	}
	switch x, ok := errors.AsType[*exit](err); {
	case err == nil:
		return ExitOK
	case ok:
		if x.text != "" {
			e.complain(x)
		}
		return x.code
	case errors.Is(err, engine.ErrReported):
		return ExitFailed
	}
	e.complain(err)
	if _, stale := errors.AsType[*planfile.StaleError](err); stale {
		return ExitStale
	}
	return ExitFailed
}

// complain reports a failure. An error may have the address that somebody signs
// in at, a key that was taken for a file, or an argument that is the value of a
// -var: a space came before.
func (e Env) complain(err error) {
	fmt.Fprintln(e.Stderr, "kiraform: "+e.safe(err)+e.waitsForLock(err))
}

// safe is the text of an error without the secrets in it.
func (e Env) safe(err error) string {
	var values redact.Set
	for _, name := range []string{"KIRA_API_KEY", "KIRA_PASSWORD", "KIRAFORM_KEY"} {
		values.Add(e.Environ[name])
	}
	for _, s := range backendSecrets(e.Environ) {
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
	return values.Text(redact.URLs(e.carry(plainWords(err.Error()))))
}

// app is one run of the program: the world, and the flags that all commands
// share.
type app struct {
	Env
	chdir   string
	noColor bool
	compact bool // -compact-warnings
}

func newRoot(env Env) *cobra.Command {
	a := &app{Env: env}
	var version bool
	root := &cobra.Command{
		Use:   "kiraform",
		Short: "Keeps a Kira account as its configuration describes it",
		Long: "kiraform reads *.kira.hcl files, compares them with the live objects at Kira, shows what would\n" +
			"change, and changes it. Flags may be written with one dash or with two.\n\n" +
			"Exit codes: 0 done; 1 failed; 2 changes are planned (plan -detailed-exitcode), or something\n" +
			"changed at Kira (drift); 3 something is deferred (apply -detailed-exitcode), or a file wants\n" +
			"formatting (fmt -check); 4 the saved plan is stale, or its digest is not that of\n" +
			"-expect-digest; 64 the command line is wrong.\n\n" +
			"Environment: KIRA_API_KEY, KIRA_CLIENT_ID and KIRA_PASSWORD sign in at Kira, KIRA_BASE_URL is\n" +
			"another address for it; KIRAFORM_VAR_name sets a variable; KIRAFORM_KEY is the key of the\n" +
			"fingerprints, KIRAFORM_AGE_IDENTITY that of an encrypted state; KIRAFORM_WORKSPACE names the\n" +
			"workspace, KIRAFORM_DATABASE_URL the Postgres of a backend block, KIRAFORM_LOG a log file.",
		SilenceErrors: true, SilenceUsage: true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return noCommand(cmd, args[0])
			}
			return nil
		},
		PersistentPreRun: func(cmd *cobra.Command, _ []string) { a.ran = cmd },
		RunE: func(cmd *cobra.Command, _ []string) error {
			if version {
				return a.version(format{})
			}
			_ = cmd.Help()
			return &exit{code: ExitUsage}
		},
	}
	root.Flags().BoolVarP(&version, "version", "v", false, "print the version, like the command version")
	root.SetIn(env.Stdin)
	root.SetOut(env.page(env.bytes))
	root.SetErr(env.Stderr)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		if unknown := unknownWord(cmd, a.Args); unknown != nil {
			return unknown
		}
		return a.mistaken(cmd, wrongFlag(cmd, err))
	})
	root.PersistentFlags().StringVar(&a.chdir, "chdir", "", "work in `DIR` instead of here")
	root.PersistentFlags().BoolVar(&a.noColor, "no-color", false, "write no escape codes (so does NO_COLOR)")
	root.AddCommand(
		a.initCommand(), a.explainCommand(), a.validateCommand(), a.fmtCommand(), a.planCommand(), a.applyCommand(), a.destroyCommand(),
		a.refreshCommand(), a.driftCommand(), a.statusCommand(), a.verifyCommand(),
		a.showCommand(), a.replayCommand(), a.outputCommand(), a.consoleCommand(), a.graphCommand(), a.stateCommand(), a.simulatorCommand(), a.versionCommand(), a.schemaCommand(),
		a.lockCommand(), a.forceUnlockCommand(), a.doctorCommand(),
		a.readinessCommand(), a.importCommand(), a.workspaceCommand(), a.webhookCommand(),
		a.payoutsCommand(), a.certifyCommand(), a.completionCommand(), a.testCommand(), a.lspCommand(),
	)
	root.SetHelpCommand(helpCommand())
	if env.completes() { // cobra keeps a tree with proposals for ever
		root.InitDefaultHelpCmd()
		a.propose(root)
	}
	for _, c := range root.Commands() {
		a.refuseArguments(c)
	}
	explainUse(root)
	return root
}
