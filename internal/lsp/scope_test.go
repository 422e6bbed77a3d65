package lsp

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"kiraform/internal/norace"
)

// labels are the proposals at the end of a text.
func labels(t *testing.T, file, src string) (all []string) {
	s := (&folders{files: fstest.MapFS{"z.kira.hcl": {Data: []byte("variable \"v\" {}\n")}}}).server()
	uri := "file:///w/" + file
	s.set(uri, src, 1)
	p := placeParams{Position: positionOf(src, len(src))}
	p.TextDocument.URI = uri
	list, err := s.complete(p)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range list.(completionList).Items {
		all = append(all, i.Label)
	}
	return all
}

// In the arguments of a call stand values, whatever is in the arguments before.
func TestArgumentsOfACallAreValues(t *testing.T) {
	for _, call := range []string{"lower(", "join(\"-\", ", "merge({ a = 1 }, ", "concat([1, 2], ", "f(g(1, 2), ", "merge({ a = f(1, ",
		"lower(\n    ", "join(\"-\",\n    ", "join(\n    \"-\", # the sign\n    ", "f(\n  g(\n  ", "lower(\n\n", "merge({\n    a = 1\n  },\n  ", "(\n  ", "[\n  lower(\n    ", "f([\n  1,\n  ",
		"kira_user.b[", "kira_user.b[\n", "[1][0] == ", "\"${", "\"x ${lower(", "\"${f(\"x\")} ${", "<<E\n text ${", "<<E\n text ${lower(\n", "true ? ", "true ? 1 : ", "{ for k, v in ", "[for k, v in {} : ",
		"{ for k, v in {} : k => ", "[for v in [1, 2] : f(v, "} {
		src := "resource \"kira_user\" \"a\" {\n  email = " + call
		if got := fmt.Sprint(labels(t, "a.kira.hcl", src)); !strings.Contains(got, "var.v") || strings.Contains(got, "first_name") {
			t.Errorf("behind %s it proposes %.200s", call, got)
		}
	}
	for _, before := range []string{"email = lower(var.v)\n  ", "email = lower(\n  last_name = \"x\"\n  ", "email = lower(\n  lifecycle {\n  }\n  ", "x = kira_user.b[0]\n  ", "email = <<E\n a ${var.v} b\nE\n  ",
		"x = [\n    1,\n  ]\n  ", "/* a { b */ ", "# a {\n  ", "x = f({\n a = 1\n  })\n  ", "email = merge({ a = 1 })\n  ", "ignored = [lower(\"x\")]\n  "} {
		src := "resource \"kira_user\" \"a\" {\n  " + before
		if got := fmt.Sprint(labels(t, "a.kira.hcl", src)); !strings.Contains(got, "first_name") {
			t.Errorf("behind %q it proposes %.200s", before, got)
		}
	}
}

// Every beginning of every example is a text that somebody has typed so far.
func TestEveryBeginningOfTheExamples(t *testing.T) {
	if norace.Run(t, scratch) {
		return
	}
	files, err := filepath.Glob(filepath.Join("..", "..", "examples", "*", "*.hcl"))
	if err != nil || len(files) < 15 {
		t.Fatal(len(files), err)
	}
	step := 31
	if testing.Short() {
		step = 97
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i < len(data); i += step {
			labels(t, filepath.Base(file), string(data[:i]))
		}
		for i := range data { // a call with an argument to come is a text that HCL knows no end of
			if data[i] == ',' {
				labels(t, filepath.Base(file), string(data[:i+1]))
			}
		}
	}
}

// Behind every header stand the arguments and the blocks that package explain knows there.
func TestArgumentsOfBlocksAreProposed(t *testing.T) {
	for header, want := range map[string]string{
		"": "action check data import kiraform locals module moved output provider removed resource variable", "variable \"x\" {\n  ": "type default deprecated validation",
		"provider \"kira\" {\n  ": "environment ownership_marks credentials_command simulator", "provider \"kira\" {\n  simulator {\n    ": "verify_after payout_after",
		"kiraform {\n  ": "max_payout backend encryption rules", "kiraform {\n  backend \"postgres\" {\n    ": "workspace lease", "resource \"kira_user\" \"a\" {\n  lifecycle {\n    ": "enabled postcondition action_trigger",
		"resource \"kira_user\" \"a\" {\n  ": "first_name count for_each depends_on lifecycle", "resource \"kira_user\" \"a\" {\n  lifecycle {\n    precondition {\n      ": "condition error_message",
		"data \"kira_user\" \"a\" {\n  ": "id email for_each lifecycle", "action \"kira_payout\" \"p\" {\n  ": "config count", "action \"kira_payout\" \"p\" {\n  config {\n    ": "amount",
		"removed {\n  lifecycle {\n    ": "destroy", "check \"c\" {\n  ": "data assert", "check \"c\" {\n  assert {\n    ": "condition", "check \"c\" {\n  data \"kira_user\" \"u\" {\n    ": "email",
		"module \"m\" {\n  ": "source for_each", "output \"o\" {\n  precondition {\n    ": "error_message", "moved {\n  ": "from to",
	} {
		got := strings.Fields(strings.Trim(fmt.Sprint(labels(t, "a.kira.hcl", header)), "[]"))
		for name := range strings.FieldsSeq(want) {
			if !slices.Contains(got, name) {
				t.Errorf("behind %q it proposes %v, without %s", header, got, name)
			}
		}
	}
	for header, not := range map[string]string{"module \"m\" {\n  ": "version", "removed {\n  lifecycle {\n    ": "enabled", "": "policy", "variable \"x\" {\n  type = string\n  ": "type"} {
		if got := labels(t, "a.kira.hcl", header); slices.Contains(got, not) {
			t.Errorf("behind %q it proposes %s", header, not)
		}
	}
}

// Within a text or a comment nothing is proposed, and in an object of an attribute its own
// attributes are, however it is wrapped.
func TestProposalsKnowTheExpression(t *testing.T) {
	head := "resource \"kira_recipient\" \"a\" {\n  "
	for _, silent := range []string{"# it is ", "// ", "/* a\n b ", "first_name = \"a ", "first_name = <<E\n some ", "x = 1 # ", "account = {\n    # "} {
		if got := labels(t, "a.kira.hcl", head+silent); len(got) > 0 {
			t.Errorf("in %q it proposes %.200s", silent, fmt.Sprint(got))
		}
	}
	for _, object := range []string{"account = {\n    ", "account = merge(local.a, {\n    ", "account = merge({\n    a = 1\n  }, {\n    ", "account = true ? null : {\n    ", "account = true ? {\n    ", "account = (\n    {\n    ",
		"account = [for x in [1, 2] : {\n    ", "account = [for k, x in [1, 2] : {\n    ", "account = {\n    bank_name = \"x\", ", "account = {\n    bank_name = lower(\"x\")\n    "} {
		if got := labels(t, "a.kira.hcl", head+object); !slices.Contains(got, "clabe") || slices.Contains(got, "user_id") {
			t.Errorf("in %q it proposes %.200s", object, fmt.Sprint(got))
		}
	}
	if got := labels(t, "a.kira.hcl", head+"user_id = kira_user.b[0]."); !slices.Contains(got, "status") {
		t.Errorf("behind an index it proposes %.200s", fmt.Sprint(got))
	}
}
