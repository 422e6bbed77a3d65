package tui

import (
	"runtime"
	"slices"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
)

// command is something a person can do: its keys, when it is offered, and its
// effect. The help is made of these.
type command struct {
	key.Binding
	topic   string
	changes bool              // left out of a view that is read-only
	hint    string            // its name at the bottom of the screen, if it is named there
	rank    int               // hints of a low rank come first
	offered func(*Model) bool // nil means always
	scrolls bool              // moves in the help as well
	do      func(*Model) tea.Cmd
}

// The topics of the help, in order.
const (
	moving       = "Moving"
	looking      = "Looking"
	deciding     = "Deciding"
	whileRunning = "While it runs"
)

var topics = []string{moving, looking, deciding, whileRunning}

func bind(help, says string, keys ...string) key.Binding {
	return key.NewBinding(key.WithKeys(keys...), key.WithHelp(help, says))
}

// commands are all there are, in the order of the help. Where two share a key,
// the first that is offered takes it.
func commands() []command {
	return []command{
		{Binding: bind("↑ k", "up", "up", "k"), topic: moving, scrolls: true, do: move(-1)},
		{Binding: bind("↓ j", "down", "down", "j"), topic: moving, scrolls: true, do: move(1)},
		{Binding: bind("pgup", "a page up", "pgup", "ctrl+b"), topic: moving, scrolls: true, do: (*Model).pageUp},
		{Binding: bind("pgdn", "a page down", "pgdown", "ctrl+f"), topic: moving, scrolls: true, do: (*Model).pageDown},
		{Binding: bind("g", "to the beginning", "g", "home"), topic: moving, scrolls: true, do: move(-1 << 30)},
		{Binding: bind("G", "to the end", "G", "end"), topic: moving, scrolls: true, do: move(1 << 30)},
		{Binding: bind("n", "next change", "n"), topic: moving, do: jump(1)},
		{Binding: bind("N", "previous change", "N"), topic: moving, do: jump(-1)},
		{Binding: bind("tab", "to the other pane", "tab"), topic: moving, hint: "details", rank: 9, do: (*Model).otherPane},
		{Binding: bind("enter", "to the resource of this diagnostic, or unfold", "enter"), topic: moving, offered: inIssues, do: (*Model).visit},
		{Binding: bind("enter", "fold or unfold, or look closer", "enter"), topic: moving, do: (*Model).open},
		{Binding: bind("← h", "fold", "left", "h"), topic: moving, do: (*Model).foldHere},
		{Binding: bind("→ l", "unfold", "right", "l"), topic: moving, do: (*Model).unfoldHere},
		{Binding: bind("z", "fold all, or unfold all", "z"), topic: moving, do: (*Model).foldAll},

		{Binding: bind("/", "find by address, name, attribute, value or outcome", "/"), topic: looking, hint: "filter", rank: 7, offered: hasRows, do: (*Model).askFilter},
		{Binding: bind("esc", "back, or filter no more", "esc"), topic: looking, do: (*Model).back},
		{Binding: bind("w", "plan the rest, and wait for Kira this time", "w"), topic: deciding, changes: true, hint: "wait here", rank: 2, offered: canWaitHere, do: (*Model).waitHere},
		{Binding: bind("w", "why: the chain of causes and needs", "w"), topic: looking, hint: "why", rank: 8, offered: hasCause, do: (*Model).toggleWhy},
		{Binding: bind("e", "errors and warnings", "e"), topic: looking, hint: "issues", rank: 6, offered: hasIssues, do: (*Model).toggleIssues},
		{Binding: bind("y", "copy the address", "y"), topic: looking, offered: canCopy, do: (*Model).copyAddress},
		{Binding: bind("o", "open the block in the editor", "o"), topic: looking, changes: true, offered: canEdit, do: (*Model).edit},
		{Binding: bind("m", "write the plan as Markdown", "m"), topic: looking, changes: true, offered: canSave, do: (*Model).save},
		{Binding: bind("?", "this help", "?"), topic: looking, hint: "help", rank: 4, do: (*Model).toggleHelp},

		{Binding: bind("space", "take in again", " "), topic: deciding, changes: true, hint: "take in", rank: 3, offered: canChooseAgain, do: (*Model).toggle},
		{Binding: bind("space", "leave out, or take in again", " "), topic: deciding, changes: true, hint: "leave out", rank: 3, offered: canChoose, do: (*Model).toggle},
		{Binding: bind("a", "forget the selected resources", "a"), topic: deciding, changes: true, hint: "forget", rank: 1, offered: canForget, do: (*Model).askApply},
		{Binding: bind("a", "take all of it into the state", "a"), topic: deciding, changes: true, hint: "take in", rank: 1, offered: canTakeIn, do: (*Model).askApply},
		{Binding: bind("a", "apply the selected resources", "a"), topic: deciding, changes: true, hint: "apply", rank: 1, offered: canApply, do: (*Model).askApply},
		{Binding: bind("r", "try again: plan the rest, with the same keys", "r"), topic: deciding, changes: true, hint: "try these again", rank: 1, offered: canRetry, do: (*Model).retry},
		{Binding: bind("r", "plan the rest, and ask again", "r"), topic: deciding, changes: true, hint: "plan the rest", rank: 1, offered: canPlanRest, do: (*Model).retry},
		{Binding: bind("c", "copy the ids of the requests that failed", "c"), topic: looking, hint: "copy request ids", rank: 5, offered: canCopyIDs, do: (*Model).copyIDs},
		{Binding: bind("space", "the next event of the recording", " "), topic: whileRunning, hint: "next", rank: 1, offered: canStep, do: (*Model).step},
		{Binding: bind("p", "hold the recording", "p"), topic: whileRunning, hint: "pause", rank: 1, offered: canPause, do: (*Model).pause},
		{Binding: bind("p", "let the recording go on", "p"), topic: whileRunning, hint: "go on", rank: 1, offered: isHeld, do: (*Model).pause},
		{Binding: bind("f", "follow the running work", "f"), topic: whileRunning, hint: "follow", rank: 6, offered: isApplying, do: (*Model).followAgain},
		{Binding: bind("ctrl-c", "leave the view; the run ends in the shell", "ctrl+c"), topic: whileRunning, changes: true, hint: "leave the view", rank: 2, offered: isCancelling, do: (*Model).interrupt},
		{Binding: bind("ctrl-c", "cancel running work, and leave the next time", "ctrl+c"), topic: whileRunning, changes: true, hint: "cancel", rank: 2, offered: isStopping, do: (*Model).interrupt},
		{Binding: bind("ctrl-c", "stop; again: cancel running work", "ctrl+c"), topic: whileRunning, changes: true, hint: "stop", rank: 2, offered: isWorking, do: (*Model).interrupt},
		{Binding: bind("ctrl-z", "suspend; fg in the shell comes back", "ctrl+z"), topic: looking, offered: canSuspend, do: (*Model).suspend},
		{Binding: bind("q", "leave", "q", "ctrl+c"), topic: deciding, hint: "leave", rank: 5, do: (*Model).leave},
	}
}

func hasIssues(m *Model) bool { return len(m.run.problems) > 0 }
func inIssues(m *Model) bool  { return m.issues }
func hasRows(m *Model) bool   { return len(m.run.resources)+len(m.filter) > 0 }

// hasCause reports whether there is a resource to tell the causes of, or they are told.
func hasCause(m *Model) bool {
	on, ok := m.current()
	return !m.issues && (m.why || ok && on.res != nil)
}
func canCopy(m *Model) bool   { return m.opts.Output != nil }
func canEdit(m *Model) bool   { return m.opts.Editor != nil }
func canSave(m *Model) bool   { return m.opts.Save != nil }
func canApply(m *Model) bool  { return m.opts.CanApply && m.run.stage() == reviewing }
func canForget(m *Model) bool { return canApply(m) && m.run.command == "destroy" }
func canTakeIn(m *Model) bool { return canApply(m) && m.run.command == refreshCommand }
func canChoose(m *Model) bool { return canApply(m) && m.run.command != refreshCommand }
func canChooseAgain(m *Model) bool {
	on, ok := m.current()
	return canChoose(m) && ok && !m.issues && m.leavesOut(on.picked())
}
func canCopyIDs(m *Model) bool {
	return canCopy(m) && m.run.stage() == over && len(m.requestIDs()) > 0
}

// canGoOn reports whether another run can take up the work that this one has
// left. After a stop there is one only if it asks before it changes anything.
func canGoOn(m *Model) bool {
	if f := m.run.finish; f == nil || f.Stopped && (m.opts.Approved || m.stops > 1) {
		return false
	}
	return m.opts.Again && m.run.stage() == over && m.run.acting && !m.run.closed && !m.asked
}

func canRetry(m *Model) bool {
	return canGoOn(m) && slices.ContainsFunc(m.run.resources, func(r *resource) bool {
		return r.phase == failed || r.phase == skipped
	})
}

// canPlanRest reports whether a stop alone has left work, and no failure.
func canPlanRest(m *Model) bool {
	return canGoOn(m) && !canRetry(m) && slices.ContainsFunc(m.run.resources, func(r *resource) bool {
		return r.phase == untouched && acting(r.Action)
	})
}

// canWaitHere reports whether waiting is of use. On a failed row the key says why
// it failed.
func canWaitHere(m *Model) bool {
	on, ok := m.current()
	return canGoOn(m) && m.run.finish.Deferred-m.run.finish.Held+m.run.finish.Unready > 0 && !(ok && on.res != nil && on.res.phase == failed)
}

func canStep(m *Model) bool    { return m.opts.Step != nil && !m.run.closed }
func canPause(m *Model) bool   { return m.opts.Pause != nil && !m.run.closed && !m.paused }
func isHeld(m *Model) bool     { return m.paused && !m.run.closed }
func isApplying(m *Model) bool { return m.run.stage() == applying }

// isWorking reports whether there is a run to stop.
func isWorking(m *Model) bool {
	return !m.run.ended() && (m.run.stage() == planning || m.run.stage() == applying)
}

// canSuspend reports whether the view may be left for the shell. Work is not: its
// requests would be given up in the middle.
func canSuspend(m *Model) bool {
	recording := m.opts.Step != nil || m.opts.Pause != nil
	return runtime.GOOS != "windows" && (recording || !isWorking(m))
}

// isStopping reports whether a run has been told to stop, and works still.
func isStopping(m *Model) bool { return isWorking(m) && m.stops > 0 }

// isCancelling reports whether running work has been given up, and has not ended yet.
func isCancelling(m *Model) bool { return isWorking(m) && m.stops > 1 }

func (m *Model) offers(c command) bool {
	return !(c.changes && m.opts.ReadOnly) && (c.offered == nil || c.offered(m))
}

// press runs the command of a key.
func (m *Model) press(k tea.KeyMsg) tea.Cmd {
	switch {
	case m.tooSmall():
		return m.pressUnseen(k)
	case m.prompt != nil:
		return m.answer(k)
	case len(k.Runes) > 1 && !k.Paste:
		return m.pressAll(k.Runes)
	}
	i := slices.IndexFunc(m.commands, func(c command) bool { return key.Matches(k, c.Binding) && m.offers(c) })
	if m.help && k.String() != "ctrl+c" && (i < 0 || !m.commands[i].scrolls) {
		m.help = false
		return nil
	}
	if i < 0 {
		if k.String() == "ctrl+z" && isWorking(m) {
			m.notice = "Work that goes on is not suspended."
		}
		return nil
	}
	m.notice = ""
	return m.commands[i].do(m)
}

// pressAll takes keys that came together, as they do over a slow line. They look and
// move, up to the first that does more: a person has not seen yet what it would be about.
func (m *Model) pressAll(all []rune) tea.Cmd {
	var out []tea.Cmd
	for i, r := range all {
		k := tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}}
		c := slices.IndexFunc(m.commands, func(c command) bool { return key.Matches(k, c.Binding) && m.offers(c) })
		if c < 0 || m.commands[c].changes || m.commands[c].topic != moving && m.commands[c].topic != looking {
			break
		}
		out = append(out, m.press(k))
		if m.prompt != nil { // a filter, and its text
			return tea.Batch(append(out, m.answer(tea.KeyMsg{Type: tea.KeyRunes, Runes: all[i+1:]}))...)
		}
	}
	return tea.Batch(out...)
}

// tooSmall reports whether nothing can be drawn. Before the terminal has told its
// size, that is not known.
func (m *Model) tooSmall() bool {
	return m.width > 0 && (m.width < minWidth || m.height < minHeight)
}

// pressUnseen takes a key while nothing can be drawn. None answers a question that
// nobody sees.
func (m *Model) pressUnseen(k tea.KeyMsg) tea.Cmd {
	switch k.String() {
	case "q":
		m.prompt = nil
		return m.leave()
	case "ctrl+c":
		m.prompt = nil
		if isWorking(m) && !m.opts.ReadOnly {
			return m.interrupt()
		}
		return m.leave()
	}
	return nil
}
