package cli_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"kiraform/internal/simulator"
)

// changeState writes the state file as change makes it.
func (f *folder) changeState(change func(state map[string]any)) {
	f.t.Helper()
	var doc map[string]any
	if err := json.Unmarshal([]byte(f.read("kiraform.state.json")), &doc); err != nil {
		f.t.Fatal(err)
	}
	change(doc)
	data, err := json.Marshal(doc)
	if err != nil {
		f.t.Fatal(err)
	}
	f.write("kiraform.state.json", string(data))
}

// ask enters in a state a create that was never answered.
func ask(state map[string]any) {
	state["pending"] = []any{map[string]any{"address": "kira_user.eva", "action": "create",
		"key": "51000000-0000-4000-8000-00000000000a", "digest": "d", "at": "2026-01-02T03:04:05Z"}}
}

// TestRebindAndAnOpenCreate holds that a create which was never answered is not
// carried to another Kira, where it would make a second person.
func TestRebindAndAnOpenCreate(t *testing.T) {
	f, _ := served(t, driftConfig)
	f.must(0, "apply", "-auto-approve")
	f.changeState(ask)
	before, base := f.read("kiraform.state.json"), f.environ["KIRA_BASE_URL"]
	refused := func() {
		t.Helper()
		says(t, f.must(1, "state", "rebind", "-auto-approve", "-missing-ok=9"), "kiraform state rm -unanswered kira_user.eva", "sandbox at "+base)
		if f.read("kiraform.state.json") != before {
			t.Error("the state was changed")
		}
	}
	client := f.environ["KIRA_CLIENT_ID"]
	f.environ["KIRA_CLIENT_ID"] = "51000000-0000-4000-8000-000000000009"
	refused()
	f.environ["KIRA_CLIENT_ID"] = client
	f.serve(new(simulator.Server), nil)
	refused()

	f.environ["KIRA_BASE_URL"] = strings.TrimSuffix(base, "/sandbox")
	f.must(0, "state", "rebind", "-auto-approve")
	f.environ["KIRA_BASE_URL"] = base
	f.changeState(func(state map[string]any) { state["resources"] = []any{} })
	before, base = f.read("kiraform.state.json"), strings.TrimSuffix(base, "/sandbox")
	refused()
	f.must(0, "state", "rm", "-unanswered", "kira_user.eva")
	f.must(0, "state", "rebind", "-auto-approve")
}

// TestOrphansOfAnotherPlace holds that an object left behind at one place is
// not said to live at another, and still is the state's if the same world
// moved.
func TestOrphansOfAnotherPlace(t *testing.T) {
	f, _ := served(t, driftConfig)
	config := f.read("main.kira.hcl")
	_, maria, _ := strings.Cut(config, `"kira_user" "maria"`)
	f.write("main.kira.hcl", config+`resource "kira_user" "eva"`+strings.ReplaceAll(maria, "maria@", "eva@"))
	f.must(0, "apply", "-auto-approve")
	f.must(0, "state", "rm", "kira_user.eva")
	was := f.environ["KIRA_BASE_URL"]
	f.environ["KIRA_BASE_URL"] = strings.TrimSuffix(was, "/sandbox")
	f.must(0, "state", "rebind", "-auto-approve")
	if said := f.must(0, "state", "orphans"); strings.Contains(said, "PLACE") {
		t.Errorf("the same world is another place: %s", said)
	}
	was = f.environ["KIRA_BASE_URL"]
	f.serve(new(simulator.Server), nil)
	f.must(0, "state", "rebind", "-auto-approve", "-missing-ok=1")
	says(t, f.must(0, "state", "orphans"), "PLACE", "Kira's sandbox at "+was+", account ")
	says(t, f.must(0, "state", "orphans", "-json"), `"place": "Kira's sandbox at `+was)
	f.environ["KIRA_BASE_URL"] = was
	f.must(0, "state", "rebind", "-auto-approve")
	if said := f.must(0, "state", "orphans"); strings.Contains(said, "PLACE") {
		t.Errorf("back where it was left it is of another place: %s", said)
	}
}

// TestRestoreOfAnotherPlace holds that a generation that is of another place than
// the state does not become one of the state's.
func TestRestoreOfAnotherPlace(t *testing.T) {
	f, _ := served(t, driftConfig)
	f.must(0, "apply", "-auto-approve")
	was := f.environ["KIRA_BASE_URL"]
	now := strings.TrimSuffix(was, "/sandbox")
	f.environ["KIRA_BASE_URL"] = now
	f.must(0, "state", "rebind", "-auto-approve")
	before := f.read("kiraform.state.json")
	history := f.must(0, "state", "history")
	says(t, history, "PLACE", "Kira's sandbox at "+was+", account ", "Kira's sandbox at "+now+", account ")
	says(t, f.must(1, "state", "restore", "2"), "the generation is of Kira's sandbox at "+was, "the place of the state is Kira's sandbox at "+now)
	if f.read("kiraform.state.json") != before {
		t.Error("the state was changed")
	}
}

// TestRebindWithAnObjectThatCannotBeRead holds that an object for which Kira
// answers 400 counts as missing, and stays in the state.
func TestRebindWithAnObjectThatCannotBeRead(t *testing.T) {
	f, _ := served(t, driftConfig)
	f.must(0, "apply", "-auto-approve")
	f.changeState(func(state map[string]any) {
		state["version"] = 1
		delete(state, "place")
		bad := map[string]any{"address": "kira_recipient.bad", "kind": "kira_recipient", "id": "not an id"}
		state["resources"] = append([]any{bad}, state["resources"].([]any)...)
	})
	says(t, f.must(1, "state", "rebind", "-auto-approve"), "kiraform state rebind -missing-ok=1", "kira_recipient.bad (cannot be read: ")
	f.must(0, "state", "rebind", "-auto-approve", "-missing-ok=1")
	says(t, f.must(0, "state", "list"), "kira_recipient.bad", "kira_user.maria")
}

// TestRebindInterrupted holds that an interrupt binds nothing.
func TestRebindInterrupted(t *testing.T) {
	f, sim := served(t, driftConfig)
	f.must(0, "apply", "-auto-approve")
	before := f.read("kiraform.state.json")
	f.environ["KIRA_BASE_URL"] = strings.TrimSuffix(f.environ["KIRA_BASE_URL"], "/sandbox")
	sim.SetFaults(simulator.Faults{Rules: []simulator.Fault{{Kind: simulator.Slow, Delay: simulator.Duration(300 * time.Millisecond)}}})
	f.interrupts = make(chan os.Signal, 1)
	f.interrupts <- os.Interrupt
	says(t, f.must(1, "state", "rebind", "-auto-approve"), "interrupted, and nothing was changed")
	if f.read("kiraform.state.json") != before {
		t.Error("the state was changed")
	}
}
