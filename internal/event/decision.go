package event

// A Decision is a person's command to a run, given through a view. A view never
// calls the engine: it hands over decisions, and the engine answers with
// events. The types below are all there are.
type Decision interface{ decision() }

// Apply carries out the plan, except for the resources at some addresses and
// for everything that needs those.
type Apply struct {
	Without []string
	Wait    bool // wait for Kira, though the run was not started so
}

// Leave ends a run without applying anything.
type Leave struct{}

// Stop starts nothing more, and waits for running operations.
type Stop struct{}

// Cancel gives up running operations.
type Cancel struct{}

// Again asks for another run once this one is over: it plans the rest anew, shows
// it, and asks before anything is done.
type Again struct {
	Wait bool // wait for Kira this time
}

func (Again) decision()  {}
func (Apply) decision()  {}
func (Leave) decision()  {}
func (Stop) decision()   {}
func (Cancel) decision() {}
