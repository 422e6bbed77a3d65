package tui

// action holds the words for what is done to a resource.
type action struct {
	name string // as in events
	sign string // three cells
	ink  ink
	will string // after an address
	verb string // while it is done
	plan string // after a number, before
	did  string // after a number or alone, when done
}

// actions are in the order in which they are counted. The signs are the text
// view's.
var actions = []action{
	{"create", "  +", green, "will be created", "creating", "to add", "created"},
	{"update", "  ~", yellow, "will be updated in-place", "modifying", "to change", "modified"},
	{"replace", "+/-", red, "must be replaced; the old one stays alive at Kira", "replacing", "to replace", "replaced"},
	{"adopt", "  =", cyan, "will be adopted: it exists at Kira already", "adopting", "to adopt", "adopted"},
	{"forget", "  .", red, "will be forgotten, but lives on at Kira", "forgetting", "to forget", "forgotten"},
	{moveAction, " ->", cyan, "has another address; nothing is sent", "moving", "to move", "moved"},
	{deferAction, "  >", magenta, "is deferred", "deferring", "deferred", "deferred"},
	{"read", " <=", cyan, "will be read during apply", "reading", "to read", "read"},
	{"invoke", "  !", green, "will be run", "running", "to run", "run"},
	{"drift", "  ~", yellow, "has changed at Kira", "looking at", "changed at Kira", "taken into the state"},
	{"gone", "  -", red, "is gone at Kira", "looking at", "gone at Kira", "taken out of the state"},
	{noAction, "   ", faint, "stays as it is", "looking", "unchanged", "unchanged"},
}

const (
	deferAction = "defer"
	noAction    = "no-op"
	moveAction  = "move" // of what is unchanged but for its address
)

// refreshCommand takes all that it shows into the state, or nothing: it has no
// plan of which something could be left out.
const refreshCommand = "refresh"

// actionOf finds the words for name. A recording of a later version may hold an
// action without words of its own; it is shown by its name.
func actionOf(name string) action {
	for _, a := range actions {
		if a.name == name {
			return a
		}
	}
	name = inline(name)
	return action{name, "  ?", plain, "is up for " + name, name, "to " + name, "done with " + name}
}

// acting reports whether a resource planned for this action is worked on.
func acting(name string) bool { return !still(name) && name != deferAction && name != "" }

// still reports whether nothing is sent for a resource planned for this action,
// now or later.
func still(name string) bool { return name == noAction || name == moveAction }
