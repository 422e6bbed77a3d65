package cli_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"kiraform/internal/simulator"
)

// TestResetOfWhatIsNoSimulator holds that simulator reset touches nothing unless
// kiraform's simulator itself answers, whatever stands before it.
func TestResetOfWhatIsNoSimulator(t *testing.T) {
	for name, answer := range map[string]func(http.ResponseWriter, *http.Request, *simulator.Server){
		"a proxy without the header": func(w http.ResponseWriter, r *http.Request, sim *simulator.Server) {
			rec := httptest.NewRecorder()
			sim.ServeHTTP(rec, r)
			w.WriteHeader(rec.Code)
			_, _ = w.Write(rec.Body.Bytes())
		},
		"a redirect": func(w http.ResponseWriter, r *http.Request, _ *simulator.Server) {
			http.Redirect(w, r, "/elsewhere", http.StatusFound)
		},
		"an error": func(w http.ResponseWriter, _ *http.Request, _ *simulator.Server) {
			w.WriteHeader(http.StatusBadGateway)
		},
	} {
		t.Run(name, func(t *testing.T) {
			f, sim := served(t, driftConfig)
			f.must(0, "apply", "-auto-approve")
			before, users := f.read("kiraform.state.json"), len(sim.Users())
			refuse := func(why string) {
				t.Helper()
				says(t, f.must(1, "simulator", "reset"), why, "Nothing was changed")
				if f.read("kiraform.state.json") != before || len(sim.Users()) != users {
					t.Error("the state or the world was changed")
				}
			}
			other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { answer(w, r, sim) }))
			t.Cleanup(other.Close)
			// Whoever answers, be it at the place of the run or at that of the state.
			real := f.environ["KIRA_BASE_URL"]
			f.environ["KIRA_BASE_URL"] = other.URL + "/sandbox"
			refuse("is not kiraform's simulator")
			f.write("kiraform.state.json", strings.Replace(before, real, other.URL+"/sandbox", 1))
			before = f.read("kiraform.state.json")
			refuse("is not kiraform's simulator")
			f.environ["KIRA_BASE_URL"] = real
			refuse("is not kiraform's simulator")
			f.write("main.kira.hcl", strings.Replace(driftConfig, "sandbox", "simulator", 1))
			refuse("is not kiraform's simulator")
			other.Close()
			refuse("nobody answers")
		})
	}
}

// TestResetOfAnotherWorld holds that simulator reset leaves a world alone which
// the state is not known to be of.
func TestResetOfAnotherWorld(t *testing.T) {
	f, sim := served(t, driftConfig)
	f.must(0, "apply", "-auto-approve")
	kept := func(why string, args ...string) {
		t.Helper()
		says(t, f.must(0, append([]string{"simulator", "reset"}, args...)...), why)
		if len(sim.Users()) != 1 {
			t.Fatal("the world was reset")
		}
	}
	kept("There is no state of", "-state=new.json")
	f.must(0, "workspace", "new", "second")
	kept("There is no state of")
	f.must(0, "workspace", "select", "default")
	text := f.read("kiraform.state.json")
	from, to := strings.Index(text, `  "place": {`), strings.Index(text, `  "resources"`)
	if from < 0 || to < from {
		t.Fatalf("no place in\n%s", text)
	}
	f.write("old.json", text[:from]+text[to:])
	kept("did not name its place", "-state=old.json")
	if err := os.Remove(f.path("kiraform.state.json")); err != nil {
		t.Fatal(err)
	}
	says(t, f.must(0, "simulator", "reset"), "A new world has begun")
	if len(sim.Users()) != 0 {
		t.Error("the world was not reset")
	}
}

// TestOtherPlaceAtLoopback holds that the lines to paste fit the change.
func TestOtherPlaceAtLoopback(t *testing.T) {
	f, _ := served(t, driftConfig)
	f.must(0, "apply", "-auto-approve")
	without := func(text, part string) {
		t.Helper()
		if strings.Contains(text, part) {
			t.Errorf("it says %q:\n%s", part, text)
		}
	}
	f.environ["KIRA_CLIENT_ID"] = "51000000-0000-4000-8000-000000000009"
	said := f.must(1, "plan")
	says(t, said, "kiraform workspace new sandbox", "kiraform simulator reset")
	without(said, "another port")
	f.environ["KIRA_CLIENT_ID"] = "51000000-0000-4000-8000-000000000000"
	production := strings.Replace(driftConfig, `"sandbox"`, `"production"`, 1)
	f.write("main.kira.hcl", production)
	said = f.must(1, "plan")
	says(t, said, "kiraform workspace new production")
	without(said, "another port")
	without(said, "simulator reset")
	f.must(0, "state", "rebind", "-auto-approve")
	f.environ["KIRA_BASE_URL"] = strings.TrimSuffix(f.environ["KIRA_BASE_URL"], "/sandbox")
	said = f.must(1, "plan")
	says(t, said, "another port", "kiraform state rebind")
	without(said, "simulator reset")
}
