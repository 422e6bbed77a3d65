package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// format1 returns a folder as an earlier kiraform left it: a state and a saved
// plan of format 1, and the world of the embedded simulator.
func format1(t *testing.T) *folder {
	t.Helper()
	f := newFolder(t, nil)
	f.environ["KIRAFORM_KEY"] = strings.Repeat("0123456789abcdef", 4)
	for from, to := range map[string]string{"main.kira.hcl": "main.kira.hcl", "state.json": "kiraform.state.json",
		"saved.plan": "saved.kiraplan", "world.json": ".kiraform/simulator.json"} {
		data, err := os.ReadFile(filepath.Join("testdata", "format1", from))
		if err != nil {
			t.Fatal(err)
		}
		f.write(to, string(data))
	}
	return f
}

// TestFormat1 holds that the files of an earlier kiraform go over by
// themselves: the objects are looked for, and the state is of the place that
// they were seen at.
func TestFormat1(t *testing.T) {
	t.Run("a plan shows what it showed, and changes nothing", func(t *testing.T) {
		f := format1(t)
		before := f.read("kiraform.state.json")
		says(t, f.must(0, "plan"), "0 to add, 1 to change", `first_name = "Maria" -> "Marie"`)
		if f.read("kiraform.state.json") != before {
			t.Error("a plan changed the state")
		}
	})
	t.Run("an apply binds the state", func(t *testing.T) {
		f := format1(t)
		f.must(0, "apply", "-auto-approve")
		says(t, f.read("kiraform.state.json"), `"version": 3`, `"world": "`)
		f.must(0, "plan", "-detailed-exitcode")
		f.environ["KIRA_API_KEY"], f.environ["KIRA_CLIENT_ID"], f.environ["KIRA_PASSWORD"] = "k", anID, "p"
		f.write("main.kira.hcl", strings.Replace(f.read("main.kira.hcl"), `"simulator"`, `"sandbox"`, 1))
		says(t, f.must(1, "plan"), "The state is of another place")
	})
	t.Run("so do a refresh, and an import", func(t *testing.T) {
		f := format1(t)
		f.must(0, "refresh", "-auto-approve")
		says(t, f.must(0, "show"), "Of the embedded simulator.")
		f = format1(t)
		f.must(0, "state", "rm", "kira_user.maria")
		f.must(0, "state", "rebind", "-auto-approve")
		f.must(0, "import", "kira_user.maria", "51000000-5216-4f55-9064-a76695cd13c1")
		says(t, f.must(0, "show"), "Of the embedded simulator.")
	})
	t.Run("where its objects are not, nothing is made again", func(t *testing.T) {
		f := format1(t)
		if err := os.Remove(f.path(".kiraform/simulator.json")); err != nil {
			t.Fatal(err)
		}
		before := f.read("kiraform.state.json")
		says(t, f.must(1, "apply", "-auto-approve"), "Nobody knows where the objects live", "kiraform state rebind -missing-ok=N")
		says(t, f.must(1, "state", "rebind", "-auto-approve"), "-missing-ok=1")
		if f.read("kiraform.state.json") != before {
			t.Error("the state was changed")
		}
		f.must(0, "state", "rebind", "-auto-approve", "-missing-ok=1")
		says(t, f.must(0, "apply", "-auto-approve"), "1 added")
	})
	t.Run("what Kira never shows tells no place", func(t *testing.T) {
		f := format1(t)
		if err := os.Remove(f.path(".kiraform/simulator.json")); err != nil {
			t.Fatal(err)
		}
		f.must(0, "state", "rm", "kira_user.maria")
		before := f.read("kiraform.state.json")
		says(t, f.must(1, "apply", "-auto-approve"), "Nobody knows where the objects live", "If it is of this place: kiraform state rebind")
		if f.read("kiraform.state.json") != before {
			t.Error("the state was changed")
		}
		says(t, f.must(0, "state", "rebind", "-auto-approve"), "so the next apply sends them once more", "kira_webhook.events")
		f.must(0, "apply", "-auto-approve")
		f.must(0, "plan", "-detailed-exitcode")
	})
	t.Run("nor does a create that was never answered, and what is empty is bound", func(t *testing.T) {
		f := format1(t)
		if err := os.Remove(f.path(".kiraform/simulator.json")); err != nil {
			t.Fatal(err)
		}
		f.changeState(func(state map[string]any) { state["resources"] = []any{}; ask(state) })
		says(t, f.must(1, "apply", "-auto-approve"), "Nobody knows where the objects live")
		says(t, f.must(1, "state", "rebind", "-auto-approve"), "kiraform state rm -unanswered kira_user.eva")
		f.must(0, "state", "rm", "-unanswered", "kira_user.eva")
		f.must(0, "apply", "-auto-approve")
	})
	t.Run("without a look nothing is changed", func(t *testing.T) {
		f := format1(t)
		f.must(0, "plan", "-refresh=false")
		says(t, f.must(1, "apply", "-auto-approve", "-refresh=false"), "Nobody knows where the objects live")
	})
	t.Run("a saved plan, which is not signed, is neither shown nor carried out", func(t *testing.T) {
		f := format1(t)
		says(t, f.must(1, "show", "saved.kiraplan"), "an earlier kiraform saved this plan, and did not sign it", "To plan again: kiraform plan -out=saved.kiraplan")
		says(t, f.must(4, "apply", "saved.kiraplan"), "an earlier kiraform saved this plan, and did not sign it", "To plan again: kiraform plan -out=saved.kiraplan")
	})
	t.Run("simulator reset empties it", func(t *testing.T) {
		f := format1(t)
		f.must(0, "simulator", "reset")
		says(t, f.must(0, "apply", "-auto-approve"), "3 added")
	})
}
