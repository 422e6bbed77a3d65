package cli_test

import (
	"bufio"
	"context"
	"io"
	"os"
	"strings"
	"testing"

	"kiraform/internal/cli"
)

// serving runs "kiraform simulator" and returns its base address. It ends when
// stop is called, or the test.
func serving(t *testing.T, dir string, args ...string) (base string, stop func()) {
	t.Helper()
	said, out := io.Pipe()
	interrupts := make(chan os.Signal, 1)
	ended := make(chan int, 1)
	go func() {
		ended <- cli.Main(context.WithoutCancel(t.Context()), cli.Env{
			Args: append([]string{"simulator", "-listen", "127.0.0.1:0"}, args...), Dir: dir,
			Stdout: out, Stderr: io.Discard, Interrupts: interrupts,
		})
		out.Close()
	}()
	lines := bufio.NewScanner(said)
	lines.Scan()
	_, rest, _ := strings.Cut(lines.Text(), "listens on ")
	base, _, found := strings.Cut(rest, "/sandbox")
	if !found {
		t.Fatalf("the first line is %q, want it to tell the address", lines.Text())
	}
	go io.Copy(io.Discard, said)
	over := false
	stop = func() {
		if !over {
			over = true
			interrupts <- os.Interrupt
			<-ended
		}
	}
	t.Cleanup(stop)
	return base + "/sandbox", stop
}

// printed gives f the credentials that "kiraform simulator" prints.
func printed(f *folder) {
	f.environ["KIRA_API_KEY"], f.environ["KIRA_PASSWORD"] = "no-secret-key", "no-secret-password"
}

// TestAServedSimulatorAsksForItsCredentials holds that wrong ones are refused as
// Kira refuses them (documented.md 1.4), so that they can be rehearsed.
func TestAServedSimulatorAsksForItsCredentials(t *testing.T) {
	f, _ := served(t, driftConfig)
	f.environ["KIRA_BASE_URL"], _ = serving(t, f.dir)
	for _, test := range []struct{ name, value, want string }{
		{"KIRA_API_KEY", "other", "403"},
		{"KIRA_PASSWORD", "other", "401"},
	} {
		printed(f)
		right := f.environ[test.name]
		f.environ[test.name] = test.value
		says(t, f.must(1, "apply", "-auto-approve"), test.want)
		f.environ[test.name] = right
	}
	says(t, f.must(0, "apply", "-auto-approve"), "1 added")
}

// TestAServedWorldAtAnotherPort holds that a simulator which came up at another
// port is another place, that state rebind takes the state to the same world
// there, and simulator reset to a new one.
func TestAServedWorldAtAnotherPort(t *testing.T) {
	f, _ := served(t, driftConfig)
	printed(f)
	world := f.path("world.json")
	var stop func()
	f.environ["KIRA_BASE_URL"], stop = serving(t, f.dir, "-world", world)
	f.must(0, "apply", "-auto-approve")
	f.must(0, "plan", "-out=saved.kiraplan", "-replace=kira_user.maria")
	stop()

	f.environ["KIRA_BASE_URL"], stop = serving(t, f.dir, "-world", world)
	says(t, f.must(1, "apply", "-auto-approve"), "The state is of another place", "The address is another one",
		"kiraform state rebind", "kiraform simulator reset")
	says(t, f.must(4, "apply", "saved.kiraplan"), "of another place")
	says(t, f.must(0, "state", "rebind", "-auto-approve"), "The state is of Kira's sandbox at "+f.environ["KIRA_BASE_URL"])
	f.must(0, "plan", "-detailed-exitcode")
	says(t, f.must(4, "apply", "saved.kiraplan"), "The saved plan is for another place")
	stop()

	f.environ["KIRA_BASE_URL"], stop = serving(t, f.dir)
	defer stop()
	says(t, f.must(1, "state", "rebind", "-auto-approve"), "of 1 object that Kira can show, 1 cannot be found at")
	says(t, f.must(0, "simulator", "reset"), "is left as it is", "The state is empty")
	says(t, f.must(0, "apply", "-auto-approve"), "1 added")
	f.must(0, "plan", "-detailed-exitcode")
}
