package oracle

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

var (
	expressions    = flag.Int("oracle.expressions", 0, "how many expressions to draw and to ask terraform for, beside those that are kept")
	configurations = flag.Int("oracle.configurations", 0, "how many configurations to draw and to ask terraform for, beside those that are kept")
	seed           = flag.Uint64("oracle.seed", 1, "the seed to draw with")
	binary         = flag.String("oracle.terraform", "", "the path of terraform or tofu; \"\" means the first that is found")
)

const (
	keptExpressions    = "testdata/expressions.jsonl"
	keptConfigurations = "testdata/configurations.jsonl"
)

// asked is an expression or a configuration with the answer of Terraform.
type asked[Q, A any] struct {
	Question Q      `json:"question"`
	Answer   A      `json:"answer"`
	Differs  string `json:"differs,omitempty"` // the row of docs/language.md that says why the answer here is another one
	Here     *A     `json:"here,omitempty"`    // the answer here, if it differs
}

// TestExpressions holds the answers of Terraform that are kept: ours is equal, or
// differs for a reason that docs/language.md has.
func TestExpressions(t *testing.T) {
	hold(t, load[string, Answer](t, keptExpressions), Evaluate, func(src string, here, there Answer) string { return reason(src, here, there) })
}

// TestConfigurations is TestExpressions for configurations.
func TestConfigurations(t *testing.T) {
	hold(t, load[Files, Outcome](t, keptConfigurations), Plan, reasonOf)
}

// answer is an [Answer] or an [Outcome].
type answer[A any] interface {
	Same(A) bool
	String() string
}

func hold[Q any, A answer[A]](t *testing.T, all []asked[Q, A], here func(Q) A, why func(Q, A, A) string) {
	t.Helper()
	documented, counted := rows(t), make(map[string]int)
	for _, a := range all {
		got := here(a.Question)
		switch same := got.Same(a.Answer); {
		case same && a.Differs != "":
			t.Errorf("%v\nequals Terraform's answer now, and is kept as a difference (%s)", a.Question, a.Differs)
		case !same && a.Differs == "":
			t.Errorf("%v\n     here %s\nTerraform %s", a.Question, got, a.Answer)
		case !same && !got.Same(*a.Here):
			t.Errorf("%v\nanswers %s\nwant    %s", a.Question, got, *a.Here)
		case !same && why(a.Question, got, a.Answer) != a.Differs:
			t.Errorf("%v\ndiffers for %q, and is kept with %q", a.Question, why(a.Question, got, a.Answer), a.Differs)
		case !same && !documented[a.Differs]:
			t.Errorf("docs/language.md has no row %q", a.Differs)
		}
		counted[a.Differs]++
	}
	t.Logf("%d kept, %d equal; by reason: %v", len(all), counted[""], counted)
}

// rows returns the names of the rows of docs/language.md about differences.
func rows(t *testing.T) map[string]bool {
	t.Helper()
	src, err := os.ReadFile("../../docs/language.md")
	if err != nil {
		t.Fatal(err)
	}
	_, page, _ := strings.Cut(string(src), "\n## Where answers differ\n")
	page, _, _ = strings.Cut(page, "\n## ")
	all := make(map[string]bool)
	for line := range strings.Lines(page) {
		if name, _, ok := strings.Cut(strings.TrimPrefix(line, "| `"), "` |"); ok && strings.HasPrefix(line, "| `") {
			all[name] = true
		}
	}
	return all
}

// TestReasonsAreMet holds that the rows of docs/language.md have examples here.
func TestReasonsAreMet(t *testing.T) {
	met := make(map[string]bool)
	for _, a := range load[string, Answer](t, keptExpressions) {
		met[a.Differs] = true
	}
	for _, a := range load[Files, Outcome](t, keptConfigurations) {
		met[a.Differs] = true
	}
	for name := range rows(t) {
		if !met[name] {
			t.Errorf("docs/language.md has the row %q, which no kept question meets", name)
		}
	}
}

// TestOracle asks Terraform for the questions that the flags have drawn, and keeps its answers.
// Without flags it asks for nothing.
func TestOracle(t *testing.T) {
	if *expressions == 0 && *configurations == 0 {
		return
	}
	path := *binary
	for _, name := range []string{"terraform", "tofu"} {
		if found, err := exec.LookPath(name); err == nil && path == "" {
			path = found
		}
	}
	if path == "" {
		t.Fatal("there is neither terraform nor tofu")
	}
	tf := &Terraform{Path: path, Dir: t.TempDir()}
	version, err := tf.Version()
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("asking %s %s, seed %d", path, version, *seed)

	kept := load[string, Answer](t, keptExpressions)
	had := make(map[string]bool)
	for i, a := range kept {
		had[a.Question] = true
		kept[i] = compare(t, a.Question, Evaluate(a.Question), a.Answer, reason)
	}
	drawn := slices.DeleteFunc(append(slices.Clone(Handmade), Expressions(*seed, *expressions)...), func(src string) bool { return had[src] })
	answers, err := tf.Ask(drawn)
	if err != nil {
		t.Fatal(err)
	}
	for i, src := range drawn {
		kept = append(kept, compare(t, src, Evaluate(src), answers[i], reason))
	}
	save(t, keptExpressions, kept)

	keptFiles := load[Files, Outcome](t, keptConfigurations)
	for i, a := range keptFiles {
		keptFiles[i] = compare(t, a.Question, Plan(a.Question), a.Answer, reasonOf)
	}
	save(t, keptConfigurations, keptFiles)
	for i, files := range Configurations(*seed, *configurations) {
		if slices.ContainsFunc(keptFiles, func(a asked[Files, Outcome]) bool { return maps.Equal(a.Question, files) }) {
			continue // asked before
		}
		there, err := tf.Plan(files)
		if err != nil {
			t.Fatalf("configuration %d: %v", i, err)
		}
		keptFiles = append(keptFiles, compare(t, files, Plan(files), there, reasonOf))
		save(t, keptConfigurations, keptFiles) // the next one may fail
	}
}

// compare makes the kept record of a question. A difference without a reason fails.
func compare[Q any, A answer[A]](t *testing.T, q Q, here, there A, why func(Q, A, A) string) asked[Q, A] {
	t.Helper()
	a := asked[Q, A]{Question: q, Answer: there}
	if here.Same(there) {
		return a
	}
	a.Here, a.Differs = &here, why(q, here, there)
	if a.Differs == "" {
		t.Errorf("%s\n     here %s\nTerraform %s", show(q), here, there)
	}
	return a
}

func show(q any) string {
	files, ok := q.(Files)
	if !ok {
		return fmt.Sprint(q)
	}
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(&b, "-- %s --\n%s", name, files[name])
	}
	return b.String()
}

func load[Q, A any](t *testing.T, path string) (all []asked[Q, A]) {
	t.Helper()
	src, err := os.ReadFile(path)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(bytes.NewReader(src))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var a asked[Q, A]
		if err := json.Unmarshal(lines.Bytes(), &a); err != nil {
			t.Fatal(err)
		}
		all = append(all, a)
	}
	return all
}

func save[Q, A any](t *testing.T, path string, all []asked[Q, A]) {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	for _, a := range all {
		if err := e.Encode(a); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}
