package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"kiraform/internal/config"
	"kiraform/internal/disk"
	"kiraform/state"
)

// shelf keeps the states of a configuration, one for each workspace.
type shelf interface {
	names(ctx context.Context) ([]string, error) // the default one first
	room(ctx context.Context, name string) error // makes a workspace
	open(name string, tookOver ...func(dead state.Holder)) kept
	remove(ctx context.Context, name string, held kept) error // with all that it holds; held has its lock
}

// remote is a shelf that a backend block names, where others may reach the states.
type remote interface {
	shelf
	at() string  // its address, without who signs in
	alone() bool // only this machine reaches it

	// holds reports whether there is a state of a workspace, kept for the configurations
	// whose backend block has that name for it.
	holds(ctx context.Context, block, workspace string) (bool, error)
}

// backendKind is a kind of remote.
type backendKind struct {
	noun     string // such as "Postgres"
	variable string // the environment variable that has its address

	// open returns the remote that a block in the folder dir names. It connects to nothing.
	open func(a *app, dir string, b *config.Backend) (remote, error)

	// secrets lists the passwords in the environment.
	secrets func(env map[string]string) []string
}

// backends are the kinds, by the label of their block. [config.Backends] has the same.
var backends = map[string]backendKind{
	"postgres": {"Postgres", databaseVariable, inPostgres, databaseSecrets},
}

// backendSecrets lists the passwords of all backends in the environment.
func backendSecrets(env map[string]string) (all []string) {
	for _, name := range slices.Sorted(maps.Keys(backends)) {
		all = append(all, backends[name].secrets(env)...)
	}
	return all
}

// chosen is a backend as it was chosen last in a folder, which is remembered there: a
// state must not be taken for missing because a block was left out.
type chosen struct {
	Type      string `json:"type"`
	Workspace string `json:"workspace"`
	Address   string `json:"address"` // without who signs in
}

func chose(b *config.Backend, r remote) *chosen { return &chosen{b.Type, b.Workspace, r.at()} }

// String names the place, such as "the Postgres at db.example.com:5432/kira".
func (c *chosen) String() string {
	return fmt.Sprintf("the %s at %s", backends[c.Type].noun, c.Address)
}

func chosenPath(dir string) string { return filepath.Join(dir, ".kiraform", "backend") }

func readChosen(dir string) (*chosen, error) {
	data, err := os.ReadFile(chosenPath(dir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var c chosen
	if err == nil {
		err = json.Unmarshal(data, &c)
	}
	if err != nil {
		return nil, fmt.Errorf("read which backend the state is in: %s: %w", chosenPath(dir), err)
	}
	if _, known := backends[c.Type]; !known {
		return nil, fmt.Errorf("the state is in a backend of type %q, says %s, which this kiraform does not know. Use a newer one", c.Type, chosenPath(dir))
	}
	return &c, nil
}

// writeChosen remembers a backend; nil means that states are in files again.
func writeChosen(dir string, c *chosen) error {
	if c == nil {
		if err := os.Remove(chosenPath(dir)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	data, err := json.Marshal(c)
	if err != nil {
		return err
	}
	if was, err := os.ReadFile(chosenPath(dir)); err == nil && bytes.Equal(was, data) {
		return nil
	}
	if err := disk.MakeFolder(filepath.Dir(chosenPath(dir))); err != nil {
		return err
	}
	return disk.WriteFile(chosenPath(dir), data)
}

// written returns the backend block of the configuration; nil if there is none.
func (a *app) written(dir string) (*config.Module, *config.Backend, error) {
	folder, err := a.openFiles(dir, nil)
	if err != nil {
		return nil, nil, err
	}
	m, _ := config.Load(folder) // mistakes in it are for other commands
	if m.Kiraform == nil {
		return m, nil, nil
	}
	return m, m.Kiraform.Backend, nil
}

// shelf finds where the states of a configuration are kept.
func (a *app) shelf(dir string) (shelf, error) {
	m, b, err := a.written(dir)
	if err != nil {
		return nil, err
	}
	was, err := readChosen(dir)
	switch {
	case err != nil:
		return nil, err
	case b != nil:
		return a.remote(dir, m, b)
	case was != nil && m.Broken:
		return nil, fmt.Errorf("the configuration cannot be read, so it does not say where the state is. Until now it was in %s. "+
			"\"kiraform validate\" lists the mistakes", was)
	case was != nil:
		return nil, fmt.Errorf("the state is in %s, and the configuration has no backend block any more. Write it again; "+
			"or, to keep the state in a file from now on: kiraform init -migrate-state", was)
	}
	return beside{a, dir}, nil
}

// remote opens the remote that the backend block of a configuration names.
func (a *app) remote(dir string, m *config.Module, b *config.Backend) (remote, error) {
	r, err := backends[b.Type].open(a, dir, b)
	if err != nil {
		return nil, err
	}
	if !r.alone() && a.Environ["KIRAFORM_KEY"] == "" && (m.Kiraform.Encryption == nil || len(m.Kiraform.Encryption.Recipients) == 0) {
		return nil, errors.New("a state that others can reach needs a key that all who work on it share, and that is not beside it: " +
			"set KIRAFORM_KEY, or write an encryption block")
	}
	return r, nil
}

// sharedStates are the states of a configuration where its backend block says, as
// far as their key is shared.
func (a *app) sharedStates(dir string) (all []state.Sharer, err error) {
	m, b, err := a.written(dir)
	if err != nil || b == nil {
		return nil, err
	}
	r, err := a.remote(dir, m, b)
	if err != nil {
		return nil, err
	}
	ctx := context.Background()
	names, err := r.names(ctx)
	for _, name := range names {
		store := r.open(name)
		all = append(all, state.Sharer{Name: store.name, KeyID: func() (string, error) {
			s, err := store.Load(ctx)
			if s == nil {
				return "", err
			}
			return s.KeyID, err
		}})
	}
	return all, err
}

// remember notes that the state of a workspace is kept in r from now on.
func (a *app) remember(ctx context.Context, dir, workspace string, r remote) error {
	_, b, err := a.written(dir)
	if err != nil {
		return err
	}
	if err := stays(dir, workspace, b); err != nil {
		return err
	}
	now := chose(b, r)
	if err := goesOn(ctx, dir, workspace, r, now); err != nil {
		return err
	}
	return writeChosen(dir, now)
}

// goesOn refuses to begin an empty state at another place than that of before, in
// which all that exists would be made once more: a name or an address was edited, or
// the address of another database is set.
func goesOn(ctx context.Context, dir, workspace string, r remote, now *chosen) error {
	was, err := readChosen(dir)
	if err != nil || was == nil || *was == *now {
		return err
	}
	there, err := r.holds(ctx, now.Workspace, workspace)
	if err != nil || there {
		return err
	}
	if was.Type == now.Type && was.Address == now.Address {
		if left, err := r.holds(ctx, was.Workspace, workspace); err != nil || !left {
			return err
		}
	}
	return fmt.Errorf("the state is in %s, as %s, and the configuration and %s name %s, as %s, where there is none. "+
		"Nothing was done. Set them to the first one again; to move the state, bring it into a file from there: take the backend block away, "+
		"and run \"kiraform init -migrate-state\". To begin an empty state, delete %s",
		was, was.Workspace, backends[now.Type].variable, now, now.Workspace, chosenPath(dir))
}

// stays refuses to go on while the state of a workspace is still in a file.
func stays(dir, workspace string, b *config.Backend) error {
	path := statePath(dir, workspace)
	if _, err := os.Stat(path); err != nil {
		return nil
	}
	return fmt.Errorf("the configuration keeps the state in a %s, and there is one in %s. To bring it there: kiraform init -migrate-state", backends[b.Type].noun, path)
}

// heldBy asks a store whose lock may end by itself whether it is still held.
func heldBy(s state.Store) func(context.Context) error {
	if leased, ok := s.(state.Leased); ok {
		return leased.Held
	}
	return nil
}

// beside keeps the states of a configuration beside it.
type beside struct {
	*app
	dir string
}

func (f beside) names(context.Context) ([]string, error) { return workspaces(f.dir) }

func (f beside) room(_ context.Context, name string) error {
	return os.MkdirAll(filepath.Dir(statePath(f.dir, name)), 0o700)
}

func (f beside) open(name string, tookOver ...func(dead state.Holder)) kept {
	return f.stored(statePath(f.dir, name), tookOver...)
}

func (f beside) remove(_ context.Context, name string, _ kept) error {
	return os.RemoveAll(filepath.Dir(statePath(f.dir, name)))
}

// known returns an error unless there is a workspace of that name.
func known(ctx context.Context, s shelf, name string) error {
	if name == defaultWorkspace {
		return nil
	}
	all, err := s.names(ctx)
	if err != nil || slices.Contains(all, name) {
		return err
	}
	return unknownWorkspace(name, all)
}
