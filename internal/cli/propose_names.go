package cli

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kiraform/internal/addr"
	"kiraform/internal/config"
	"kiraform/internal/event"
	"kiraform/internal/explain"
	"kiraform/internal/ui/words"
	"kiraform/state"
)

// The sources of names read the configuration and the state file beside it. They open
// no connection, take no lock, decrypt nothing and write nothing; of a state they see
// the names only. Where something cannot be read there is nothing to propose.

// configured is the configuration, as far as it can be read.
func (a *app) configured() *config.Module {
	dir, err := a.dir()
	if err != nil {
		return &config.Module{}
	}
	folder, err := a.openFiles(dir, nil)
	if err != nil {
		return &config.Module{}
	}
	return config.Skim(folder)
}

// stateFile is the file of the state that cmd works on, or "" if it is in none.
func (a *app) stateFile(cmd *cobra.Command) string {
	dir, err := a.dir()
	if err != nil {
		return ""
	}
	if f := cmd.Flag("state"); f != nil && f.Value.String() != "" {
		return in(dir, f.Value.String())
	}
	if _, err := os.Stat(chosenPath(dir)); err == nil {
		return "" // in a database, which is not asked
	}
	w, err := a.workspace(dir)
	if err != nil {
		return ""
	}
	return statePath(dir, w.name)
}

// outline is the names in the state that cmd works on.
func (a *app) outline(cmd *cobra.Command) state.Outline {
	path := a.stateFile(cmd)
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		return state.Outline{}
	}
	f, err := os.Open(path)
	if err != nil {
		return state.Outline{}
	}
	defer f.Close()
	if o, ok := state.ReadOutlineFrom(f); ok {
		return o
	}
	data, err := readFile(path)
	if err != nil {
		return state.Outline{}
	}
	return state.ReadOutline(data)
}

// managed lists the resources in the state.
func (a *app) managed(cmd *cobra.Command, typed string) []string {
	return staged(a.outline(cmd).Addrs, typed)
}

// addresses lists the blocks and modules of the configuration, and the resources in
// the state.
func (a *app) addresses(cmd *cobra.Command, typed string) []string {
	var all []string
	blocks(a.configured(), "", func(r addr.Resource) {
		if !r.Action {
			all = append(all, r.String())
		}
	})
	return staged(append(withKeys(all, typed), a.outline(cmd).Addrs...), typed)
}

// actions lists the actions of the configuration.
func (a *app) actions(*cobra.Command, string) (all []string) {
	blocks(a.configured(), "", func(r addr.Resource) {
		if r.Action {
			all = append(all, r.String())
		}
	})
	return all
}

// unmanaged lists the resource blocks of which the state has nothing.
func (a *app) unmanaged(cmd *cobra.Command, typed string) (all []string) {
	has := make(map[string]bool)
	for _, r := range a.outline(cmd).Addrs {
		has[block(r)] = true
	}
	blocks(a.configured(), "", func(r addr.Resource) {
		if s := r.String(); r.Kind != "" && !r.Data && !r.Action && !has[s] {
			all = append(all, s)
		}
	})
	return staged(withKeys(all, typed), typed)
}

// blocks calls visit with the address of each block of m, which is called as at, and
// of each module in it.
func blocks(m *config.Module, at addr.Module, visit func(addr.Resource)) {
	if m == nil {
		return
	}
	for _, r := range m.Resources {
		a := r.Addr()
		a.Module = at
		visit(a)
	}
	for _, c := range m.Calls {
		in := at.Child(c.Name, addr.Key{})
		visit(addr.Resource{Module: in})
		blocks(c.Module, in, visit)
	}
}

// withKeys adds to the addresses of blocks those within the instances of modules whose keys
// are typed: any key may be meant.
func withKeys(all []string, typed string) []string {
	var bare strings.Builder // typed, without keys
	from, end := 0, 0        // the part of typed behind the last key, and the end of that
	for i := 0; i < len(typed); i++ {
		if typed[i] != '[' {
			continue
		}
		quoted, n := false, i+1
		for ; n < len(typed) && (quoted || typed[n] != ']'); n++ {
			switch {
			case typed[n] == '"':
				quoted = !quoted
			case typed[n] == '\\' && quoted:
				n++
			}
		}
		if n >= len(typed) {
			return all // in the middle of a key
		}
		bare.WriteString(typed[from:i])
		i, from, end = n, n+1, n+1
	}
	if end == 0 {
		return all
	}
	for _, a := range slices.Clone(all) {
		if rest, ok := strings.CutPrefix(a, bare.String()); ok && strings.HasPrefix(rest, ".") {
			all = append(all, typed[:end]+rest)
		}
	}
	return all
}

// block is an address without the key of its last part.
func block(address string) string {
	if all := event.Wholes(address); strings.HasSuffix(address, "]") && len(all) > 0 {
		return all[0]
	}
	return address
}

// mostStaged is how many addresses are looked through by a person, with the keys of a
// shell's list.
const mostStaged = 1000

// staged returns the addresses that begin as typed. While several blocks do, it
// returns these instead of the instances of all of them, and while thousands do, the
// kinds and modules that they begin with.
func staged(all []string, typed string) (words []string) {
	all = slices.DeleteFunc(all, func(a string) bool { return !strings.HasPrefix(a, typed) })
	if parts := beginnings(all, len(typed)); len(all) > mostStaged && len(parts) > 1 {
		return parts
	}
	instances := make(map[string][]string)
	slices.Sort(all)
	for _, a := range slices.Compact(all) { // the configuration and the state may both have it
		b := block(a)
		instances[b] = append(instances[b], a)
	}
	for b, some := range instances {
		if len(instances) == 1 || b == typed {
			words = append(words, some...)
			continue
		}
		keyed := slices.DeleteFunc(some, func(a string) bool { return a == b })
		if len(keyed) > 1 {
			b += fmt.Sprintf("\t%d instances", len(keyed))
		}
		words = append(words, b)
	}
	slices.Sort(words)
	return words
}

// beginnings returns the parts of addresses up to the next dot behind the first bytes, as
// far as these are no keys.
func beginnings(all []string, typed int) []string {
	parts := make(map[string]bool)
	for _, a := range all {
		if i := strings.IndexAny(a[typed:], ".["); i >= 0 && a[typed+i] == '.' {
			a = a[:typed+i+1]
		}
		if parts[a] = true; len(parts) > mostStaged/10 {
			return nil
		}
	}
	return slices.Sorted(maps.Keys(parts))
}

// outputNames lists the outputs of the state, or of the configuration before there is one.
func (a *app) outputNames(cmd *cobra.Command, _ string) []string {
	names := a.outline(cmd).Outputs
	if len(names) == 0 {
		for _, o := range a.configured().Outputs {
			names = append(names, o.Name)
		}
	}
	return names
}

// variableNames lists the variables that can be set. Their values stay out of it.
func (a *app) variableNames(_ *cobra.Command, typed string) (all []string) {
	if strings.Contains(typed, "=") {
		return nil
	}
	for _, v := range a.configured().Variables {
		all = append(all, v.Name+"=")
	}
	return all
}

// serials lists the generations of the state.
func (a *app) serials(cmd *cobra.Command, _ string) (all []string) {
	kept, err := a.file(a.stateFile(cmd)).Serials()
	if err != nil {
		return nil
	}
	for _, g := range kept {
		all = append(all, fmt.Sprintf("%d\tsaved %s", g.Serial, words.Moment(g.At)))
	}
	return all
}

// workspaceNames lists the workspaces whose states are in files.
func (a *app) workspaceNames(*cobra.Command, string) []string {
	dir, err := a.dir()
	if err != nil {
		return nil
	}
	all, _ := workspaces(dir)
	return all
}

// otherWorkspaces lists the workspaces that can be deleted.
func (a *app) otherWorkspaces(cmd *cobra.Command, typed string) []string {
	_, w, err := a.selected()
	return slices.DeleteFunc(a.workspaceNames(cmd, typed), func(name string) bool {
		return name == defaultWorkspace || err == nil && name == w.name
	})
}

// kindPaths lists the names that explain knows: kinds and blocks and, behind the dot of
// one, its attributes.
func (a *app) kindPaths(_ *cobra.Command, typed string) (all []string) {
	top := ""
	for _, t := range explain.All() {
		if strings.HasPrefix(typed, t.Name+".") {
			top = t.Name
		}
		all = append(all, t.Name)
	}
	if top == "" {
		return all
	}
	all = nil
	for _, name := range explain.Names() {
		if strings.HasPrefix(name, top+".") && strings.HasPrefix(name, typed) && !strings.Contains(name[len(typed):], ".") {
			all = append(all, name)
		}
	}
	return all
}
