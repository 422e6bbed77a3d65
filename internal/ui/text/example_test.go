package text_test

import (
	"os"
	"time"

	"kiraform/internal/event"
	view "kiraform/internal/ui/text"
)

func ExampleNew() {
	v := view.New(view.Options{Out: os.Stdout})
	for _, e := range []event.Event{
		event.Start{Format: 1, Command: "apply"},
		event.Begin{Addr: "kira_user.maria", Action: "create"},
		event.End{Addr: "kira_user.maria", Action: "create", ID: "usr_1", Took: 2 * time.Second},
		event.Finish{Command: "apply", Done: map[string]int{"create": 1}, Requests: 3, Took: 2100 * time.Millisecond},
	} {
		v.Handle(e)
	}
	// Output:
	// kira_user.maria: Creating...
	// kira_user.maria: Creation complete after 2s [id=usr_1]
	//
	// Apply complete! Resources: 1 added, 0 changed.
	//
	// 3 requests to Kira in 2.1s.
}
