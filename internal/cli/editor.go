package cli

import (
	"cmp"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"kiraform/internal/event"
	"kiraform/internal/ui/review"
)

// editor returns how to open a file at a line in the person's editor, which is vi
// if none is chosen, or nil if there is none.
func (a *app) editor() func(file string, line int) *exec.Cmd {
	words := strings.Fields(cmp.Or(a.Environ["VISUAL"], a.Environ["EDITOR"], "vi"))
	dir, err := a.dir()
	if len(words) == 0 || err != nil {
		return nil
	}
	return func(file string, line int) *exec.Cmd {
		args := append(words[1:len(words):len(words)], at(words, in(dir, file), line)...)
		return exec.Command(words[0], args...)
	}
}

// goTo is the flag of VS Code for a line, which is none of this program.
var goTo = string([]rune{'-', 'g'})

// at are the arguments that open a file at a line. VS Code and its kin take them in
// a form of their own, and have to be told to wait.
func at(editor []string, file string, line int) []string {
	switch strings.TrimSuffix(filepath.Base(editor[0]), ".exe") {
	case "code", "code-insiders", "codium", "cursor", "windsurf":
		args := []string{goTo, fmt.Sprintf("%s:%d", file, line)}
		if !slices.Contains(editor, "--wait") {
			args = append([]string{"--wait"}, args...)
		}
		return args
	}
	return []string{fmt.Sprintf("+%d", line), file}
}

// saveMarkdown keeps a plan beside the configuration, for a pull request. It has
// personal data, so nobody else can read the file until its owner says so.
func (a *app) saveMarkdown(plan event.Review) (string, error) {
	dir, err := a.dir()
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "kiraform-plan.md")
	return path, writeOwn(path, []byte(review.Markdown(&plan, review.Options{})))
}
