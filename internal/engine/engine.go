// Package engine runs the pipeline, from files to state.
//
// It is where the packages below meet, which do not know each other; it knows no view
// and no store by name. It says its findings as events; a mistake in the configuration
// becomes a diagnostic once, here, with the place it belongs to.
//
// Start at [Open] and [Project.Plan]: a [Project] is a configuration, a
// [Session] a state at work, and a [Proposal] a plan in its session.
package engine

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty/function"

	"kiraform/internal/config"
	"kiraform/internal/diag"
	"kiraform/internal/eval"
	"kiraform/internal/event"
	"kiraform/internal/lang"
	"kiraform/internal/quote"
	"kiraform/internal/redact"
	"kiraform/internal/tell"
	"kiraform/internal/webhook"
	"kiraform/schema"
	"kiraform/schema/kinds"
	"kiraform/state"
)

// Options describe the project to work on. FS, Store and Emit must be set.
type Options struct {
	Version   string // of kiraform, for required_version
	Workspace string // which kiraform.workspace names; "" means "default"
	FS        fs.FS  // the folder of the configuration
	Store     state.Store
	StateName string // tells the states of a folder apart, and is the same in a copy of it
	Emit      event.Sink

	Secrets []string // values that no text may have, beyond the secrets of the configuration

	Empty bool // a folder without a configuration is one in which nothing is written

	Closed bool // functions read no files: their results are not known

	Policies []config.PolicyFolder // with policies, beside those of the configuration

	Tests []*config.TestFile // whose lines diagnostics quote

	Kept *Kept // of earlier checks of the same folder; nil for none

	Env     map[string]string // environment variables, for KIRAFORM_VAR_name
	Vars    []config.VarArg   // -var and -var-file, in order
	Planned time.Time         // the time that plantimestamp returns; zero means the time at which the project is opened

	// Key returns the key of the fingerprints that has that id, as [state.Keys.Find]
	// does. It is asked for only when something has to be compared or kept.
	Key func(id string) (state.Key, error)

	// Events has the events that a listener keeps. They make a run that waits look
	// at once, and say why Kira rejected something. One without Dir has none.
	Events webhook.Store

	// Reasons says why Kira's people have ended an object, and when, where they can be
	// asked: of a simulator. Nil means that Events alone say it.
	Reasons func(id string) (time.Time, []string)

	RekeyLine string // the command that gives the state another key; "" for none

	// Connect returns a way to talk to the Kira that the provider block names. It
	// sends nothing.
	Connect func(context.Context, eval.Provider) (Connection, error)

	Holder   state.Holder     // who holds the lock
	LockWait time.Duration    // how long to wait for another run to end
	NoLock   bool             // do not lock at all: the user answers for it that nobody else works here
	Now      func() time.Time // nil means time.Now
}

// Connection is a Kira to work with. Nothing has been sent to it yet.
type Connection struct {
	API      kinds.API
	ClientID string      // the client_uuid of the API
	Place    state.Place // whose objects it shows

	// Begin is called once the state is locked and known to be of Place, before
	// the first request. It returns the place for certain: that of an embedded
	// simulator has a world then, which may have begun just now. It may be nil.
	Begin func() (state.Place, error)

	Requests func() int64 // how many were sent so far

	// Date returns Kira's own time by its last answer, for which it may sign
	// in; zero if Kira never says. Nil means the same.
	Date func(context.Context) time.Time

	// Hide has the secrets of the run taken out of what is logged of its requests. Nil
	// means that nothing is logged.
	Hide func(text func(string) string)

	Close func() error
}

// call is a request about the object called id, or about none in particular.
func (c Connection) call(id string) kinds.Call {
	return kinds.Call{API: c.API, ClientID: c.ClientID, ID: id}
}

// ErrReported is returned when the mistakes were reported as diagnostics.
var ErrReported = errors.New("there are errors in the configuration")

// Project is a configuration that was read and compiled.
type Project struct {
	Options
	module   *config.Module
	program  program
	schemas  map[string]*schema.Kind
	secrets  *redact.Set
	quote    *quote.Quoter
	inputs   map[string]config.Input // the values that the variables were given
	ready    *Connection             // made by Where, and not in use yet
	place    state.Place             // as far as it is known
	said     []event.Diagnostic      // as they were emitted
	planned  time.Time               // the time that plantimestamp returns
	unwanted func() bool             // whether nobody waits for the result any more

	policies    []*config.Policy
	policyDiags hcl.Diagnostics // mistakes in them

	session *Session     // the last one that looked
	known   *eval.Values // the last values that were planned
}

// Open reads the configuration. Mistakes in it are emitted as diagnostics, all
// of them, and ErrReported is returned; the project is for [Project.Personal] then.
func Open(o Options) (*Project, error) { return open(o, false, never) }

// OpenUnvalued is [Open] without a value for every variable.
func OpenUnvalued(o Options) (*Project, error) { return open(o, true, never) }

// Validate checks the configuration without a value for every variable,
// without state and without Kira, and reads the files of tests that are named. It
// returns ErrReported if there are errors, and the project all the same, which is for
// [Project.Personal] only. Once ctx ends it returns soon, and what it says then is of no
// meaning.
func Validate(ctx context.Context, o Options, tests ...string) (*Project, error) {
	var diags hcl.Diagnostics
	for _, name := range tests {
		t, d := config.LoadTest(o.FS, name)
		o.Tests, diags = append(o.Tests, t), append(diags, d...)
	}
	p, err := open(o, true, func() bool { return ctx.Err() != nil })
	if err != nil {
		return p, errors.Join(err, p.report(diags))
	}
	for _, t := range o.Tests {
		diags = append(diags, t.Unexpected(p.module)...)
	}
	return p, p.report(slices.Concat(p.check(), p.policyDiags, diags))
}

func open(o Options, unknownInputs bool, unwanted func() bool) (*Project, error) {
	p := &Project{Options: o, schemas: kinds.Schemas(), secrets: new(redact.Set), planned: o.Planned, unwanted: unwanted}
	if p.planned.IsZero() {
		p.planned = p.now().Truncate(time.Second)
	}
	maps.Copy(p.schemas, kinds.DataSchemas())
	maps.Copy(p.schemas, kinds.ActionSchemas())
	for _, s := range o.Secrets {
		p.secrets.Add(s)
	}
	p.Emit = tell.Safely(p.secrets, event.Tee(p.note, o.Emit))
	m, diags := o.Kept.load(o.FS)
	if o.Empty && m.Empty() {
		diags = nil
	}
	p.module = m
	for _, t := range o.Tests {
		m.Adopt(t)
	}
	if m.Broken { // a block that seems to be missing may be in the part of a file that cannot be read
		p.program = program{Program: nil, secrets: p.secrets, unwanted: unwanted}
		p.quote = o.Kept.quoter(p.secrets, p.schemas, m)
		return p, p.report(diags)
	}
	diags = append(diags, m.CheckVersion(o.Version)...)
	diags = append(diags, checkRecipients(m)...)
	p.readPolicies()
	inputs, d := config.Values(m, o.Env, o.FS, o.Vars)
	diags = append(diags, d...)
	p.inputs = inputs
	p.rememberInputs(inputs)
	p.quote = o.Kept.quoter(p.secrets, p.schemas, m)
	functions := func(m lang.Moment) map[string]function.Function { return lang.At(o.FS, m) }
	if o.Closed {
		functions = lang.Closed
	}
	prog, d := eval.Compile(m, eval.Options{
		Kinds:         p.schemas,
		Inputs:        inputs,
		Functions:     functions(lang.Moment{Planned: p.planned}),
		At:            functions,
		Dir:           dirOf(o.FS),
		UnknownInputs: unknownInputs,
		Ended:         unwanted,
		Workspace:     o.Workspace,
	})
	p.program = program{prog, p.secrets, unwanted}
	diags = append(diags, d...)
	if diags.HasErrors() && prog != nil {
		diags = append(diags, p.check()...) // every mistake of a run, not only the first kind
	}
	return p, p.report(diags)
}

// report emits diagnostics in the order in which they are shown.
func (p *Project) report(diags hcl.Diagnostics) error {
	for _, d := range diag.Sort(diags) {
		if p.unwanted() {
			break
		}
		p.Emit(p.diagnostic(d))
	}
	if diags.HasErrors() {
		return ErrReported
	}
	return nil
}

// diagnostic turns d into an event, without the secrets in its lines.
func (p *Project) diagnostic(d *hcl.Diagnostic) event.Diagnostic { return p.quote.Diagnostic(d) }

// TurnedDown names the offline checks that the configuration turns down.
func (p *Project) TurnedDown() []string {
	if p.program.Program == nil {
		return nil
	}
	return p.program.TurnedDown()
}

// Extra names the blocks that send unknown attributes, each with their names.
func (p *Project) Extra() []string {
	if p.program.Program == nil {
		return nil
	}
	return p.program.Extra()
}

func (p *Project) now() time.Time {
	if p.Now != nil {
		return p.Now().UTC()
	}
	return time.Now().UTC()
}

// NewKey makes a key for one logical request: a UUID of version 4, as Kira asks
// for (brief).
func NewKey() string { return uuid.NewString() }

// NewHolder says who takes a lock, and for which command.
func NewHolder(who string, pid int, command string) state.Holder {
	return state.Holder{ID: uuid.NewString(), Who: who, PID: pid, Command: command, Since: time.Now().UTC()}
}
