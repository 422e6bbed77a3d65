package config_test

import (
	"testing"
	"testing/fstest"
	"time"

	"kiraform/internal/config"
)

func TestLoadTest(t *testing.T) {
	src := `
variables { team = "a" }
run "first" {
  command = plan
  plan_options {
    mode    = destroy
    refresh = false
    target  = [module.a, kira_user.b["x"]]
  }
  expect_failures = [var.a, check.b, policy["c d"], data.kira_user.e, "same-email"]
}
run "second" {
  parallel = false
  simulator {
    activate = [kira_virtual_account.a]
    advance  = "1h30m"
    reject   = [kira_user.a[0], module.m.kira_user.b]
    reasons  = ["blurry"]
  }
  module { source = "./a/../b" }
}
test { parallel = true }
`
	f, diags := config.LoadTest(fstest.MapFS{"a.kiratest.hcl": {Data: []byte(src)}}, "a.kiratest.hcl")
	if diags.HasErrors() || len(f.Runs) != 2 || len(f.Variables) != 1 {
		t.Fatalf("got %d runs: %v", len(f.Runs), diags)
	}
	first, second := f.Runs[0], f.Runs[1]
	if o := first.Options; !first.Plan || !first.Parallel || !o.Destroy || !o.NoRefresh || len(o.Targets) != 2 || o.Targets[1].String() != `kira_user.b["x"]` {
		t.Errorf("the first run is %+v", first)
	}
	for i, want := range []string{"var.a", "check.b", "policy.c d", "data.kira_user.e", `"same-email"`} {
		if got := first.Expects[i].String(); got != want {
			t.Errorf("expectation %d is %s, want %s", i, got, want)
		}
	}
	if second.Plan || second.Parallel || second.Module != "b" {
		t.Errorf("the second run is %+v", second)
	}
	for i, want := range []string{"activate", "advance", "reject"} { // as written
		if got := second.Steps[i].Do; got != want {
			t.Errorf("step %d is %s, want %s", i, got, want)
		}
	}
	if s := second.Steps; s[1].For != 90*time.Minute || len(s[2].On) != 2 || len(s[2].Reasons) != 1 {
		t.Errorf("the steps are %+v", s)
	}
}

func FuzzLoadTest(f *testing.F) {
	f.Add(`run "a" { command = plan }`)
	f.Add(`run "a" { expect_failures = [policy[1], a[b].c, var.x.y, "", -1, null] }`)
	f.Add(`run "a" { simulator { reasons = [null], reject = [kira_user.a["x"]] } }`)
	f.Add("test {}\ntest {}\nvariables { a = 1 }\nvariables { a = 1 }")
	f.Fuzz(func(_ *testing.T, src string) {
		config.LoadTest(fstest.MapFS{"a.kiratest.hcl": {Data: []byte(src)}}, "a.kiratest.hcl")
	})
}
