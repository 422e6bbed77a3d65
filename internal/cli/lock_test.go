package cli_test

import (
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"kiraform/state"
	"kiraform/state/file"
)

const pin = `provider "kira" {
  environment = "simulator"
}
resource "kira_version_pin" "p" {
  target_version = "2026-04-14"
}
`

// holds takes the lock of the folder's state as another run.
func (f *folder) holds(who state.Holder) (unlock func() error) {
	f.t.Helper()
	unlock, err := file.Store{Path: f.path("kiraform.state.json")}.Lock(f.t.Context(), who)
	if err != nil {
		f.t.Fatal(err)
	}
	return unlock
}

var luis = state.Holder{ID: "run-1", Who: "luis@acme", PID: 7, Command: "kiraform apply", Since: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}

func TestOfTwoApplies(t *testing.T) {
	t.Run("the second says who is at work", func(t *testing.T) {
		f := newFolder(t, map[string]string{"main.kira.hcl": pin})
		defer f.holds(luis)()
		says(t, f.must(1, "apply", "-auto-approve"), "locked by luis@acme (kiraform apply, process 7)", "force-unlock run-1")
		says(t, f.must(1, "destroy", "-auto-approve"), "locked by luis@acme")
		says(t, f.must(1, "plan"), "locked by luis@acme")
	})
	t.Run("the second waits with -lock-timeout and goes on when the first has ended", func(t *testing.T) {
		f := newFolder(t, map[string]string{"main.kira.hcl": pin})
		unlock := f.holds(luis)
		f.hears = func(said string) {
			if strings.Contains(said, "Waiting for another run") {
				_ = unlock() // which does something once only
			}
		}
		says(t, f.must(0, "apply", "-auto-approve", "-lock-timeout=1h"), "Waiting for another run", "1 added")
	})
	t.Run("the second gives up when the time is over", func(t *testing.T) {
		f := newFolder(t, map[string]string{"main.kira.hcl": pin})
		defer f.holds(luis)()
		says(t, f.must(1, "apply", "-auto-approve", "-lock-timeout=10ms"), "Waiting for another run", "locked by luis@acme")
	})
	t.Run("the second gives up when it is interrupted", func(t *testing.T) {
		f := newFolder(t, map[string]string{"main.kira.hcl": pin})
		defer f.holds(luis)()
		f.interrupts = make(chan os.Signal, 1)
		once := sync.OnceFunc(func() { f.interrupts <- os.Interrupt })
		f.hears = func(said string) {
			if strings.Contains(said, "Waiting for another run") {
				once()
			}
		}
		said := f.must(1, "apply", "-auto-approve", "-lock-timeout=1h")
		says(t, said, "locked by luis@acme", "Interrupted", "interrupted, and nothing was changed")
		if strings.Contains(said, "context canceled") {
			t.Errorf("it speaks of a context:\n%s", said)
		}
	})
	t.Run("the message has the line that waits, with all that was typed", func(t *testing.T) {
		f := newFolder(t, map[string]string{"main.kira.hcl": pin + "variable \"v\" {\n  default = 1\n}\n"})
		defer f.holds(luis)()
		for line, want := range map[string]string{
			"plan": "kiraform plan -lock-timeout=5m",
			"plan -out=a.plan -var=v=1234 -target=kira_version_pin.* -refresh=false": "kiraform plan -out=a.plan -refresh=false -target='kira_version_pin.*' -var=v -lock-timeout=5m",
			"apply -auto-approve -lock-timeout=1ms -wait=15m":                        "kiraform apply -auto-approve -wait=15m -lock-timeout=5m",
			"destroy -auto-approve":                   "kiraform destroy -auto-approve -lock-timeout=5m",
			"refresh -auto-approve":                   "kiraform refresh -auto-approve -lock-timeout=5m",
			"import kira_version_pin.this 2026-04-14": "kiraform import -lock-timeout=5m kira_version_pin.this 2026-04-14",
		} {
			r := f.run(strings.Fields(line)...)
			if _, next, _ := strings.Cut(r.err, "\n\nTo wait for it:\n  "); next != want+"\n" {
				t.Errorf("%s: it says\n%s\nwant the line\n%s", line, r.err, want)
			}
		}
		for _, line := range []string{"readiness", "force-unlock -force run-2"} { // which cannot wait
			if said := f.must(1, strings.Fields(line)...); strings.Contains(said, "-lock-timeout") {
				t.Errorf("%s proposes a flag that it has not:\n%s", line, said)
			}
		}
	})
	t.Run("with -lock=false there is no lock", func(t *testing.T) {
		f := newFolder(t, map[string]string{"main.kira.hcl": pin})
		defer f.holds(luis)()
		f.must(0, "plan", "-lock=false")
	})
	t.Run("a timeout below zero is a mistake", func(t *testing.T) {
		says(t, newFolder(t, nil).must(64, "apply", "-lock-timeout=-1s"), "must not be negative")
	})
}

func TestALockThatADeadRunLeft(t *testing.T) {
	f := newFolder(t, map[string]string{"main.kira.hcl": pin,
		"kiraform.state.json.lock": "", "kiraform.state.json.lock.info": `{"id": "run-0", "who": "luis@acme", "pid": 7, "command": "kiraform apply"}`})
	says(t, f.must(0, "lock", "status"), "not locked", "luis@acme", "the next run takes it over")
	says(t, f.must(0, "apply", "-auto-approve"), "The last run died", "left behind by luis@acme (kiraform apply, process 7)")
	if got := f.must(0, "lock", "status"); got != "The state is not locked." {
		t.Errorf("after a run that ended well: %s", got)
	}
}

func TestForceUnlock(t *testing.T) {
	f := newFolder(t, map[string]string{"main.kira.hcl": pin})
	says(t, f.must(1, "force-unlock", "-force", "run-1"), "not locked")
	f.stdin = "yes\n"
	if said := f.must(1, "force-unlock", "run-1"); strings.Contains(said, "gone for certain") {
		t.Errorf("asked about a lock that nobody holds: %s", said)
	}
	f.holds(luis)
	says(t, f.must(0, "lock", "status"), "locked by luis@acme", "run-1")
	says(t, f.must(1, "force-unlock", "-force", "run-2"), "held by run run-1, not run-2")
	if said := f.must(1, "force-unlock", "run-2"); strings.Contains(said, "gone for certain") || !strings.Contains(said, "held by run run-1, not run-2") {
		t.Errorf("asked about another run's lock: %s", said)
	}
	f.stdin = ""
	says(t, f.must(1, "force-unlock", "run-1"), "Is that run gone", "cancelled")
	f.stdin = "yes\n"
	says(t, f.must(0, "force-unlock", "run-1"), "taken away")
	f.must(0, "apply", "-auto-approve")
}
