// Package tui shows a run in the terminal: a plan to review, and an apply while
// it happens.
//
// The model is a fold over the stream of events, and the picture is a function
// of the model and of the size of the terminal. Update does no I/O: work that
// has to be done outside is handed to the functions in [Options], or returned
// as a command. A view that cannot draw never holds up the run.
package tui

import (
	"io"
	"os/exec"
	"slices"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"kiraform/internal/event"
)

// Options are the abilities of a view. The zero value shows, and changes
// nothing.
type Options struct {
	// Decide is told of the person's decisions. It is called while the view
	// waits, so it must not block. Nil drops the decisions.
	Decide  func(event.Decision)
	Confirm string // the text that must be typed to apply; "" asks for a single key
	Again   bool   // whether another run is offered once this one has left something

	// Patience is how long a run waits for Kira that is told to in the view. 0 means that
	// this is not offered: not if the run waits anyway.
	Patience time.Duration

	Approved bool // whether a complete plan is carried out without a question
	CanApply bool // whether going on to apply is offered
	ReadOnly bool // leave out every key that changes something
	Stay     bool // stay when the run is over, also after a clean one

	// Step asks for the next event of a recording. It is called while the view
	// waits, so it must not block. Nil: events come by themselves.
	Step func()

	// Pause holds a recording that plays by itself, or lets it go on. It must not
	// block. Nil: there is nothing to hold.
	Pause func(hold bool)

	// Clock tells the time of the shown events; nil means now. A recording has
	// times of its own.
	Clock func() time.Time

	Editor func(file string, line int) *exec.Cmd       // opens a block; nil: not offered
	Save   func(event.Review) (path string, err error) // keeps a plan as Markdown; nil: not offered

	// Carry gives a command that the view names the flags of the one that runs; nil
	// leaves it as it is. Texts of events have them.
	Carry func(string) string

	Color  bool       // false means no colours, though still bold and underlined
	Back   Background // how dark the background is
	Input  io.Reader  // nil means that of the process
	Output io.Writer  // nil means that of the process; addresses are copied only to one that is set
}

// Model is the knowledge of the view. It implements [tea.Model]. Copies of a
// Model share their knowledge of the run, so only the latest is of use.
type Model struct {
	opts          Options
	style         style
	commands      []command
	width, height int

	run    *run
	choice choice

	tree    *tree
	grown   int // shape of the run that the tree shows
	counted int // version of the run that its numbers are of
	rows    []row

	issueRows []issueRow
	issuesOf  int // how many diagnostics these show
	folded    map[string]bool
	filter    filter

	cursor   list            // in the tree
	issue    list            // in the list of diagnostics
	issues   bool            // that list is shown instead of the tree
	unfolded map[string]bool // of that list: those that are alike and are shown one by one
	detailed bool            // the keys go to the detail pane
	why      bool            // the detail pane says why
	help     bool
	helpTop  int     // its first line on the screen
	prompt   *prompt // the question that is open, if any
	follow   bool    // the cursor goes where something happens
	notice   string  // the effect of the last key
	stops    int     // how often ctrl-c was pressed
	rested   bool    // the run is over and its trouble is shown
	waiting  bool    // the person chose to wait for Kira
	asked    bool    // another run was asked for, and has not begun
	paused   bool    // the recording is held
	leaving  bool

	detail   []line
	scroll   int // of the detail pane
	detailOf page
	surplus  int // rows of detail below the window, for scrolling
}

// New returns a model that has seen nothing yet.
func New(o Options) Model {
	if o.Decide == nil {
		o.Decide = func(event.Decision) {}
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	run := newRun()
	if o.Carry != nil {
		run.carry = o.Carry
	}
	return Model{opts: o, style: style{o.Color, o.Back}, commands: commands(), run: run, tree: &tree{},
		folded: map[string]bool{unchangedKey: true}, unfolded: map[string]bool{}, follow: true}
}

// batch holds the events since the last one.
type batch struct {
	at     time.Time
	events []event.Event
}

// tick lets the clocks go on.
type tick time.Time

// ended says that no events will follow.
type ended struct{}

// stopped says that somebody else has told the run to stop.
type stopped struct{}

// leave says that the view has to go, whatever there is to look at.
type leave struct{}

// told is the message of a command that is done.
type told string

// returned is told when the terminal comes back from another program.
type returned string

// Init implements [tea.Model].
func (m Model) Init() tea.Cmd { return m.ticks() }

func (m *Model) ticks() tea.Cmd {
	now := m.opts.Clock
	return tea.Tick(100*time.Millisecond, func(time.Time) tea.Msg { return tick(now()) })
}

// Update implements [tea.Model].
func (m Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	cmd := m.update(msg)
	m.settle()
	return m, cmd
}

func (m *Model) update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.width, m.height = msg.Width, msg.Height
	case batch:
		return m.take(msg)
	case event.Event:
		return m.take(batch{m.run.now, []event.Event{msg}})
	case tick:
		if !m.run.ended() && !m.run.now.IsZero() {
			m.run.now = time.Time(msg)
		}
		return m.ticks()
	case ended:
		m.run.close()
		return m.arrive()
	case stopped:
		m.stops++
	case leave:
		return m.quit()
	case told:
		m.notice = string(msg)
	case returned:
		m.notice = string(msg)
		return tea.EnableMouseCellMotion // which the other program has ended
	case tea.ResumeMsg:
		return tea.EnableMouseCellMotion
	case tea.KeyMsg:
		return m.press(msg)
	case tea.MouseMsg:
		return m.point(msg)
	}
	return nil
}

// take folds a batch.
func (m *Model) take(b batch) tea.Cmd {
	before := m.run.stage()
	for _, e := range b.events {
		if _, again := e.(event.Start); again {
			m.rested, m.issues, m.stops, m.asked, m.choice = false, false, 0, false, choice{}
			m.issueRows, m.issuesOf, m.issue = nil, -1, list{}
		}
		m.run.fold(b.at, e)
		if _, complete := e.(event.PlanEnd); complete && m.opts.Approved && m.run.includes(choice{}) > 0 {
			m.run.act()
		}
	}
	m.run.sweep()
	switch now := m.run.stage(); {
	case now == before:
	case now == reviewing:
		m.notice = ""
		m.first()
	case now == applying:
		m.issues, m.why, m.notice = false, false, ""
	}
	if m.run.ended() {
		return m.arrive()
	}
	return nil
}

// arrive ends a view whose run has ended, unless somebody has to look at it.
func (m *Model) arrive() tea.Cmd {
	nothing := m.run.planned && !m.run.acting && m.run.includes(choice{}) == 0 && len(m.run.outputs) == 0
	if m.run.clean() && !m.opts.Stay && (m.run.stage() == over || nothing && len(m.run.problems) == 0) {
		return m.quit()
	}
	if m.run.stage() == over && !m.rested {
		m.rested, m.follow, m.notice = true, false, m.parting()
		m.cursor = list{}
		m.first()
		m.issues = m.run.trouble() == 0 && m.run.errors() > 0
	}
	return nil
}

// parting is how to go on after a run that has left something to do.
func (m *Model) parting() string {
	switch f := m.run.finish; {
	case f == nil || !m.run.acting:
		return ""
	case f.Stopped && (canRetry(m) || canPlanRest(m)):
		return "r plans the rest, and asks first."
	case f.Stopped:
		return "The next " + inline(m.run.command) + " goes on where this ended."
	case f.Failed+f.Actions.Failed > 0:
		return ""
	case f.Deferred > 0 && f.Deferred == f.Held && f.Unready == 0:
		return "To mend it: " + m.run.carry("kiraform status")
	case f.Deferred+f.Actions.Deferred > 0:
		return "The next " + inline(m.run.command) + " goes on with them."
	case f.Unready > 0:
		return "The next " + inline(m.run.command) + " looks at them again."
	}
	return ""
}

// first puts the cursor on the row that a person wants to see first: a resource
// that changes, or that had trouble.
func (m *Model) first() {
	m.regrow()
	m.find(func(r row) bool {
		if r.res == nil { // a row for several that change alike
			return r.group.in != nil && m.isFolded(r.group) && slices.ContainsFunc(r.group.members, m.ofInterest)
		}
		return m.ofInterest(r.res)
	})
}

func (m *Model) quit() tea.Cmd {
	m.leaving = true
	return tea.Quit
}

// View implements [tea.Model].
func (m Model) View() string {
	if m.leaving {
		return "" // the last frame would stay behind in some terminals
	}
	return render(m, m.width, m.height)
}
