package words

import (
	"cmp"
	"strings"
)

// An Action has the words for an action on a resource, Terraform's where it has
// some.
type Action struct {
	Name   string // as in events
	Sign   string // three cells
	Tone   Tone
	Legend string // of the sign; "" if none is needed
	Will   string // after an address
	Beside string // a fact to know with it, such as "exists at Kira already"; "" if there is none
	Begin  string // while it is done
	Done   string // once it is done
	Plan   string // after a number, before
	Did    string // after a number, or alone, once it is done
	Past   string // the participle, where Terraform's Did is another verb
	Title  string // of a section with such changes; "" if the participle is one
	Always bool   // counted when there are none as well, as Terraform does
	Idle   bool   // nothing is done at Kira or to the state, so it is not counted among the planned changes
}

// A Tone is the meaning of a colour.
type Tone int

// The tones.
const (
	Still   Tone = iota // nothing happens
	Comes               // something new
	Changes             // something that stays becomes another
	Goes                // something goes, or is left behind
	Kept                // something that is there is taken or shown as it is
	Waits               // for somebody
	Unknown             // nobody can say
)

// Actions has all actions, in the order in which they are counted.
var Actions = []Action{
	{Name: "create", Sign: "  +", Tone: Comes, Legend: "create", Will: "will be created",
		Begin: "Creating", Done: "Creation complete", Plan: "to add", Did: "added", Past: "created", Always: true},
	{Name: "update", Sign: "  ~", Tone: Changes, Legend: "update in-place", Will: "will be updated in-place",
		Begin: "Modifying", Done: "Modifications complete", Plan: "to change", Did: "changed", Past: "updated", Always: true},
	{Name: "replace", Sign: "+/-", Tone: Goes, Legend: "create a replacement and leave the old one behind", Will: "must be replaced",
		Beside: "the old one lives on at Kira and is no longer managed",
		Begin:  "Replacing", Done: "Replacement complete", Plan: "to replace", Did: "replaced"},
	{Name: "adopt", Sign: "  =", Tone: Kept, Legend: "adopt an object that exists at Kira already", Will: "will be adopted",
		Beside: "exists at Kira already",
		Begin:  "Adopting", Done: "Adoption complete", Plan: "to adopt", Did: "adopted"},
	{Name: "forget", Sign: "  .", Tone: Goes, Legend: "forget, but leave alive at Kira", Will: "will no longer be managed by kiraform, but lives on at Kira",
		Begin: "Forgetting", Done: "Forgotten, it lives on at Kira", Plan: "to forget", Did: "forgotten", Title: "Left behind"},
	{Name: "move", Sign: " ->", Tone: Kept, Will: "has moved", Beside: "nothing is sent",
		Begin: "Moving", Done: "Moved", Plan: "to move", Did: "moved"},
	{Name: "defer", Sign: "  »", Tone: Waits, Legend: "defer", Will: "is deferred",
		Begin: "Deferring", Done: "Deferred", Plan: "deferred", Did: "deferred"},
	{Name: "drift", Sign: "  ~", Tone: Changes, Legend: "changed at Kira", Will: "has changed at Kira",
		Begin: "Looking at", Done: "Taken into the state", Plan: "changed at Kira", Did: "taken into the state", Title: "Changed at Kira"},
	{Name: "gone", Sign: "  -", Tone: Goes, Legend: "gone at Kira", Will: "is gone at Kira",
		Begin: "Taking out of the state", Done: "Taken out of the state", Plan: "gone at Kira", Did: "taken out of the state", Title: "Gone at Kira"},
	{Name: "invoke", Sign: "  !", Tone: Comes, Legend: "run an action", Will: "will be run",
		Begin: "Running", Done: "Run complete", Plan: "to run", Did: "run"},
	{Name: "later", Sign: " !»", Tone: Waits, Will: "is deferred",
		Begin: "Deferring", Done: "Deferred", Plan: "to run later", Did: "deferred"},
	{Name: "read", Sign: " <=", Tone: Kept, Legend: "read (data resources)", Will: "will be read during apply",
		Begin: "Reading", Done: "Read complete", Plan: "to read", Did: "read", Idle: true},
	{Name: "no-op", Sign: "   ", Tone: Still, Will: "stays as it is",
		Begin: "Looking at", Done: "Unchanged", Plan: "unchanged", Did: "unchanged", Idle: true},
}

// Of finds the words for the action called name. A recording of a later version
// may hold an action without words of its own; it is shown by its name, which is
// to be safe to show.
func Of(name string) Action {
	for _, a := range Actions {
		if a.Name == name {
			return a
		}
	}
	if name == "" { // the plan of a resource was not recorded
		return Action{Sign: "  ?", Tone: Unknown, Will: "is worked on", Begin: "Working", Done: "Done", Plan: "to do", Did: "done"}
	}
	return Action{Name: name, Sign: "  ?", Tone: Unknown, Legend: name, Will: "is up for " + name,
		Begin: "Doing " + name, Done: "Done with " + name, Plan: "to " + name, Did: "done with " + name}
}

// Participle is the action after "is" or "could not be", such as "created".
func (a Action) Participle() string { return cmp.Or(a.Past, a.Did) }

// Heading is over a list of resources that the action was or will be done to.
func (a Action) Heading() string {
	if a.Title != "" {
		return a.Title
	}
	p := a.Participle()
	return strings.ToUpper(p[:1]) + p[1:]
}

// Replaces is the remark on an attribute whose change makes a new object.
const Replaces = "forces replacement"

// Remark is the comment beside an attribute: that it forces a replacement, and why it
// changes. Either part may be "", and they stand one behind the other.
func Remark(replaces bool, cause string) (forced, why string) {
	if replaces {
		forced = "# " + Replaces
	}
	switch {
	case cause == "":
	case replaces:
		why = "; " + cause
	default:
		why = "# " + cause
	}
	return forced, why
}
