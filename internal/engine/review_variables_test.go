package engine_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"kiraform/internal/engine"
)

// The variables of a review show no secret: none that is declared as one, and none that
// holds the value of one under another name.
func TestTheVariablesOfAReviewTellNoSecret(t *testing.T) {
	w := newWorld(t)
	src := simulated + strings.Replace(maria, `"G12345678"`, "var.paper", 1) + `
variable "paper" {
  default   = "G12345678"
  sensitive = true
}
variable "copy" { default = "G12345678" }
variable "sentence" { default = ["her passport is G12345678"] }
variable "pin" {
  default   = 7
  sensitive = true
}
variable "team" { default = "red" }
`
	var names []string
	for _, n := range w.run(t, src, engine.PlanOptions{}, false).Review(0).Variables {
		text, err := json.Marshal(n)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "G12345") || n.Name == "pin" && !strings.Contains(string(text), `"sensitive":true`) {
			t.Errorf("%s shows %s", n.Name, text)
		}
		if strings.Contains(string(text), "red") {
			names = append(names, n.Name)
		}
	}
	if !slices.Equal(names, []string{"team"}) {
		t.Errorf("%q are shown, want the one that is no secret", names)
	}
}
