package simulator_test

import (
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"kiraform/internal/simulator"
)

// brief, "user.verification.failed": a webhook comes when its time has come, and
// does not wait for somebody to ask.
func TestWebhooksComeByThemselves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		box := &mailbox{}
		c := dial(t, &simulator.Server{VerifyAfter: 3 * time.Second, ActivateAfter: 2 * time.Second, Deliver: box.deliver})
		c.register()
		wait := func(d time.Duration, want string) {
			t.Helper()
			box.empty()
			time.Sleep(d)
			synctest.Wait()
			if got := box.events(); got != want {
				t.Errorf("events in %v are %q, want %q", d, got, want)
			}
		}
		id := c.user(maria)
		wait(time.Second, "user.status_changed=VERIFYING")
		wait(2*time.Second, "user.status_changed=REVIEW user.status_changed=VERIFIED user.verification.accepted")
		c.user(but(maria, doc{"email": "m@example.com", "source_of_funds": nil}))
		wait(3*time.Second, "user.status_changed=VERIFYING user.status_changed=REJECTED user.verification.failed")
		c.send("POST", accounts, actAccount(id)).wantStatus(201)
		wait(2*time.Second, "virtual_account.activated")
		wait(time.Hour, "")
	})
}

// A world that is opened again goes on where it was, and a server that is closed
// does nothing more.
func TestAWorldGoesOnByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		name, box := filepath.Join(t.TempDir(), "world.json"), &mailbox{}
		first := &simulator.Server{World: name, VerifyAfter: time.Minute, Deliver: box.deliver}
		c := dial(t, first)
		c.register()
		c.user(maria)
		if err := first.Close(); err != nil {
			t.Fatal(err)
		}
		box.empty()
		time.Sleep(time.Hour)
		if got := box.events(); got != "" {
			t.Errorf("after Close came %s", got)
		}
		second := &simulator.Server{World: name, VerifyAfter: time.Minute, Deliver: box.deliver}
		if err := second.Open(); err != nil {
			t.Fatal(err)
		}
		defer second.Close()
		time.Sleep(time.Second)
		synctest.Wait()
		if got := box.events(); got != "user.status_changed=VERIFYING user.status_changed=REVIEW user.status_changed=VERIFIED user.verification.accepted" {
			t.Errorf("after Open came %s", got)
		}
		if third := (&simulator.Server{World: name}).Users(); third[0]["status"] != "VERIFIED" {
			t.Errorf("the file has %v", third[0]["status"])
		}
	})
}
