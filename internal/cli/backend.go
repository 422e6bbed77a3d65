package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"kiraform/internal/config"
	"kiraform/internal/disk"
	"kiraform/state"
	"kiraform/state/postgres"
)

// databaseVariable is the environment variable that has the address of the Postgres.
const databaseVariable = "KIRAFORM_DATABASE_URL"

// shelf keeps the states of a configuration, one for each workspace.
type shelf interface {
	names(ctx context.Context) ([]string, error) // the default one first
	room(ctx context.Context, name string) error // makes a workspace
	open(name string, tookOver ...func(dead state.Holder)) kept
	remove(ctx context.Context, name string) error // with all that it holds; its lock is held
}

// chosen is a backend as it was chosen last in a folder, which is remembered there: a
// state must not be taken for missing because a block was left out.
type chosen struct {
	Type      string `json:"type"`
	Workspace string `json:"workspace"`
	Address   string `json:"address"` // without who signs in
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
		return a.database(dir, m, b)
	case was != nil && m.Broken:
		return nil, fmt.Errorf("the configuration cannot be read, so it does not say where the state is. Until now it was in the Postgres at %s. "+
			"\"kiraform validate\" lists the mistakes", was.Address)
	case was != nil:
		return nil, fmt.Errorf("the state is in the Postgres at %s, and the configuration has no backend block any more. Write it again; "+
			"or, to keep the state in a file from now on: kiraform init -migrate-state", was.Address)
	}
	return beside{a, dir}, nil
}

// database is the shelf in a Postgres. It connects to nothing.
func (a *app) database(dir string, m *config.Module, b *config.Backend) (*database, error) {
	server, err := a.server()
	if err != nil {
		return nil, err
	}
	if !server.Loopback() && a.Environ["KIRAFORM_KEY"] == "" && (m.Kiraform.Encryption == nil || len(m.Kiraform.Encryption.Recipients) == 0) {
		return nil, errors.New("a state that others can reach needs a key that all who work on it share, and that is not beside it: " +
			"set KIRAFORM_KEY, or write an encryption block")
	}
	return &database{app: a, dir: dir, server: server, block: b}, nil
}

func (a *app) server() (*postgres.Server, error) {
	address := a.Environ[databaseVariable]
	if address == "" {
		return nil, fmt.Errorf("the state is kept in a Postgres, and %s is not set. Set it to an address such as postgres://host:5432/database, with the name and password in it or in PGUSER and PGPASSWORD", databaseVariable)
	}
	return postgres.Open(address)
}

// database keeps the states of a configuration in a Postgres. That of the workspace
// default has the name that the backend block says, the others that and their own.
type database struct {
	*app
	dir    string
	server *postgres.Server
	block  *config.Backend
}

func (d *database) name(workspace string) string {
	if workspace == defaultWorkspace {
		return d.block.Workspace
	}
	return d.block.Workspace + "/" + workspace
}

func (d *database) names(ctx context.Context) ([]string, error) {
	all, err := d.server.Workspaces(ctx)
	names := []string{defaultWorkspace}
	for _, name := range all {
		if own, ours := strings.CutPrefix(name, d.block.Workspace+"/"); ours {
			names = append(names, own)
		}
	}
	return names, err
}

func (d *database) room(ctx context.Context, name string) error {
	return d.server.Make(ctx, d.name(name))
}

func (d *database) open(name string, tookOver ...func(dead state.Holder)) kept {
	s := d.store(name)
	s.TookOver = eachOf(tookOver)
	return kept{backend: s, name: s.Name + " in Postgres"}
}

func (d *database) store(name string) *postgres.Store {
	s := d.server.Store(d.name(name))
	s.Version, s.Identity, s.Lease = Version, d.identity(), d.block.Lease
	s.Aside = filepath.Join(d.dir, ".kiraform", "answers-"+time.Now().UTC().Format("20060102T150405.000")+".jsonl")
	return s
}

func (d *database) remove(ctx context.Context, name string) error {
	return d.server.Remove(ctx, d.name(name))
}

// sharedStates are the states of a configuration in its Postgres, as far as their key
// is shared.
func (a *app) sharedStates(dir string) (all []state.Sharer, err error) {
	m, b, err := a.written(dir)
	if err != nil || b == nil {
		return nil, err
	}
	d, err := a.database(dir, m, b)
	if err != nil {
		return nil, err
	}
	ctx := context.Background()
	names, err := d.names(ctx)
	for _, name := range names {
		all = append(all, state.Sharer{Name: d.name(name) + " in Postgres", KeyID: func() (string, error) {
			s, err := d.store(name).Load(ctx)
			if s == nil {
				return "", err
			}
			return s.KeyID, err
		}})
	}
	return all, err
}

// stays refuses to go on while the state of a workspace is still in a file.
func (d *database) stays(name string) error {
	path := statePath(d.dir, name)
	if _, err := os.Stat(path); err != nil {
		return nil
	}
	return fmt.Errorf("the configuration keeps the state in a Postgres, and there is one in %s. To bring it there: kiraform init -migrate-state", path)
}

// heldBy asks a store whose lock may end by itself whether it is still held.
func heldBy(s state.Store) func(context.Context) error {
	if leased, ok := s.(state.Leased); ok {
		return leased.Held
	}
	return nil
}

// databaseSecrets are the passwords of the database, as far as there are some.
func databaseSecrets(env map[string]string) (secrets []string) {
	if u, err := url.Parse(env[databaseVariable]); err == nil && u.User != nil {
		if word, set := u.User.Password(); set {
			secrets = append(secrets, word)
		}
	}
	if word := env["PGPASSWORD"]; word != "" {
		secrets = append(secrets, word)
	}
	return secrets
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

func (f beside) remove(_ context.Context, name string) error {
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
