package tui

import (
	"kiraform/internal/event"
	"kiraform/internal/ui/words"
)

// action is an action on a resource, in words and in one ink.
type action struct {
	words.Action
	ink ink
}

var tones = map[words.Tone]ink{
	words.Still: faint, words.Comes: green, words.Changes: yellow, words.Goes: red,
	words.Kept: cyan, words.Waits: magenta, words.Unknown: plain,
}

// actionOf finds the words for the action called name.
func actionOf(name string) action {
	a := words.Of(inline(name))
	return action{a, tones[a.Tone]}
}

// will is the text after an address.
func (a action) will() string {
	if a.Beside == "" {
		return a.Will
	}
	return a.Will + "; " + a.Beside
}

// refreshCommand takes all that it shows into the state, or nothing: it has no
// plan of which something could be left out.
const refreshCommand = "refresh"

// acting reports whether a resource planned for this action is worked on.
func acting(name string) bool { return !still(name) && name != event.Defer && name != "" }

// still reports whether nothing is sent for a resource planned for this action,
// now or later.
func still(name string) bool { return name == event.NoOp || name == event.Move }
