package cli_test

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kiraform/internal/simulator"
)

// format2 returns a folder as a kiraform without salts left it.
func format2(t *testing.T) *folder {
	t.Helper()
	f := newFolder(t, nil)
	f.environ["KIRAFORM_KEY"] = strings.Repeat("0123456789abcdef", 4)
	for from, to := range map[string]string{"main.kira.hcl": "main.kira.hcl", "state.json": "kiraform.state.json", "world.json": ".kiraform/simulator.json"} {
		data, err := os.ReadFile(filepath.Join("testdata", "format2", from))
		if err != nil {
			t.Fatal(err)
		}
		f.write(to, string(data))
	}
	return f
}

var print = regexp.MustCompile(`"(sealed|salted):[0-9a-f]{64}"`)

// TestFormat2 holds that fingerprints without salts are read and compared for ever,
// and that an object gets its salt when it is written again.
func TestFormat2(t *testing.T) {
	f := format2(t)
	f.must(0, "plan", "-detailed-exitcode")
	f.must(0, "apply", "-auto-approve", "-refresh-only")
	f.must(0, "plan", "-detailed-exitcode")

	edit := func(from, to string) {
		t.Helper()
		f.write("main.kira.hcl", strings.Replace(f.read("main.kira.hcl"), from, to, 1))
	}
	edit(`"canary-secret"`, `"canary-other-secret"`)
	says(t, f.must(2, "plan", "-detailed-exitcode"), "0 to add, 1 to change", "secret")
	edit(`"canary-other-secret"`, `"canary-secret"`)

	edit(`last_name       = "Ruiz"`, `last_name       = each.key == "eva" ? "Paz" : "Ruiz"`)
	f.must(0, "apply", "-auto-approve")
	f.must(0, "plan", "-detailed-exitcode")
	before, after, _ := strings.Cut(f.read("kiraform.state.json"), `kira_user.person[\"eva\"]`)
	eva, after, _ := strings.Cut(after, `"address"`)
	if strings.Contains(eva, `"sealed:`) || !strings.Contains(eva, `"salted:`) || !strings.Contains(eva, `"salt":"`) {
		t.Errorf("what was written again has no salt:\n%s", eva)
	}
	if others := before + after; strings.Contains(others, "salt") || !strings.Contains(others, `"sealed:`) {
		t.Errorf("what was not written again has one:\n%s", others)
	}

	edit(`source_of_funds = "salary"`, `source_of_funds = "savings"`)
	edit(`"012345678901234567"`, `"012345678901234568"`)
	edit(`"canary-secret"`, `"canary-other-secret"`)
	says(t, f.must(2, "plan", "-detailed-exitcode"), "3 to change, 1 to replace")
	f.must(0, "apply", "-auto-approve")
	f.must(0, "plan", "-detailed-exitcode")
	prints := print.FindAllString(f.read("kiraform.state.json"), -1)
	slices.Sort(prints)
	if strings.Contains(prints[len(prints)-1], "sealed:") {
		t.Errorf("%s has no salt", prints[len(prints)-1])
	}
	unlike(t, f)

	f.must(0, "state", "restore", "3") // in which nothing has a salt
	// A value without a salt cannot be told from one that was sent since, and is
	// sent once more; the payee that took the place of the one in that state is made
	// again.
	f.watch.Allows(simulator.IdlePut, simulator.IdleRegistration, simulator.SecondObject)
	f.must(0, "apply", "-auto-approve")
	f.must(0, "plan", "-detailed-exitcode")
}

// unlike fails the test if two objects of the state have a fingerprint in common.
func unlike(t *testing.T, f *folder) {
	t.Helper()
	of := make(map[string]int)
	for i, object := range strings.Split(f.read("kiraform.state.json"), `"address"`) {
		for _, p := range print.FindAllString(object, -1) {
			if other, ok := of[p]; ok && other != i {
				t.Errorf("two objects have %s", p)
			}
			of[p] = i
		}
	}
	if len(of) == 0 {
		t.Error("there are no fingerprints")
	}
}

// Two people with one tax number do not show it, and the salt goes where its object
// goes.
func TestNoTwoObjectsShowThatTheyShareAValue(t *testing.T) {
	source, err := os.ReadFile(filepath.Join("testdata", "format2", "main.kira.hcl"))
	if err != nil {
		t.Fatal(err)
	}
	f := newFolder(t, map[string]string{"main.kira.hcl": string(source)})
	salts := func() []string {
		all := regexp.MustCompile(`"salt":"[^"]*"`).FindAllString(f.read("kiraform.state.json"), -1)
		slices.Sort(all)
		return all
	}
	f.must(0, "apply", "-auto-approve")
	unlike(t, f)
	was := salts()
	if len(was) != 4 {
		t.Errorf("4 objects have the salts %q", was)
	}
	f.must(0, "plan", "-detailed-exitcode")
	f.write("main.kira.hcl", strings.Replace(string(source), `eva = "Eva"`, `moved = "Eva"`, 1)+
		"moved {\n  from = kira_user.person[\"eva\"]\n  to = kira_user.person[\"moved\"]\n}\n")
	f.write("main.kira.hcl", strings.Replace(f.read("main.kira.hcl"), `"${each.key}@x.example"`, `"${lower(each.value)}@x.example"`, 1))
	says(t, f.must(0, "apply", "-auto-approve"), "has moved to")
	f.must(0, "plan", "-detailed-exitcode")
	if is := salts(); !slices.Equal(is, was) {
		t.Errorf("after a move the salts are %q, and were %q", is, was)
	}
	unlike(t, f)
}

// Another key makes every fingerprint anew, and with a salt, whether the old key is at
// hand or not: no two people show any more that they share a number.
func TestFormat2WithAnotherKeyHasSalts(t *testing.T) {
	for _, lost := range []bool{false, true} {
		f := format2(t)
		args := []string{"state", "rekey", "-auto-approve"}
		if lost {
			args = append(args, "-trust")
		} else {
			f.write(".kiraform/key", f.environ["KIRAFORM_KEY"])
		}
		delete(f.environ, "KIRAFORM_KEY")
		f.must(0, args...)
		now := strings.ReplaceAll(f.read("kiraform.state.json"), `"sealed:`+strings.Repeat("0", 64)+`"`, "") // which stands for no value
		if strings.Contains(now, `"sealed:`) {
			t.Errorf("lost %t: there are fingerprints without a salt:\n%s", lost, now)
		}
		seen := make(map[string]bool)
		for part := range strings.SplitSeq(now, `"address"`) { // the sent and the seen value of one object may be the same
			of := make(map[string]bool)
			for _, p := range print.FindAllString(part, -1) {
				if of[p] = true; seen[p] {
					t.Errorf("lost %t: two objects have %s", lost, p)
				}
			}
			maps.Copy(seen, of)
		}
		f.must(0, "plan", "-detailed-exitcode")
	}
}
