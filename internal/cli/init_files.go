package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// beginning has the choices for the files that init writes for a folder that
// begins.
type beginning struct {
	environment string // simulator, sandbox or production
	ci          string // none, github or gitlab
	more        bool   // the folder has a configuration already
}

var (
	environments = []string{"simulator", "sandbox", "production"}
	recipes      = []string{"none", "github", "gitlab"}
)

func (b beginning) check() error {
	if !slices.Contains(environments, b.environment) {
		return usage("-environment=%s: write simulator, sandbox or production", b.environment)
	}
	if !slices.Contains(recipes, b.ci) {
		return usage("-ci=%s: write none, github or gitlab", b.ci)
	}
	return nil
}

// newFile is a file to be written, by its name within the folder.
type newFile struct{ name, text string }

// files are those of a folder that begins.
func (b beginning) files() []newFile {
	simulator := ""
	if b.environment == "simulator" {
		simulator = "\n  # The simulator plays the people at Kira, too: it verifies users, gives\n  # accounts their number, and completes payouts.\n" +
			"  simulator {\n    verify_after   = \"2s\"\n    activate_after = \"1s\"\n    payout_after   = \"1s\"\n  }\n"
	}
	all := []newFile{
		{"main.kira.hcl", "kiraform {\n  required_version = \">= 0.1\"\n}\n\n# Keys never stand in files: KIRA_API_KEY, KIRA_CLIENT_ID and KIRA_PASSWORD.\n" +
			"provider \"kira\" {\n  environment = var.environment\n" + simulator + "}\n\n" +
			"variable \"environment\" {\n  description = \"Which Kira this is for: simulator, sandbox or production.\"\n  type        = string\n}\n"},
		{"kiraform.kiravars.hcl", fmt.Sprintf("environment = %q\n", b.environment)},
		{".gitignore", ignored},
	}
	if b.more {
		all = all[2:]
	}
	switch b.ci {
	case "github":
		all = append(all, newFile{".github/workflows/kiraform.yml", githubRecipe})
	case "gitlab":
		all = append(all, newFile{".gitlab-ci.yml", gitlabRecipe})
	}
	return all
}

// ignored keeps keys, states and plans out of Git: they have personal data.
const ignored = `# Keys, states and plans have personal data, or secrets.
.kiraform/
*.state.json*
kiraform.state.d/
*.plan
*.jsonl
`

const githubRecipe = `# Checks a pull request, and shows its plan. docs/review.md has the recipe in which a plan is
# approved by its digest and applied after the merge.
name: plan

on: pull_request

permissions:
  contents: read

jobs:
  plan:
    if: github.event.pull_request.head.repo.full_name == github.repository # a fork has no secrets
    runs-on: ubuntu-latest
    container: ${{ vars.KIRAFORM_IMAGE }} # an image of yours with this program in it
    env:
      KIRA_API_KEY: ${{ secrets.KIRA_API_KEY }}
      KIRA_CLIENT_ID: ${{ secrets.KIRA_CLIENT_ID }}
      KIRA_PASSWORD: ${{ secrets.KIRA_PASSWORD }}
      KIRAFORM_KEY: ${{ secrets.KIRAFORM_KEY }}
    steps:
      - uses: actions/checkout@v5
        with: {persist-credentials: false}
      - run: kiraform fmt -check -diff
      - run: kiraform validate
      - run: kiraform plan -input=false -out=review.plan
      - run: kiraform show -format=markdown review.plan >>"$GITHUB_STEP_SUMMARY"
`

const gitlabRecipe = `# Checks a merge request, and shows its plan. docs/review.md has the recipe in which a plan is
# approved by its digest and applied after the merge. KIRA_API_KEY, KIRA_CLIENT_ID, KIRA_PASSWORD
# and KIRAFORM_KEY are masked variables.
plan:
  image: $KIRAFORM_IMAGE # an image of yours with this program in it
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  script:
    - kiraform fmt -check -diff
    - kiraform validate
    - kiraform plan -input=false -out=review.plan
    - kiraform show -format=markdown review.plan >plan.md
  artifacts:
    paths: [plan.md]
`

// begins shows the files that are not there yet, and writes them if agree does.
// Files that are there stay as they are.
func (a *app) begins(dir string, b beginning, agree func() (bool, error)) error {
	var missing []newFile
	for _, f := range b.files() {
		if _, err := os.Lstat(filepath.Join(dir, f.name)); err == nil {
			fmt.Fprintf(a.Stdout, "%s is there already, and stays as it is.\n", f.name)
			if lines := lacking(dir, f); lines != nil {
				fmt.Fprintf(a.Stdout, "It lacks these lines:\n  %s\n", strings.Join(lines, "\n  "))
			}
			continue
		}
		missing = append(missing, f)
	}
	for _, f := range missing {
		fmt.Fprintf(a.whole, "\n--- %s\n%s", f.name, f.text)
	}
	if len(missing) == 0 {
		return nil
	}
	if ok, err := agree(); err != nil || !ok {
		return err
	}
	fmt.Fprintln(a.Stdout)
	for _, f := range missing {
		path := filepath.Join(dir, f.name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := writeNew(path, []byte(f.text)); err != nil {
			return err
		}
		fmt.Fprintf(a.Stdout, "Wrote %s.\n", f.name)
	}
	return nil
}

// lacking are the lines of a .gitignore that one which is there does not have.
func lacking(dir string, f newFile) (lines []string) {
	has, err := os.ReadFile(filepath.Join(dir, f.name))
	if f.name != ".gitignore" || err != nil {
		return nil
	}
	for line := range strings.Lines(f.text) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "#") && !slices.Contains(strings.Fields(string(has)), line) {
			lines = append(lines, line)
		}
	}
	return lines
}
