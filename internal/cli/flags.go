package cli

import (
	"errors"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"kiraform/internal/addr"
	"kiraform/internal/config"
	"kiraform/internal/engine"
	"kiraform/internal/ui/tfjson"
	"kiraform/internal/ui/tui"
)

// varFlags keeps -var and -var-file in the order in which they were given,
// because the last one wins.
type varFlags struct {
	args []config.VarArg
	read []string // -allow-read

	policies []string  // -policies: folders
	planned  time.Time // when the saved plan that is carried out was made
}

func (v *varFlags) bind(c *cobra.Command) {
	c.Flags().Var(&varFlag{v, parseVar, "NAME=VALUE"}, "var", "set a variable; may be repeated")
	c.Flags().Var(&varFlag{v, parseVarFile, "FILE"}, "var-file", "set the variables that a file has; may be repeated")
	c.Flags().StringArrayVar(&v.read, "allow-read", nil, "let the configuration read files in `DIR` too; may be repeated")
	c.Flags().StringArrayVar(&v.policies, "policies", nil, "judge plans by the policies in `DIR` too; may be repeated")
}

type varFlag struct {
	to    *varFlags
	parse func(string) (config.VarArg, error)
	form  string
}

var _ pflag.Value = (*varFlag)(nil)

func (f *varFlag) Set(s string) error {
	arg, err := f.parse(s)
	f.to.args = append(f.to.args, arg)
	return err
}

func (f *varFlag) String() string { return "" }
func (f *varFlag) Type() string   { return f.form }

func parseVar(s string) (config.VarArg, error) {
	for i := range len(s) {
		if s[i] == '=' && i > 0 {
			return config.VarArg{Name: s[:i], Value: s[i+1:]}, nil
		}
	}
	return config.VarArg{}, errVar
}

// errVar does not repeat the argument: it may be the value.
var errVar = errors.New("it takes NAME=VALUE, without a space around the equals sign")

func parseVarFile(s string) (config.VarArg, error) {
	if strings.TrimSpace(s) == "" {
		return config.VarArg{}, errors.New("it takes a file")
	}
	return config.VarArg{File: s}, nil
}

// stateFlag is -state. Where the state is, [app.statePath] says.
type stateFlag struct{ file string }

func (s *stateFlag) bind(c *cobra.Command) {
	c.Flags().StringVar(&s.file, "state", "", "keep the state in `FILE` rather than in that of the workspace")
}

// runFlags are the flags of all commands that plan.
type runFlags struct {
	vars        varFlags
	state       stateFlag
	targets     addrFlag
	exclude     addrFlag
	replace     addrFlag
	gone        goneFlag
	same        addrFlag
	force       bool
	digest      digestFlag
	refresh     refreshFlag
	minimal     bool
	parallelism int
	detailed    bool
	wait        time.Duration
	input       bool
	progress    string
	approved    bool // with -auto-approve
	reviewed    bool // a plan from a file, that only production asks about again
	readOnly    bool
	out         string // of plan: where to save it
	json        bool
	stream      *tfjson.Stream // with -json, from the begin of the command on
	shown       *audience      // who follows instead of whoever -progress names; nil for nobody else
	lock        lockFlags
	invoke      invokeFlags
	heard       heardFlag
	listen      string // of apply

	project *engine.Project // once it is open
}

func (f *runFlags) bind(c *cobra.Command) {
	f.vars.bind(c)
	f.state.bind(c)
	f.lock.bind(c)
	f.heard.bind(c)
	c.Flags().Var(&f.targets, "target", "plan only this resource or module and its needs; may be repeated, and may have * in it")
	c.Flags().Var(&f.exclude, "exclude", "leave this resource or module out, and its dependants; may be repeated, and may have * in it")
	c.Flags().Var(&f.replace, "replace", "replace this resource, leaving the old object behind; may be repeated")
	f.gone.bind(c)
	c.Flags().Var(&f.same, "same-person", "this user stays the same person, however much of it changes; may be repeated")
	c.Flags().BoolVar(&f.force, "force", false, "make more changes than max_changes allows, and take over objects that are marked as another state's")
	f.refresh.bind(c)
	c.Flags().BoolVar(&f.minimal, "minimal-refresh", false, "look only at the objects that the changes rest on")
	c.Flags().IntVar(&f.parallelism, "parallelism", 10, "send at most `N` requests at once")
	c.Flags().StringVar(&f.progress, "progress", "auto", "show the run as `MODE`: "+modes)
	c.Flags().BoolVar(&f.readOnly, "read-only", false, "show the view without the keys that change something")
	c.Flags().BoolVar(&f.input, "input", true, "ask questions; false makes having to ask an error")
}

func (f *runFlags) check() error {
	switch {
	case f.parallelism < 1:
		return usage("-parallelism must be at least 1, not %d", f.parallelism)
	case f.minimal && f.refresh != "true":
		return usage("-minimal-refresh and -refresh=%s are two ways to look; give one of them", f.refresh)
	case f.wait < 0:
		return usage("-wait must not be negative")
	case f.json && f.progress != "auto":
		return usage("-json is Terraform's stream and -progress=json kiraform's own; give one of them")
	}
	if err := f.digest.check(); err != nil {
		return err
	}
	return f.lock.check()
}

// showing returns the abilities of a terminal view of the project.
func (f *runFlags) showing(p *engine.Project, canApply bool) tui.Options {
	o := tui.Options{CanApply: canApply && !f.readOnly, ReadOnly: f.readOnly, Approved: f.approved || f.reviewed && !p.Place().Production()}
	if p.Place().Production() {
		o.Confirm = "production" // not a word that fingers type by themselves
	}
	return o
}

// asks refuses to run a command that has to ask, and cannot.
func (f *runFlags) asks(command string, approved bool) error {
	switch {
	case approved:
	case !f.input:
		return usage("-input=false means that nobody can be asked, so %s needs -auto-approve as well", command)
	case f.json:
		return usage("-json means that nobody can be asked, so %s needs -auto-approve as well", command)
	case f.readOnly:
		return usage("-read-only means that nothing can be approved, so %s needs -auto-approve as well", command)
	}
	return nil
}

func (f *runFlags) planOptions(destroy bool) engine.PlanOptions {
	return engine.PlanOptions{
		Destroy: destroy, NoRefresh: f.refresh == "false", Full: f.refresh == "full", Minimal: f.minimal, Wait: f.wait > 0,
		Targets: f.targets.addrs, Exclude: f.exclude.addrs, Replace: f.replace.addrs, Same: f.same.addrs, GoneOK: f.gone.ok, Force: f.force, Workers: f.parallelism,
		Save: f.out != "",
	}
}

// addrFlag collects addresses of resources and modules.
type addrFlag struct{ addrs []addr.Resource }

func (f *addrFlag) Set(s string) error {
	a, err := addr.ParseTarget(s)
	f.addrs = append(f.addrs, a)
	return err
}

func (f *addrFlag) String() string { return "" }
func (f *addrFlag) Type() string   { return "ADDR" }
