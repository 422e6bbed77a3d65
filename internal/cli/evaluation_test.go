package cli_test

import (
	"os"
	"testing"
)

// The first interrupt ends an evaluation that takes long, in a plan and in the plan of
// an apply.
func TestAnInterruptEndsAnEvaluation(t *testing.T) {
	for _, args := range [][]string{{"plan"}, {"apply", "-auto-approve"}, {"status"}} {
		f := newFolder(t, map[string]string{"main.kira.hcl": `
provider "kira" {
  environment = "simulator"
}
locals {
  long = [for i in range(1000) : length([for j in range(1000) : length([for k in range(15) : k])])]
}
output "long" {
  value = local.long
}
resource "kira_version_pin" "account" {
  target_version = local.long[0] == 1000 ? "2026-04-14" : ""
}
`})
		f.interrupts = make(chan os.Signal) // is taken once the run waits for it
		go func() { f.interrupts <- os.Interrupt }()
		r := f.run(args...)
		if r.code != 1 {
			t.Errorf("%v: exit code %d: %s", args, r.code, r.words())
		}
		says(t, r.words(), "nterrupted")
	}
}
