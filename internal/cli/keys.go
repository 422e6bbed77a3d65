package cli

import (
	"path/filepath"
	"slices"

	"kiraform/internal/ui/words"
	"kiraform/state"
)

// keyPath is where the key of the states in a folder is.
func keyPath(dir string) string { return filepath.Join(dir, ".kiraform", "key") }

// keys says where the key of a state is looked for: in KIRAFORM_KEY, else beside
// the state that -state names, else beside the configuration, whose workspaces
// share one key.
func (a *app) keys(dir string, st stateFlag) state.Keys {
	folders := []string{dir}
	file := filepath.Join(dir, stateFileName)
	if st.file != "" {
		file = in(dir, st.file)
		folders = []string{filepath.Dir(file), dir}
	}
	if real, err := filepath.EvalSymlinks(file); err == nil { // those who share it may have left the key there
		folders = append(folders, filepath.Dir(real))
	}
	k := state.Keys{Env: a.Environ["KIRAFORM_KEY"]}
	for _, folder := range folders {
		if path := keyPath(folder); !slices.ContainsFunc(k.Paths, func(have string) bool { return sameFile(have, path) }) {
			k.Paths = append(k.Paths, path)
		}
	}
	k.Others = func() ([]state.Sharer, error) { return a.sharing(folders[0]) }
	return k
}

// sameFile reports whether two paths lead to one place.
func sameFile(a, b string) bool {
	a, err := filepath.Abs(a)
	b, err2 := filepath.Abs(b)
	return a == b && err == nil && err2 == nil
}

// sharing lists the states that share the key in a folder.
func (a *app) sharing(folder string) (all []state.Sharer, err error) {
	names, err := workspaces(folder)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		all = append(all, a.sharer(statePath(folder, name)))
	}
	beside, err := besides(folder)
	if err != nil {
		return nil, err
	}
	for _, path := range beside {
		all = append(all, a.sharer(path))
	}
	shared, err := a.sharedStates(folder)
	return append(all, shared...), err
}

// rekeyCommand is the command that gives the state another key.
func rekeyCommand(st stateFlag) string {
	if st.file == "" {
		return "kiraform state rekey"
	}
	return "kiraform state rekey -state=" + words.Shell(st.file)
}
