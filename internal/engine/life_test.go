package engine_test

import (
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kiraform/state"
)

// steps are the kinds of steps of a long life, and how often each is taken. A
// step that is not possible returns false and has changed nothing.
var steps = []struct {
	name   string
	weight int
	do     func(*life) bool
}{
	{"apply", 6, (*life).apply},
	{"apply -wait", 4, (*life).applyAndWait},
	{"answers are lost", 4, (*life).loseAnswers},
	{"the run dies", 4, (*life).die},
	{"plan", 1, (*life).planOnly},
	{"a person at Kira acts", 4, (*life).kiraActs},
	{"a person at Kira rejects", 2, (*life).kiraRejects},
	{"a day passes", 1, (*life).sleep},
	{"the clock was wrong", 2, (*life).wrongClock},
	{"Kira loses an object", 2, (*life).loseObject},
	{"encryption comes or goes", 1, (*life).toggleEncryption},
	{"another working copy", 1, (*life).otherCopy},
	{"Kira loses everything", 1, (*life).loseAll},
	{"an older state is restored", 3, (*life).restore},
	{"something is replaced", 2, (*life).replace},
	{"a part is applied", 3, (*life).applyPart},
	{"a part is left out", 3, (*life).leaveOut},
	{"apply -minimal-refresh", 2, (*life).applyMinimal},
	{"a refresh", 2, (*life).refreshes},
	{"an object is let go and imported", 2, (*life).letGo},
	{"a block is renamed, and moved by hand", 2, (*life).stateMoves},
	{"a plan is saved", 1, (*life).savePlan},
	{"a saved plan is applied", 3, (*life).applySaved},
	{"another place and back", 1, (*life).awayAndBack},
	{"a gateway says that an object is not there", 2, (*life).gatewayDenies},

	{"an attribute is edited", 5, (*life).edit},
	{"an edit is lost, and taken back", 3, (*life).takeBack},
	{"a payee is edited", 2, (*life).editPayee},
	{"the webhook is edited", 1, (*life).editWebhook},
	{"a block is renamed", 4, (*life).rename},
	{"a key is renamed", 3, (*life).renameKey},
	{"two keys are swapped", 1, (*life).swapKeys},
	{"count comes or goes", 3, (*life).toggleCount},
	{"count becomes for_each", 1, (*life).countToForEach},
	{"a list shifts", 3, (*life).shift},
	{"blocks and needs are permuted", 2, (*life).permute},
	{"something is added", 3, (*life).add},
	{"something is removed", 2, (*life).remove},
	{"a person is rewritten into another", 1, (*life).rewrite},
	{"an earlier configuration comes back", 2, (*life).revert},
	{"the state gets another key", 1, (*life).anotherKey},
	{"the key is lost", 1, (*life).loseKey},
}

var only = flag.String("life.only", "", "take only these steps of the long life, separated by commas")

// Law 10: the long life. Whatever people do, in whatever order, each address
// holds the object that it names, nothing is there twice or lost, and "No
// changes" is true.
func TestLawLongLife(t *testing.T) {
	checks(t, "rapid.steps", "12")
	law(t, func(rt *rapid.T) {
		rapid.SyncTest(rt, func(rt *rapid.T) {
			newLife(rt, newInside(rt)).live()
		})
	})
}

// checks sets a flag of rapid for a test.
func checks(t *testing.T, name, value string) {
	f := flag.Lookup(name)
	was := f.Value.String()
	if err := f.Value.Set(value); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Value.Set(was) })
}

// A life is a configuration that changes, and its outcome.
type life struct {
	*rapid.T
	driver
	names    int // blocks and accounts of payees were numbered up to here
	people   int // and people up to here: a person is a day of a month
	cfg      script
	before   []script // earlier configurations
	shown    string   // the configuration that was written down last
	diary    []string // the steps, for a person to type
	consents map[string]int
	held     map[string]map[string]bool // by address: the persons or things that it may hold
	unproven map[int]bool               // people of whom a request about who they are got no answer
	blank    bool                       // all was gone that Kira can show, so that the rest was sent again
	lost     map[string]string          // ids of objects that Kira has lost, and their owners
	saved    *savedPlan                 // that was not applied yet
	settled  map[string]string          // contents of which nothing is left to do; nil if that is not known
	last     outcome                    // of the last plan
	died     bool                       // a run did
	restored bool                       // an older state was
	older    []*state.State             // generations, the latest last
}

func newLife(t *rapid.T, d driver) *life {
	n := 0
	d.kira().NewID = func() string { n++; return fmt.Sprintf("51000000-0000-4000-8000-%012d", n) }
	return &life{T: t, driver: d, cfg: script{People: make(map[int]somebody)}, consents: make(map[string]int),
		held: make(map[string]map[string]bool), unproven: make(map[int]bool), lost: make(map[string]string)}
}

func (l *life) live() {
	for range 6 {
		if rapid.Bool().Draw(l.T, "first") {
			l.add()
		}
	}
	l.permute()
	var kinds []int
	for i, s := range steps {
		if *only == "" || strings.Contains(","+*only+",", ","+s.name+",") {
			kinds = append(kinds, slices.Repeat([]int{i}, s.weight)...)
		}
	}
	l.Repeat(map[string]func(*rapid.T){"step": func(*rapid.T) {
		s, had := steps[rapid.SampledFrom(kinds).Draw(l.T, "step")], len(l.diary)
		l.note("# " + s.name)
		if !s.do(l) {
			l.diary = l.diary[:had]
			return
		}
		l.observe()
	}})
	l.settle()
}

// note writes a step down.
func (l *life) note(line string) { l.diary = append(l.diary, line) }

// showScript writes the configuration down where it is another one than before.
func (l *life) showScript() {
	if src := l.cfg.String(); src != l.shown {
		l.shown = src
		l.note("cat >main.kira.hcl <<'EOF'\n" + src + "EOF")
	}
}

// broken ends a life in which a law was broken, and says how, with the lines to
// type to see it. The name of the law alone is the failure: it is the same each
// time, while ids and order may differ, so that a smaller life is known to fail
// alike.
func (l *life) broken(law, format string, args ...any) {
	l.Helper()
	l.Logf("%s: %s\n\n--- the last run said\n%s\n--- the state\n%s\n--- to see it, type\n%s%s",
		law, fmt.Sprintf(format, args...), l.last.said, strings.Join(l.portrayed(), "\n"), toType, strings.Join(l.diary, "\n"))
	l.Fatal(law)
}

// toType has the lines that a person types before the steps of a life.
const toType = `kiraform simulator -listen 127.0.0.1:8787 &
export KIRA=http://127.0.0.1:8787 KIRA_BASE_URL=http://127.0.0.1:8787/sandbox KIRA_API_KEY=k KIRA_PASSWORD=p
export KIRA_CLIENT_ID=51000000-0000-4000-8000-000000000000
user() { curl -s $KIRA/_admin/world | jq -r ".users[] | select(.sent.email == \"$1\") | .id" | tail -1; }
account() { curl -s $KIRA/_admin/world | jq -r ".virtual_accounts[] | select(.sent.user_id == \"$(user $1)\") | .id" | tail -1; }
verify() { curl $KIRA/_admin/users/$(user $1)/status -d '{"status":"VERIFIED"}'; }
reject() { curl $KIRA/_admin/users/$(user $1)/status -d '{"status":"REJECTED"}'; }
activate() { curl -X POST $KIRA/_admin/virtual-accounts/$(account $1)/activate; }
`

// The laws of a long life.
const (
	namesOnly  = "where only names change, nothing is done"
	goesWell   = "where nothing is in the way, a run does what it planned"
	planSilent = "a plan sends nothing, and there always is one"
	holdsIt    = "each address holds the object that it names"
	onceOnly   = "nothing is there twice without consent"
	kept       = "nothing that was made is lost"
	trueEmpty  = "\"No changes\" means that Kira holds exactly what is written"
	settles    = "four applies are enough"
	behaved    = "Kira has nothing to complain of"
	oneWitness = "a gateway's 404 makes nothing again"
	asSaved    = "a saved plan does exactly what it says, or nothing"
	partOnly   = "-target changes only what it names and what that needs"
	asAsked    = "with consent, an object is replaced once, and the old one is in the ledger"
	otherPlace = "at another place, nothing is sent and nothing changes"
	mostStop   = "while most objects are gone, nothing is done without consent"
	noRewrite  = "a person is not rewritten into another"
	noNewKey   = "another key changes nothing"
)

// write makes next the configuration, unless kiraform would rightly refuse it.
func (l *life) write(what string, next script) bool {
	if !l.allowed(next) {
		return false
	}
	l.note("# " + what)
	l.adoptScript(next)
	return true
}

func (l *life) adoptScript(next script) {
	now := next.contents()
	for key, was := range l.cfg.contents() {
		if is, ok := now[key]; !ok || is != was && !strings.HasPrefix(key, "user ") {
			l.consents[key]++ // its object may be left behind, and another be made
		}
	}
	l.before = append(l.before, l.cfg.clone())
	l.cfg = next
}

func add(to map[string]map[string]bool, key, value string) {
	if to[key] == nil {
		to[key] = make(map[string]bool)
	}
	to[key][value] = true
}

// ride runs kiraform, and keeps the known world up to date.
func (l *life) ride(r ride) outcome {
	l.Helper()
	l.showScript()
	for _, in := range l.cfg.instances() {
		add(l.held, in.Addr, in.want())
	}
	l.died = l.died || r.kill > 0
	differ := l.pending()
	quiet := l.settled != nil && maps.Equal(l.settled, l.cfg.contents())
	before, ids := l.writes(), l.ids()
	if r.saved == "" {
		r.goneOK = l.mostGone()
	}
	l.last = l.run(l.T, l.cfg.String(), r)
	switch {
	case l.last.clean && r.target == "" && r.exclude == "":
		l.held, l.unproven = make(map[string]map[string]bool), make(map[int]bool)
		for _, in := range l.cfg.instances() {
			add(l.held, in.Addr, in.want())
		}
	case !r.plan && !l.last.clean:
		maps.Copy(l.unproven, differ)
	}
	switch sent := l.writes()[len(before):]; {
	case len(sent) > 0 && r.plan:
		l.broken(planSilent, "it sent %s", strings.Join(sent, ", "))
	case len(sent) > 0 && quiet:
		l.broken(namesOnly, "it sent %s", strings.Join(sent, ", "))
	case quiet && fmt.Sprint(ids) != fmt.Sprint(l.ids()):
		l.broken(namesOnly, "%v were managed, and now %v", ids, l.ids())
	}
	if !r.plan && !quiet {
		l.settled = nil
	}
	return l.last
}
