package file_test

import (
	"bufio"
	"errors"
	"io"
	"os"
	"os/exec"
	"testing"

	"kiraform/state"
	"kiraform/state/file"
)

// holdPath, in the environment, makes this test binary a run that holds the
// lock of the state there until its input ends.
const holdPath = "KIRAFORM_TEST_HOLD"

func TestHoldsALockForAnotherTest(t *testing.T) {
	path := os.Getenv(holdPath)
	if path == "" {
		return // it is only for the process that another test starts
	}
	if _, err := (file.Store{Path: path}).Lock(t.Context(), maria); err != nil {
		t.Fatal(err)
	}
	os.Stdout.WriteString("held\n")
	io.Copy(io.Discard, os.Stdin)
}

func TestTheLockOfAKilledProcessIsTakenOverWithANote(t *testing.T) {
	f := newFile(t)
	cmd := exec.Command(os.Args[0], "-test.run=^TestHoldsALockForAnotherTest$")
	cmd.Env = append(os.Environ(), holdPath+"="+f.Path)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer stdin.Close()
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(stdout).ReadString('\n'); line != "held\n" {
		t.Fatalf("the other process says %q, %v", line, err)
	}

	luis := state.Holder{ID: "run-2", Who: "luis@acme"}
	_, err = f.Lock(t.Context(), luis)
	if e, ok := errors.AsType[*state.LockedError](err); !ok || e.Holder != maria {
		t.Fatalf("while the other process lives: %v, want that maria holds the lock", err)
	}
	if s, err := f.LockStatus(t.Context()); err != nil || s != (state.LockStatus{Held: true, Holder: maria}) {
		t.Errorf("status while it lives: %+v, %v", s, err)
	}

	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	if s, err := f.LockStatus(t.Context()); err != nil || s != (state.LockStatus{Holder: maria}) {
		t.Errorf("status once it is dead: %+v, %v", s, err)
	}
	var dead []state.Holder
	f.TookOver = func(h state.Holder) { dead = append(dead, h) }
	unlock, err := f.Lock(t.Context(), luis)
	if err != nil {
		t.Fatal(err)
	}
	if len(dead) != 1 || dead[0] != maria {
		t.Errorf("told of %v, want of maria", dead)
	}
	if err := unlock(); err != nil {
		t.Error(err)
	}
	if s, err := f.LockStatus(t.Context()); err != nil || s != (state.LockStatus{}) {
		t.Errorf("status at the end: %+v, %v", s, err)
	}
	if unlock, err = f.Lock(t.Context(), luis); err != nil || len(dead) != 1 {
		t.Errorf("after a run that ended well, told of %v, %v", dead, err)
	}
	_ = unlock()
}
