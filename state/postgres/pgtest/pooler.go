package pgtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Pooled returns the address of the database at url behind a PgBouncer of its own, which
// gives a connection to the server for one transaction only, and has few.
func Pooled(t testing.TB, url string) string {
	t.Helper()
	program, err := exec.LookPath("pgbouncer")
	if err != nil {
		program = "/usr/sbin/pgbouncer"
	}
	if _, err := os.Stat(program); err != nil {
		if os.Getenv("KIRAFORM_TEST_POSTGRES") == "required" {
			t.Fatal("there is no PgBouncer on this machine: install Debian's package pgbouncer")
		}
		t.Skip("NOT RUN: there is no PgBouncer on this machine: install Debian's package pgbouncer")
	}
	dir, port, err := poolerFiles(url)
	if err != nil {
		t.Fatal(err)
	}
	as, err := unprivileged(dir)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "-q", filepath.Join(dir, "pgbouncer.ini"))
	cmd.SysProcAttr, cmd.Dir = as, dir
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		_ = os.RemoveAll(dir)
	})
	_, database, _ := strings.Cut(url[strings.LastIndex(url, "/"):], "/")
	pooled := fmt.Sprintf("postgres://kiraform:%s@127.0.0.1:%d/%s", Password, port, database)
	for end := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		c, err := pgx.Connect(ctx, pooled)
		if err == nil {
			err = c.Close(ctx)
		}
		cancel()
		if err == nil {
			return pooled
		}
		if time.Now().After(end) {
			t.Fatal(err)
		}
	}
}

func poolerFiles(url string) (dir string, port int, err error) {
	if dir, err = os.MkdirTemp("", "kiraform-pgbouncer"); err != nil {
		return "", 0, err
	}
	if port, err = freePort(); err != nil {
		return "", 0, err
	}
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return "", 0, err
	}
	ini := fmt.Sprintf("[databases]\n* = host=127.0.0.1 port=%d user=kiraform password=%s\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = %d\n"+
		"unix_socket_dir =\nauth_type = plain\nauth_file = %s\npool_mode = transaction\ndefault_pool_size = 3\n", config.Port, Password, port, filepath.Join(dir, "users"))
	return dir, port, errors.Join(
		os.WriteFile(filepath.Join(dir, "pgbouncer.ini"), []byte(ini), 0o644),
		os.WriteFile(filepath.Join(dir, "users"), fmt.Appendf(nil, "\"kiraform\" %q\n", Password), 0o644))
}
