package tui

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"kiraform/internal/event"
	"kiraform/internal/ui/words"
)

// toggle leaves out the resource that the cursor is on, or all below a heading,
// or takes them in.
func (m *Model) toggle() tea.Cmd {
	on, ok := m.current()
	if !ok || m.issues {
		return nil
	}
	m.choice, m.notice = m.run.turn(m.choice, on.picked())
	m.regrow()
	return nil
}

// picked lists the resources that a key on the row is about.
func (r row) picked() []*resource {
	if r.res != nil {
		return []*resource{r.res}
	}
	return r.group.below()
}

// leavesOut reports whether all of them are left out that something would be done to.
func (m *Model) leavesOut(all []*resource) bool {
	all = slices.DeleteFunc(slices.Clone(all), func(res *resource) bool { return !acting(res.Action) })
	return len(all) > 0 && len(m.choice.without) > 0 && !slices.ContainsFunc(all, func(res *resource) bool {
		_, out := m.choice.excluded(res.Addr)
		return !out
	})
}

// below lists every resource under g.
func (g *group) below() []*resource {
	out := g.members
	for _, in := range g.groups {
		out = append(out[:len(out):len(out)], in.below()...)
	}
	return out
}

func (m *Model) step() tea.Cmd {
	m.opts.Step()
	return nil
}

func (m *Model) pause() tea.Cmd {
	m.paused = !m.paused
	m.opts.Pause(m.paused)
	if m.paused {
		m.notice = "Held. p goes on."
	}
	return nil
}

func (m *Model) toggleWhy() tea.Cmd {
	m.why = !m.why
	m.scroll = 0
	if m.layout().detail.height == 0 {
		m.detailed = m.why
	}
	return nil
}

func (m *Model) toggleHelp() tea.Cmd {
	m.help, m.helpTop = !m.help, 0
	return nil
}

func (m *Model) toggleIssues() tea.Cmd {
	m.issues = !m.issues
	m.detailed, m.why, m.follow = false, false, false
	return nil
}

// back closes the thing that was opened last.
func (m *Model) back() tea.Cmd {
	switch {
	case m.why:
		return m.toggleWhy()
	case m.detailed:
		m.detailed = false
	case m.issues:
		m.issues = false
	default:
		m.unfilter()
	}
	return nil
}

func (m *Model) followAgain() tea.Cmd {
	m.follow, m.issues, m.detailed = true, false, false
	return nil
}

// copyAddress has the terminal put the address into the clipboard (OSC 52),
// which works through ssh as well.
func (m *Model) copyAddress() tea.Cmd {
	addr, out := m.addressHere(), m.opts.Output
	if addr == "" {
		m.notice = "No resource is selected, so there is no address to copy."
		return nil
	}
	return func() tea.Msg {
		if _, err := io.WriteString(out, ansi.SetSystemClipboard(addr)); err != nil {
			return told("Could not copy: " + err.Error())
		}
		return told("Copied " + inline(addr) + ".")
	}
}

// addressHere is the address of the resource that the cursor is on, or that the
// diagnostic is about.
func (m *Model) addressHere() string {
	if on, ok := m.currentIssue(); ok && m.issues {
		return subject(on.diagnostic())
	}
	if on, ok := m.current(); ok && on.res != nil && !m.issues {
		return on.res.Addr
	}
	return ""
}

// copyIDs has the terminal put the ids of the failed requests into the clipboard,
// for whoever asks Kira about them.
func (m *Model) copyIDs() tea.Cmd {
	ids, out := m.requestIDs(), m.opts.Output
	return func() tea.Msg {
		if _, err := io.WriteString(out, ansi.SetSystemClipboard(strings.Join(ids, "\n"))); err != nil {
			return told("Could not copy: " + err.Error())
		}
		return told("Copied " + words.Count(len(ids), "request id") + ".")
	}
}

func (m *Model) retry() tea.Cmd { return m.again(event.Again{}) }

func (m *Model) waitHere() tea.Cmd { return m.again(event.Again{Wait: true}) }

// again asks for another run. Nothing is done before its plan was approved.
func (m *Model) again(d event.Again) tea.Cmd {
	m.waiting = m.waiting || d.Wait
	m.asked, m.notice = true, "Planning again. Requests keep their keys, so nothing is made twice."
	m.opts.Decide(d)
	return nil
}

// edit opens the block of the resource, or the place of the diagnostic.
func (m *Model) edit() tea.Cmd {
	var file string
	var at int
	if m.issues {
		if on, ok := m.currentIssue(); ok && on.diagnostic().Source != nil {
			file, at = on.diagnostic().Source.File, on.diagnostic().Source.Line
		}
	} else if on, ok := m.current(); ok && on.res != nil {
		file, at = on.res.File, on.res.Line
	}
	if file == "" {
		m.notice = "This is not written in a file."
		return nil
	}
	editor := m.opts.Editor(file, at)
	if f, ok := m.opts.Input.(*os.File); ok && editor.Stdin == nil {
		editor.Stdin = f // itself, and not a copy of its input
	}
	return tea.ExecProcess(editor, func(err error) tea.Msg {
		if err != nil {
			return returned(editorFailed(editor.Path, err))
		}
		return returned(fmt.Sprintf("Edits to %s count from the next plan on.", inline(file)))
	})
}

// editorFailed says in words why an editor did not do its work.
func editorFailed(path string, err error) string {
	name := inline(filepath.Base(path))
	if e, ok := errors.AsType[*exec.ExitError](err); ok {
		return fmt.Sprintf("%s ended with exit code %d.", name, e.ExitCode())
	}
	switch {
	case errors.Is(err, exec.ErrNotFound), errors.Is(err, fs.ErrNotExist):
		return "There is no editor " + name + ". EDITOR names another one."
	case errors.Is(err, fs.ErrPermission):
		return name + " may not be run. EDITOR names another editor."
	}
	return "The editor ended with an error: " + inline(err.Error())
}

func (m *Model) save() tea.Cmd {
	if !m.run.planned {
		m.notice = "There is no plan to write yet."
		return nil
	}
	plan, save := m.run.review(m.choice), m.opts.Save
	return func() tea.Msg {
		path, err := save(plan)
		if err != nil {
			return told("Could not write the plan: " + inline(err.Error()))
		}
		return told("Wrote the plan to " + inline(path) + ".")
	}
}

// suspend gives the terminal back to the shell until it lets the view go on.
func (m *Model) suspend() tea.Cmd { return tea.Suspend }

// interrupt stops a run: first nothing more is started, then running operations
// are cancelled, and in the end the view goes without waiting for it.
func (m *Model) interrupt() tea.Cmd {
	m.stops++
	switch m.stops {
	case 1:
		m.opts.Decide(event.Stop{})
	case 2:
		m.opts.Decide(event.Cancel{})
	default:
		return m.quit()
	}
	return nil
}

// leave goes, unless something is running.
func (m *Model) leave() tea.Cmd {
	if m.run.ended() && m.run.stage() == over || m.opts.ReadOnly {
		return m.quit()
	}
	if isWorking(m) && m.run.stage() != planning {
		m.notice = "This is being applied. ctrl-c stops it."
		return nil
	}
	if m.run.stage() == planning {
		m.opts.Decide(event.Cancel{}) // nothing has been changed, so nothing is waited for
	}
	m.opts.Decide(event.Leave{})
	return m.quit()
}
