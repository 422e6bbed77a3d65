package cli

import (
	"context"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strings"

	"kiraform/internal/config"
	"kiraform/internal/engine"
	"kiraform/internal/event"
	"kiraform/internal/ui/text"
	"kiraform/state"
)

// dir is the folder of the configuration.
func (a *app) dir() (string, error) {
	dir := filepath.Join(a.Dir, a.chdir)
	if filepath.IsAbs(a.chdir) {
		dir = a.chdir
	}
	if dir == "" {
		dir = "."
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return "", usage("-chdir=%s: there is no such folder", a.chdir)
	}
	return dir, nil
}

// in returns a path that is relative to the folder of the configuration.
func in(dir, path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(dir, path)
}

// view shows things as text.
func (a *app) view() *text.View { return a.textView(a.Stdout, false) }

// options wires the engine to the world.
func (a *app) options(ctx context.Context, command string, vars varFlags, st stateFlag, emit event.Sink) (engine.Options, error) {
	o, err := a.offlineOptions(command, vars, st, emit)
	if err != nil {
		return o, err
	}
	dir, err := a.dir()
	if err != nil {
		return o, err
	}
	store, err := a.stateStore(ctx, st, func(dead state.Holder) { emit(engine.TookOver(dead)) })
	if err != nil {
		return o, err
	}
	o.Store, o.StateName = store.backend, stateName(dir, o.Workspace, store)
	o.Connect = connector{env: a.Environ, dir: dir, world: worldPath(dir, o.Workspace), held: heldBy(store.backend)}.connect
	return o, nil
}

// offlineOptions are the options of a command that needs neither state nor
// Kira.
func (a *app) offlineOptions(command string, vars varFlags, st stateFlag, emit event.Sink) (engine.Options, error) {
	dir, err := a.dir()
	if err != nil {
		return engine.Options{}, err
	}
	files, err := readVarFiles(dir, vars.args)
	if err != nil {
		return engine.Options{}, err
	}
	folder, err := a.openFiles(dir, vars.read)
	if err != nil {
		return engine.Options{}, err
	}
	policies, err := policyFolders(dir, vars.policies)
	if err != nil {
		return engine.Options{}, err
	}
	workspace, err := a.workspace(dir)
	if err != nil {
		return engine.Options{}, err
	}
	return engine.Options{
		Version:   Version,
		Workspace: workspace.name,
		FS:        folder,
		Emit:      a.carrying(emit),
		Env:       a.Environ,
		Vars:      files,
		Policies:  policies,
		Secrets:   backendSecrets(a.Environ),
		Planned:   vars.planned,
		Key:       a.keys(dir, st).Find,
		Events:    a.eventStore(dir, ""),
		RekeyLine: rekeyCommand(st),
		Holder:    a.holder(command),
	}, nil
}

func (a *app) holder(command string) state.Holder {
	who := "somebody"
	if u, err := user.Current(); err == nil {
		who = u.Username
	}
	host, err := os.Hostname()
	if err != nil {
		host = "unknown host"
	}
	return engine.NewHolder(who+"@"+host, os.Getpid(), "kiraform "+command)
}

// configFiles lists the configuration files below dir.
func configFiles(dir string, recursive bool) (files []string, err error) {
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != dir && (!recursive || strings.HasPrefix(d.Name(), ".")):
			return fs.SkipDir
		case !d.IsDir() && (strings.HasSuffix(path, ".kira.hcl") || strings.HasSuffix(path, ".kiravars.hcl") || strings.HasSuffix(path, config.TestSuffix)):
			files = append(files, path)
		}
		return nil
	})
	return files, err
}

// policyFolders opens the folders that -policies names. One without a policy would
// let everything pass.
func policyFolders(dir string, names []string) (all []config.PolicyFolder, err error) {
	for _, name := range names {
		files, err := os.ReadDir(in(dir, name))
		if err != nil || !slices.ContainsFunc(files, func(f os.DirEntry) bool { return config.IsPolicyFile(f.Name()) }) {
			return nil, usage("-policies=%s: there is no file in it whose name ends in %s", name, config.PolicySuffix)
		}
		all = append(all, config.PolicyFolder{Name: filepath.ToSlash(name), FS: os.DirFS(in(dir, name))})
	}
	return all, nil
}

// readVarFiles reads the files that -var-file names, which may lie anywhere.
func readVarFiles(dir string, args []config.VarArg) ([]config.VarArg, error) {
	args = slices.Clone(args)
	for i, a := range args {
		if a.File == "" || a.Src != nil {
			continue
		}
		src, err := readFile(in(dir, a.File))
		if err != nil {
			return nil, usage("-var-file=%s: %v", a.File, err)
		}
		args[i].Src = src
	}
	return args, nil
}
