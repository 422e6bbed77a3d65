package graph_test

import (
	"fmt"
	"strings"

	"kiraform/internal/graph"
)

type name string

func (n name) Compare(m name) int { return strings.Compare(string(n), string(m)) }

func kira() *graph.Graph[name] {
	var g graph.Graph[name]
	g.Add("payout", "account", "recipient")
	g.Add("account", "user")
	g.Add("recipient", "user")
	return &g
}

func ExampleGraph_Order() {
	fmt.Println(kira().Order())
	// Output: [user account recipient payout]
}

func ExampleGraph_Cycle() {
	g := kira()
	g.Add("user", "payout")
	g.Add("webhook", "user") // waits for the cycle, but is no part of it
	fmt.Println(g.Order(), g.Cycle())
	// Output: [] [account user payout]
}

func ExampleWalk_Skip() {
	w := kira().Walk()
	fmt.Println(w.Ready())
	w.Done("user")
	fmt.Println(w.Ready())
	fmt.Println(w.Skip("account"))
	w.Done("recipient")
	fmt.Println(w.Ready(), w.Left())
	// Output:
	// [user]
	// [account recipient]
	// [account payout]
	// [] []
}
