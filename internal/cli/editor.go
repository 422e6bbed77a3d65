package cli

import (
	"cmp"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"

	"kiraform/internal/event"
	"kiraform/internal/ui/review"
)

// editor returns how to open a file at a line in the person's editor, or nil
// if there is none.
func (a *app) editor() func(file string, line int) *exec.Cmd {
	words := strings.Fields(cmp.Or(a.Environ["VISUAL"], a.Environ["EDITOR"]))
	dir, err := a.dir()
	if len(words) == 0 || err != nil {
		return nil
	}
	return func(file string, line int) *exec.Cmd {
		args := append(words[1:len(words):len(words)], fmt.Sprintf("+%d", line), in(dir, file))
		return exec.Command(words[0], args...)
	}
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
