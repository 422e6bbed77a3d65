// Package archtest holds the rules of docs/architecture.md, as tests.
//
// They are policy: a change that breaks one wants another design, not another
// rule.
package archtest

import (
	"encoding/json"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// floors lists every package, lowest floor first. A package may import only
// packages on floors below its own.
var floors = [][]string{
	{"internal/addr", "internal/diag", "internal/graph", "internal/event", "internal/textdiff", "internal/kira", "internal/simulator", "internal/redact", "internal/cipher", "internal/disk", "internal/batch", "internal/typed", "internal/cli/silence", "internal/ui/words"},
	{"internal/budget"},
	{"schema", "internal/config", "internal/lang", "internal/sched", "internal/webhook", "internal/ui/text", "internal/ui/tui", "internal/ui/tfjson", "internal/ui/review", "internal/golden", "internal/kiratest/terminal", "internal/event/eventtest", "internal/simulator/simtest", "internal/norace"},
	{"state", "internal/eval", "internal/wire", "internal/quote", "internal/policy"},
	{"plan", "schema/kinds", "state/statetest", "state/file", "state/memory", "state/postgres", "state/postgres/pgtest", "internal/runs"},
	{"apply", "internal/live", "internal/tell", "internal/published", "internal/explain", "internal/oracle", "internal/trust", "internal/personal"},
	{"internal/actions", "internal/discover", "internal/planfile", "internal/provider", "internal/console"},
	{"internal/engine"},
	{"internal/certify", "internal/kiratest", "internal/lsp"},
	{"internal/cli"},
	{"", "internal/archtest", "internal/tools/man", "internal/tools/release"},
}

// ban keeps imports out of packages that their floor would allow.
type ban struct {
	in      string // package
	imports []string
	because string
}

var bans = []ban{
	{"plan", []string{"os", "net", "net/http", "time", "math/rand", "math/rand/v2", "github.com/google/uuid", "kiraform/internal/event"},
		"planning is a function of its input"},
	{"schema", []string{"os", "net", "net/http", "math/rand", "math/rand/v2", "github.com/google/uuid", "kiraform/internal/event"},
		"a schema is data"},
	{"plan", []string{"kiraform/schema/kinds"}, "the planner knows no kind by name"},
	{"apply", []string{"kiraform/schema/kinds"}, "the executor knows no kind by name"},
	{"apply", []string{"net/http", "kiraform/internal/ui/text"}, "apply reaches the world through its Provider, and people through events"},
	{"internal/webhook", []string{"github.com/zclconf/go-cty/cty", "kiraform/schema", "kiraform/state"}, "events are bytes: nothing is decided by them"},
	{"internal/kira", []string{"github.com/zclconf/go-cty/cty", "kiraform/schema", "kiraform/state"}, "the transport knows nothing of resources"},
}

// only lists the packages of this module that some may import, whatever the floors
// say.
var only = map[string][]string{
	"internal/simulator":         {}, // a mistake it shared with the client would hide
	"internal/simulator/simtest": {"kiraform/internal/simulator"},
	"internal/ui/text":           {"kiraform/internal/event", "kiraform/internal/textdiff", "kiraform/internal/ui/words"},
	"internal/ui/tui":            {"kiraform/internal/event", "kiraform/internal/textdiff", "kiraform/internal/ui/words"},
	"internal/ui/words":          {}, // anybody may use it
	"internal/ui/tfjson":         {"kiraform/internal/event"},
	"internal/ui/review":         {"kiraform/internal/event", "kiraform/internal/textdiff", "kiraform/internal/ui/words"},
}

// homes gives dependencies to the only packages that may import them, so that
// each can be exchanged in one place.
var homes = map[string][]string{
	"net/http":                              {"internal/kira", "internal/simulator", "internal/simulator/simtest", "internal/cli", "internal/webhook"},
	"os/exec":                               {"internal/cli", "internal/ui/tui", "state/postgres/pgtest", "internal/norace", "internal/oracle", "internal/tools/release"},
	"github.com/spf13/cobra":                {"internal/cli"},
	"github.com/spf13/pflag":                {"internal/cli"},
	"github.com/google/uuid":                {"internal/engine"},
	"github.com/sergi/go-diff":              {"internal/textdiff"},
	"github.com/hashicorp/go-retryablehttp": {"internal/kira"},
	"golang.org/x/time":                     {"internal/kira"},
	"github.com/gofrs/flock":                {"state/file", "internal/webhook"},
	"kiraform/state/file":                   {"internal/cli"}, // which builds the store in one place
	"filippo.io/age":                        {"internal/cipher"},
	"github.com/charmbracelet":              {"internal/ui/tui"},
	"al.essio.dev/pkg/shellescape":          {"internal/addr", "internal/ui/words"},
	"text/tabwriter":                        {}, // which counts characters where a terminal counts cells: see words.Table
	"github.com/clipperhouse/displaywidth":  {"internal/ui/words"},
	"golang.org/x/term":                     {"internal/cli"},
	"golang.org/x/crypto/sha3":              {"schema/kinds"},
	"github.com/mr-tron/base58":             {"schema/kinds"},
	"github.com/google/jsonschema-go":       {"internal/published"},
	"github.com/jackc/pgx":                  {"state/postgres", "state/postgres/pgtest"},
	"kiraform/state/postgres":               {"internal/cli"}, // which builds the store in one place
}

type pkg struct {
	ImportPath       string
	Imports, GoFiles []string
}

func (p pkg) name() string {
	return strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, "kiraform"), "/")
}

func packages(t *testing.T) (out []pkg) {
	t.Helper()
	list, err := exec.Command("go", "list", "-json=ImportPath,Imports,GoFiles", "kiraform/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for dec := json.NewDecoder(strings.NewReader(string(list))); ; {
		var p pkg
		if err := dec.Decode(&p); err == io.EOF {
			return out
		} else if err != nil {
			t.Fatal(err)
		}
		out = append(out, p)
	}
}

func TestFloors(t *testing.T) {
	floor := make(map[string]int)
	for i, names := range floors {
		for _, n := range names {
			floor[n] = i
		}
	}
	for _, p := range packages(t) {
		at, ok := floor[p.name()]
		if !ok {
			t.Errorf("%s is on no floor; add it to floors and to docs/architecture.md", p.ImportPath)
		}
		for _, i := range p.Imports {
			below, ours := floor[pkg{ImportPath: i}.name()]
			if strings.HasPrefix(i, "kiraform/") && ours && below >= at {
				t.Errorf("%s (floor %d) imports %s (floor %d)", p.ImportPath, at, i, below)
			}
		}
	}
}

func TestBans(t *testing.T) {
	for _, p := range packages(t) {
		for _, b := range bans {
			for _, i := range b.imports {
				if p.name() == b.in && slices.Contains(p.Imports, i) {
					t.Errorf("%s must not import %s: %s", p.ImportPath, i, b.because)
				}
			}
		}
		allowed, limited := only[p.name()]
		for _, i := range p.Imports {
			if limited && strings.HasPrefix(i, "kiraform/") && !slices.Contains(allowed, i) {
				t.Errorf("%s must not import %s; of this module it may import only %v", p.ImportPath, i, allowed)
			}
		}
	}
}

func TestHomes(t *testing.T) {
	lived := make(map[string]bool)
	for _, p := range packages(t) {
		for _, i := range p.Imports {
			for dep, in := range homes {
				if i != dep && (!strings.HasPrefix(i, dep+"/") || dep == "net/http") {
					continue
				}
				lived[dep+" "+p.name()] = true
				if !slices.Contains(in, p.name()) {
					t.Errorf("%s imports %s, whose home is %v", p.ImportPath, i, in)
				}
			}
		}
	}
	for dep, in := range homes {
		for _, name := range in {
			if !lived[dep+" "+name] {
				t.Errorf("%s does not import %s; take it out of homes", name, dep)
			}
		}
	}
}
