package tui_test

import (
	"fmt"
	"strings"

	"kiraform/internal/event"
	"kiraform/internal/ui/tui"
)

func ExampleFrame() {
	email := "maria@example.com"
	frame := tui.Frame(tui.Options{CanApply: true}, 60, 12,
		event.Start{Command: "apply", Place: event.Place{Environment: "sandbox"}},
		event.Planned{Addr: "kira_user.maria", Kind: "kira_user", Name: "maria", Action: "create",
			Known: []event.Foreign{"Maria Gonzalez", event.Foreign(email)},
			Nodes: []event.Node{{Name: "email", Op: event.Add, Shape: event.LeafShape, After: event.Leaf{Text: new(event.Foreign(email))}}}},
		event.Planned{Addr: "kira_virtual_account.usd", Kind: "kira_virtual_account", Name: "usd", Action: "defer",
			Why: "kira_user.maria has to be VERIFIED first", Needs: []string{"kira_user.maria"}},
		event.PlanEnd{Counts: map[string]int{"create": 1, "defer": 1}},
	)
	rows, _, _ := strings.Cut(frame, "\n\n")
	fmt.Println(rows)
	// Output:
	// kiraform apply · sandbox                     review the plan
	// + 1 to add  » 1 deferred
	//   ▾ kira_user  + 1
	// ›   + maria  Maria Gonzalez  maria@example.com
	//   ▾ kira_virtual_account  » 1
	//     » usd  kira_user.maria has to be VERIFIED first
}
