package cli_test

import (
	"os"
	"strings"
	"testing"

	"kiraform/internal/simulator"
)

// somewhere is a folder that was applied once: at a served simulator, or in the
// embedded one.
type somewhere struct {
	*folder
	sim *simulator.Server // nil for the embedded one
}

// silent runs do and reports an error if anything was sent meanwhile, or if the
// state was changed.
func (s *somewhere) silent(do func()) {
	s.t.Helper()
	before := s.read("kiraform.state.json")
	sent := 0
	if s.sim != nil {
		sent = len(s.sim.Requests())
	}
	do()
	if s.read("kiraform.state.json") != before {
		s.t.Error("the state was changed")
	}
	if s.sim != nil && len(s.sim.Requests()) != sent {
		s.t.Errorf("sent %v", s.sim.Requests()[sent:])
	}
}

// refused runs a command that has to be refused for its place, and says why.
func (s *somewhere) refused(code int, why string, args ...string) {
	s.t.Helper()
	s.silent(func() { says(s.t, s.must(code, args...), why) })
}

func (s *somewhere) become(environment string) {
	config := s.read("main.kira.hcl")
	for _, e := range []string{"simulator", "sandbox", "production"} {
		config = strings.Replace(config, `environment = "`+e+`"`, `environment = "`+environment+`"`, 1)
	}
	s.write("main.kira.hcl", config)
}

// settled holds that nothing is left to do.
func (s *somewhere) settled() {
	s.t.Helper()
	s.must(0, "plan", "-detailed-exitcode")
}

var places = []struct {
	when, then string
	embedded   bool
	run        func(*somewhere)
}{
	{when: "the environment is another one", then: "`other-place`, exit 1, from every command that would talk to Kira, before any request", run: func(s *somewhere) {
		for _, to := range []string{"production", "simulator"} {
			s.become(to)
			for _, args := range [][]string{{"plan"}, {"apply", "-auto-approve"}, {"destroy", "-auto-approve"}, {"refresh", "-auto-approve"},
				{"drift"}, {"readiness"}, {"verify", "kira_user.maria"}, {"import", "kira_user.maria", "x"}, {"import", "-discover"}} {
				s.refused(1, "The environment is another one", args...)
			}
		}
		s.become("sandbox")
		s.settled()
	}},
	{when: "the address is another one (host, port or path)", then: "the same; at loopback the message has the lines for the same world and for a new one", run: func(s *somewhere) {
		s.environ["KIRA_BASE_URL"] = strings.TrimSuffix(s.environ["KIRA_BASE_URL"], "/sandbox")
		s.refused(1, "kiraform state rebind", "apply", "-auto-approve")
		s.refused(1, "kiraform simulator reset", "apply", "-auto-approve")
		s.environ["KIRA_BASE_URL"] = "https://api.balampay.com/sandbox"
		s.refused(1, "kiraform workspace new sandbox", "apply", "-auto-approve")
	}},
	{when: "the address is written otherwise (localhost or 127.0.0.1, capitals, a slash at the end)", then: "the same place", run: func(s *somewhere) {
		s.environ["KIRA_BASE_URL"] = strings.Replace(s.environ["KIRA_BASE_URL"], "http://127.0.0.1", "HTTP://localhost", 1) + "/"
		s.settled()
	}},
	{when: "the client id is another one", then: "`other-place`; views and state have digests of client ids only", run: func(s *somewhere) {
		s.environ["KIRA_CLIENT_ID"] = "51000000-0000-4000-8000-000000000009"
		s.refused(1, "The account is another one", "apply", "-auto-approve")
		if strings.Contains(s.read("kiraform.state.json"), "51000000-0000-4000-8000-000000000000") {
			s.t.Error("the state has the client id")
		}
	}},
	{when: "a saved plan, at another place than it was made for", then: "exit 4, before any request", run: func(s *somewhere) {
		s.must(0, "plan", "-replace=kira_user.maria", "-out=saved")
		s.become("production")
		s.refused(4, "of another place", "apply", "-auto-approve", "saved")
		if err := os.Remove(s.path("kiraform.state.json")); err != nil {
			s.t.Fatal(err)
		}
		s.must(0, "state", "list")
		s.write("kiraform.state.json", strings.Replace(s.generation(), `"environment": "sandbox"`, `"environment": "production"`, 1))
		s.refused(4, "The saved plan is for another place", "apply", "-auto-approve", "saved")
	}},
	{when: "a saved plan for production", then: "the name is asked for, as without a file", run: func(s *somewhere) {
		s.become("production")
		s.must(0, "state", "rebind", "-auto-approve")
		s.write("main.kira.hcl", strings.Replace(s.read("main.kira.hcl"), `"Maria"`, `"Mary"`, 1))
		s.must(0, "plan", "-out=saved")
		s.stdin = "yes\n"
		says(s.t, s.must(1, "apply", "saved"), "Apply to PRODUCTION at http://127.0.0.1:", "cancelled")
		s.stdin = "production\n"
		s.must(0, "apply", "saved")
		s.settled()
	}},
	{when: "the address leads to production, and the configuration does not say so", then: "refused before the sign-in, whatever the host is called", run: func(s *somewhere) {
		for _, base := range []string{"https://api.balampay.com", "https://api.kirafin.ai", "https://api.kirafin.ai/sandbox/..", "https://kira.example"} {
			s.environ["KIRA_BASE_URL"] = base
			s.refused(1, "is Kira's production", "apply", "-auto-approve")
		}
	}},
	{when: "the host is neither Kira's nor this machine", then: "refused, unless `base_url` in the configuration names it", run: func(s *somewhere) {
		s.environ["KIRA_BASE_URL"] = "https://kira.example/sandbox"
		s.refused(1, "is neither Kira's nor on this machine", "apply", "-auto-approve")
		s.write("main.kira.hcl", strings.Replace(s.read("main.kira.hcl"), "{ environment", "{\n base_url = \"https://kira.example/sandbox\"\n environment", 1))
		s.write("main.kira.hcl", strings.Replace(s.read("main.kira.hcl"), `"sandbox" }`, "\"sandbox\"\n}", 1))
		s.refused(1, "The address is another one", "apply", "-auto-approve")
	}},
	{when: "there and back", then: "nothing exists twice, and nothing was left behind", run: func(s *somewhere) {
		s.become("production")
		s.refused(1, "another place", "apply", "-auto-approve")
		s.become("sandbox")
		s.must(0, "apply", "-auto-approve")
		says(s.t, s.must(0, "state", "orphans"), "Nothing was left behind")
		if n := len(s.sim.Users()); n != 1 {
			s.t.Errorf("there are %d users", n)
		}
	}},
	{when: "two workspaces, each for a place", then: "each has its own state, and both settle", run: func(s *somewhere) {
		first := s.environ["KIRA_BASE_URL"]
		s.serve(new(simulator.Server), nil)
		s.must(0, "workspace", "new", "live")
		s.become("production")
		s.must(0, "apply", "-auto-approve")
		s.settled()
		s.must(0, "workspace", "select", "default")
		s.environ["KIRA_BASE_URL"] = first
		s.become("sandbox")
		s.settled()
	}},
	{when: "the world of the embedded simulator is deleted, or another has begun", then: "said as that, with `kiraform simulator reset`", embedded: true, run: func(s *somewhere) {
		if err := os.Remove(s.path(".kiraform/simulator.json")); err != nil {
			s.t.Fatal(err)
		}
		s.refused(1, "The world that the objects lived in was deleted", "apply", "-auto-approve")
		config := s.read("main.kira.hcl")
		s.write("main.kira.hcl", strings.Replace(config, "maria@", "eva@", 1))
		s.must(0, "apply", "-auto-approve", "-state=other.json")
		s.write("main.kira.hcl", config)
		s.refused(1, "Another world has begun", "apply", "-auto-approve")
		s.refused(1, "kiraform simulator reset", "state", "rebind", "-auto-approve", "-missing-ok=0")
		s.must(0, "simulator", "reset")
		s.must(0, "apply", "-auto-approve")
		s.settled()
		if said := s.must(1, "state", "restore", "2"); !strings.Contains(said, "is of another world of the embedded simulator") || strings.Contains(said, "rebind") {
			s.t.Errorf("restoring what is of a world that is gone says\n%s", said)
		}
		if err := os.Remove(s.path("kiraform.state.json")); err != nil {
			s.t.Fatal(err)
		}
		says(s.t, s.must(0, "plan"), "brings it back")
		s.must(0, "simulator", "reset")
		if said := s.must(0, "plan"); strings.Contains(said, "brings it back") {
			s.t.Errorf("after a reset, what is of the old world is said to be worth restoring\n%s", said)
		}
		s.must(0, "apply", "-auto-approve")
		s.settled()
	}},
	{when: "the same world at another address", then: "`state rebind` reads every object there, and binds the state if none is missing", run: func(s *somewhere) {
		s.environ["KIRA_BASE_URL"] = strings.TrimSuffix(s.environ["KIRA_BASE_URL"], "/sandbox")
		s.must(0, "state", "rebind", "-auto-approve")
		s.settled()
		if err := s.sim.Reset(); err != nil {
			s.t.Fatal(err)
		}
		s.environ["KIRA_BASE_URL"] += "/sandbox"
		before := s.read("kiraform.state.json")
		says(s.t, s.must(1, "state", "rebind", "-auto-approve"), "kiraform state rebind -missing-ok=1")
		if s.read("kiraform.state.json") != before {
			s.t.Error("the state was changed")
		}
	}},
	{when: "a new world", then: "`simulator reset` empties the state, which goes into its history; of Kira's sandbox or production it touches nothing", run: func(s *somewhere) {
		s.must(0, "simulator", "reset")
		s.must(0, "apply", "-auto-approve")
		s.settled()
		s.environ["KIRA_BASE_URL"] = "https://api.balampay.com/sandbox"
		s.refused(1, "which is no simulator", "simulator", "reset")
	}},
	{when: "only files are read (`show`, `state`, `output`, `validate`)", then: "no credentials are asked for", run: func(s *somewhere) {
		for _, name := range []string{"KIRA_API_KEY", "KIRA_CLIENT_ID", "KIRA_PASSWORD", "KIRA_BASE_URL"} {
			delete(s.environ, name)
		}
		s.silent(func() {
			says(s.t, s.must(0, "show"), "Of Kira's sandbox at http://127.0.0.1:")
			for _, args := range [][]string{{"validate"}, {"state", "list"}, {"state", "orphans"}, {"state", "history"}, {"output"}, {"workspace", "list"}} {
				s.must(0, args...)
			}
		})
	}},
}

// generation is the state before the file was taken away.
func (f *folder) generation() string {
	f.t.Helper()
	_, rows, _ := strings.Cut(f.must(0, "state", "history"), "RESOURCES")
	f.must(0, "state", "restore", strings.Fields(rows)[0])
	return f.read("kiraform.state.json")
}

// TestPlaces holds that a state is of one place, whatever moves.
func TestPlaces(t *testing.T) {
	for _, c := range places {
		t.Run(c.when, func(t *testing.T) {
			var s *somewhere
			if c.embedded {
				s = &somewhere{folder: newFolder(t, map[string]string{"main.kira.hcl": driftConfig})}
				s.become("simulator")
			} else {
				f, sim := served(t, driftConfig)
				s = &somewhere{folder: f, sim: sim}
			}
			s.must(0, "apply", "-auto-approve")
			c.run(s)
			if !t.Failed() {
				t.Attr("place", c.when+": "+c.then)
			}
		})
	}
}
