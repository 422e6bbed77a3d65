package text

// action holds the words for what is done to a resource.
type action struct {
	name   string // as in events
	sign   string // three cells
	legend string
	will   string // "# ADDR will ..."
	begin  string
	done   string
	plan   string // in the plan line, after the number
	did    string // in the last line, after the number
	always bool   // counted when there are none as well, as Terraform does
}

// actions are in the order in which they are counted.
var actions = []action{
	{name: "create", sign: "  +", legend: "create", will: "will be created",
		begin: "Creating", done: "Creation complete", plan: "to add", did: "added", always: true},
	{name: "update", sign: "  ~", legend: "update in-place", will: "will be updated in-place",
		begin: "Modifying", done: "Modifications complete", plan: "to change", did: "changed", always: true},
	{name: "replace", sign: "+/-", legend: "create a replacement and leave the old one behind", will: "must be replaced",
		begin: "Replacing", done: "Replacement complete", plan: "to replace", did: "replaced"},
	{name: "adopt", sign: "  =", legend: "adopt what exists at Kira already", will: "will be adopted",
		begin: "Adopting", done: "Adoption complete", plan: "to adopt", did: "adopted"},
	{name: "forget", sign: "  .", legend: "forget, but leave alive at Kira", will: "will no longer be managed by kiraform, but lives on at Kira",
		begin: "Forgetting", done: "Forgotten, it lives on at Kira", plan: "to forget", did: "forgotten"},
	{name: deferAction, sign: "  >", legend: "defer", will: "is deferred",
		begin: "Deferring", done: "Deferred", plan: "deferred"},
	{name: moveAction, plan: "to move", did: "moved"},
	{name: driftAction, sign: "  ~", legend: "changed at Kira", will: "has changed at Kira",
		begin: "Looking at", done: "Taken into the state", plan: "changed at Kira"},
	{name: goneAction, sign: "  -", legend: "gone at Kira", will: "is gone at Kira",
		begin: "Taking out of the state", done: "Taken out of the state", plan: "gone at Kira", did: "taken out of the state"},
	{name: invokeAction, sign: "  !", legend: "run an action", will: "will be run",
		begin: "Running", done: "Run complete", plan: "to run", did: "run"},
	{name: "read", sign: " <=", legend: "read (data resources)", will: "will be read during apply",
		begin: "Reading", done: "Read complete"},
}

// The actions that are treated apart.
const (
	replaceAction = "replace"
	adoptAction   = "adopt"
	forgetAction  = "forget"
	deferAction   = "defer"
	readAction    = "read"
	driftAction   = "drift"
	goneAction    = "gone"
	invokeAction  = "invoke"
	moveAction    = "move" // counted beside the others; never that of a resource
	noAction      = "no-op"
)

// actionOf finds the words for name. A recording of a later version may hold an
// action without words of its own; it is shown by its name.
func actionOf(name string) action {
	for _, a := range actions {
		if a.name == name {
			return a
		}
	}
	name = inline(name)
	return action{name: name, sign: "   ", legend: name, will: "is up for " + name, begin: "Doing " + name, done: "Done with " + name}
}
