package cli

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"kiraform/internal/config"
	"kiraform/state"
	"kiraform/state/postgres"
)

// databaseVariable is the environment variable that has the address of the Postgres.
const databaseVariable = "KIRAFORM_DATABASE_URL"

// inPostgres opens the states of a configuration in a Postgres. It connects to nothing.
func inPostgres(a *app, dir string, b *config.Backend) (remote, error) {
	address := a.Environ[databaseVariable]
	if address == "" {
		return nil, fmt.Errorf("the state is kept in a Postgres, and %s is not set. Set it to an address such as postgres://host:5432/database, with the name and password in it or in PGUSER and PGPASSWORD", databaseVariable)
	}
	server, err := postgres.Open(address)
	if err != nil {
		return nil, err
	}
	return &database{app: a, dir: dir, server: server, block: b}, nil
}

// database keeps the states of a configuration in a Postgres. That of the workspace
// default has the name that the backend block says, the others that and their own.
type database struct {
	*app
	dir    string
	server *postgres.Server
	block  *config.Backend
}

func (d *database) name(workspace string) string { return nameFor(d.block.Workspace, workspace) }

// nameFor is the name of the state of a workspace for backend blocks with that name.
func nameFor(block, workspace string) string {
	if workspace == defaultWorkspace {
		return block
	}
	return block + "/" + workspace
}

func (d *database) holds(ctx context.Context, block, workspace string) (bool, error) {
	return d.server.Holds(ctx, nameFor(block, workspace))
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
	s := d.server.Store(d.name(name))
	s.Version, s.Identity, s.Lease, s.TookOver = Version, d.identity(), d.block.Lease, eachOf(tookOver)
	s.Aside = filepath.Join(d.dir, ".kiraform", "answers-"+time.Now().UTC().Format("20060102T150405.000")+".jsonl")
	return kept{backend: s, name: s.Name + " in Postgres", at: d.at()}
}

func (d *database) remove(ctx context.Context, _ string, held kept) error {
	return held.backend.(*postgres.Store).Remove(ctx)
}

func (d *database) at() string { return d.server.Address() }

func (d *database) alone() bool { return d.server.Loopback() }

// databaseSecrets are the passwords of the database, as far as there are some.
func databaseSecrets(env map[string]string) (secrets []string) {
	secrets = postgres.Passwords(env[databaseVariable])
	if word := env["PGPASSWORD"]; word != "" {
		secrets = append(secrets, word)
	}
	return secrets
}
