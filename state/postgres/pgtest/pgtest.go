// Package pgtest starts a Postgres for tests: one for a process, on a free port of
// this machine and in a folder of its own, as a user without rights. Every test gets
// a database of its own in it.
//
// Debian's package postgresql is enough for it; the server that comes with that need
// not run. Where there is no Postgres, tests that need one do not run, and say so;
// with KIRAFORM_TEST_POSTGRES=required they fail.
package pgtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Password is that of the user kiraform, who owns every database.
const Password = "canary-database-password"

// server is a Postgres that runs.
type server struct {
	dir  string
	port int
	cmd  *exec.Cmd
	n    atomic.Int64 // databases made so far
}

var (
	once    sync.Once
	running *server
	failed  error
)

// errNone reports that there is no Postgres on this machine.
var errNone = errors.New("there is no Postgres on this machine: install Debian's package postgresql, or put initdb and postgres on the PATH")

// URL returns the address of an empty database.
func URL(t testing.TB) string {
	t.Helper()
	once.Do(func() { running, failed = start() })
	if errors.Is(failed, errNone) && os.Getenv("KIRAFORM_TEST_POSTGRES") != "required" {
		t.Skip("NOT RUN: " + failed.Error())
	}
	if failed != nil {
		t.Fatal(failed)
	}
	name := fmt.Sprintf("test%d", running.n.Add(1))
	Exec(t, running.url("postgres"), "create database "+name)
	return running.url(name)
}

// Exec runs a statement in a database.
func Exec(t testing.TB, url, sql string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	c, err := pgx.Connect(ctx, url)
	if err == nil {
		_, err = c.Exec(ctx, sql)
		err = errors.Join(err, c.Close(ctx))
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Rows returns the first column of each row, as text.
func Rows(t testing.TB, url, sql string) (all []string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	c, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := c.Query(ctx, sql)
	if err == nil {
		all, err = pgx.CollectRows(rows, pgx.RowTo[string])
	}
	if err := errors.Join(err, c.Close(ctx)); err != nil {
		t.Fatal(err)
	}
	return all
}

// Stop ends the server, if one was started. It is for TestMain.
func Stop() {
	if running == nil {
		return
	}
	_ = running.cmd.Process.Signal(syscall.SIGQUIT)
	_ = running.cmd.Wait()
	_ = os.RemoveAll(running.dir)
}

func (s *server) url(database string) string {
	return fmt.Sprintf("postgres://kiraform:%s@127.0.0.1:%d/%s?sslmode=disable", Password, s.port, database)
}

func start() (*server, error) {
	initdb, postgres := program("initdb"), program("postgres")
	if initdb == "" || postgres == "" {
		return nil, errNone
	}
	dir, err := os.MkdirTemp("", "kiraform-postgres")
	if err != nil {
		return nil, err
	}
	s := &server{dir: dir}
	as, err := unprivileged(dir)
	if err == nil {
		err = s.init(initdb, as)
	}
	if err == nil {
		err = s.run(postgres, as)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start a Postgres in %s: %w", dir, err), os.RemoveAll(dir))
	}
	return s, nil
}

// program finds a program of Postgres: on the PATH, or where Debian has it.
func program(name string) string {
	if path, err := exec.LookPath(name); err == nil {
		return path
	}
	all, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if len(all) == 0 {
		return ""
	}
	return slices.Max(all)
}

func (s *server) init(program string, as *syscall.SysProcAttr) error {
	word := filepath.Join(s.dir, "word")
	known, err := verifier(Password)
	if err == nil {
		err = os.WriteFile(word, []byte(known), 0o644)
	}
	if err != nil {
		return err
	}
	cmd := exec.Command(program, "--pgdata="+filepath.Join(s.dir, "data"), "--username=kiraform", "--pwfile="+word,
		"--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync")
	cmd.SysProcAttr, cmd.Dir = as, s.dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, bytes.TrimSpace(out))
	}
	return nil
}

// run starts the server, and returns once it answers.
func (s *server) run(program string, as *syscall.SysProcAttr) (err error) {
	if s.port, err = freePort(); err != nil {
		return err
	}
	s.cmd = exec.Command(program, "-D", filepath.Join(s.dir, "data"), "-p", strconv.Itoa(s.port),
		"-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "max_connections=200", "-c", "fsync=off",
		"-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "wal_level=minimal", "-c", "max_wal_senders=0", "-c", "autovacuum=off")
	var said bytes.Buffer
	dieWithUs(as)
	s.cmd.SysProcAttr, s.cmd.Dir, s.cmd.Stdout, s.cmd.Stderr = as, s.dir, &said, &said
	started := make(chan error)
	go func() {
		runtime.LockOSThread() // the server dies with the thread that started it
		started <- s.cmd.Start()
		select {}
	}()
	if err := <-started; err != nil {
		return err
	}
	for end := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		c, err := pgx.Connect(ctx, s.url("postgres"))
		if err == nil {
			err = c.Close(ctx)
		}
		cancel()
		if err == nil || time.Now().After(end) {
			return err
		}
	}
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}
