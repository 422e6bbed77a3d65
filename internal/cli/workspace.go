package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"kiraform/internal/diag"
)

const (
	// defaultWorkspace is there without being made: its state lies beside the
	// configuration.
	defaultWorkspace = "default"

	stateFileName = "kiraform.state.json"
	// selectedName is the file that says which workspace is selected.
	selectedName = ".kiraform/workspace"
	// workspacesName is the folder in which each other workspace has one for its
	// state, with the journal, the lock and the history beside it. The key of the
	// fingerprints is one for all.
	workspacesName = "kiraform.state.d"
)

// workspace is one of the states of a configuration.
type workspace struct {
	name  string
	named string // who chose it, for messages; "" for nobody
}

var workspaceForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,89}$`) })

// workspace returns the one that is selected: by KIRAFORM_WORKSPACE, or else by
// "workspace select".
func (a *app) workspace(dir string) (workspace, error) {
	w := workspace{a.Environ["KIRAFORM_WORKSPACE"], "KIRAFORM_WORKSPACE"}
	if w.name == "" {
		chosen, err := os.ReadFile(selectedPath(dir))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return w, err
		}
		w = workspace{strings.TrimSpace(string(chosen)), selectedName}
	}
	if w.name == "" {
		return workspace{name: defaultWorkspace}, nil
	}
	return w, checkWorkspace(w.name, w.named)
}

// checkWorkspace refuses names that are no name of a folder everywhere.
func checkWorkspace(name, by string) error {
	if workspaceForm().MatchString(name) {
		return nil
	}
	return usage("%s: %q is no name of a workspace. Write letters, digits, dots, dashes and underscores", by, name)
}

func selectedPath(dir string) string { return filepath.Join(dir, filepath.FromSlash(selectedName)) }

// statePath is where the state of a workspace lies.
func statePath(dir, name string) string {
	if name == defaultWorkspace {
		return filepath.Join(dir, stateFileName)
	}
	return filepath.Join(dir, workspacesName, name, stateFileName)
}

// worldPath is where the embedded simulator keeps the world of a workspace: each
// has one of its own, so that two runs never work in the same.
func worldPath(dir, name string) string {
	return filepath.Join(filepath.Dir(statePath(dir, name)), ".kiraform", "simulator.json")
}

// workspaces lists all of them: the default one, and the others by name.
func workspaces(dir string) ([]string, error) {
	entries, err := os.ReadDir(filepath.Join(dir, workspacesName))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	all := []string{defaultWorkspace}
	for _, e := range entries {
		if info, err := os.Stat(filepath.Join(dir, workspacesName, e.Name())); err == nil && info.IsDir() && workspaceForm().MatchString(e.Name()) {
			all = append(all, e.Name())
		}
	}
	return all, nil
}

func unknownWorkspace(name string, all []string) error {
	return fmt.Errorf("there is no workspace %q.%s \"kiraform workspace list\" lists them, and \"kiraform workspace new %s\" makes it",
		name, diag.DidYouMean(name, all), name)
}

// stateName is the name of a state for saved plans: that of its workspace, and the
// way to it from the configuration, which is the same in a copy of the folder.
func stateName(dir, workspace string, k kept) string {
	if k.path == "" {
		return k.name + " of the workspace " + workspace
	}
	path := k.path
	dir, err := filepath.Abs(dir)
	if err == nil {
		path, err = filepath.Abs(path)
	}
	if way, err2 := filepath.Rel(dir, path); err == nil && err2 == nil {
		path = way
	}
	return filepath.ToSlash(path) + " of the workspace " + workspace
}
