package cli_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"kiraform/internal/simulator"
)

// certifying is a folder for the sandbox, at a Kira that may need people.
func certifying(t *testing.T, sim *simulator.Server, more string) *folder {
	f := newFolder(t, map[string]string{"main.kira.hcl": "provider \"kira\" {\n  environment = \"sandbox\"\n}\n" + more})
	f.serve(sim, nil)
	f.environ["KIRA_API_KEY"], f.environ["KIRA_CLIENT_ID"], f.environ["KIRA_PASSWORD"] = apiKey, clientID, password
	return f
}

func alone() *simulator.Server {
	return &simulator.Server{VerifyAfter: -1, ActivateAfter: -1, PayoutAfter: -1}
}

func TestCertify(t *testing.T) {
	f := certifying(t, alone(), "")
	f.stdin = "no\n"
	says(t, f.must(1, "certify"), "up to 6 objects stay there for ever: 2 users, 1 account, 1 recipient, 1 simulated deposit, 1 payout", "cancelled, and nothing was sent")
	if _, err := os.Stat(f.path("certification")); err == nil {
		t.Error("a folder was made")
	}
	f.stdin = "yes\n"
	says(t, f.must(0, "certify", "-email-domain=example.org"), "1 passed Acquire token", "15 passed, 0 failed", "The pack is in certification")
	if text := f.read("certification/evidence.json"); strings.Contains(text, apiKey) || !strings.Contains(text, `"kiraform"`) {
		t.Error("evidence.json is not what it is to be")
	}
	says(t, f.must(1, "certify", "-auto-approve"), "is there already", "-resume")
	var r struct{ Items []struct{ Status string } }
	if out := f.run("certify", "-resume", "-auto-approve", "-json"); out.code != 0 || json.Unmarshal([]byte(out.out), &r) != nil || len(r.Items) != 15 {
		t.Errorf("certify -json: %d, %s%s", out.code, out.out, out.err)
	}
	for _, args := range [][]string{{"-item=16"}, {"-json"}, {"-webhook-url=nowhere"}, {"-wait=-1s"}, {"-email-domain=a@b"}, {"here"}} {
		f.must(64, append([]string{"certify", "-out=other"}, args...)...)
	}
	says(t, f.must(1, "certify", "-resume", "-out=other", "-auto-approve"), "no run to go on with")
}

// An item that waits for Kira is written as a message to send there, and is taken
// up again.
func TestCertifyWaitsForKira(t *testing.T) {
	sim := &simulator.Server{PayoutAfter: -1}
	f := certifying(t, sim, "")
	said := f.must(3, "certify", "-auto-approve", "-out=pack")
	says(t, said, "needs-kira Read a VERIFIED user", "To write to your Kira contact:", "Subject: production readiness checklist",
		"to VERIFIED", "kiraform certify -resume -out=pack")
	var user string
	for _, r := range sim.Requests() {
		if id, is := strings.CutPrefix(r.Path, "/v1/users/"); is && strings.Contains(said, id) {
			user = id
		}
	}
	if err := sim.SetUserStatus(user, "VERIFIED"); err != nil {
		t.Fatal(err)
	}
	says(t, f.must(3, "certify", "-auto-approve", "-out=pack", "-resume"), "passed Read a VERIFIED user", "please activate the sandbox virtual account")
	for _, r := range sim.Requests() {
		if id, is := strings.CutPrefix(r.Path, "/v1/virtual-accounts/"); is {
			_ = sim.ActivateAccount(id)
		}
	}
	says(t, f.must(0, "certify", "-auto-approve", "-out=pack", "-resume"), "15 passed")
}

// One that fails makes the run fail, and holds up those alone that need it.
func TestCertifyFails(t *testing.T) {
	sim := alone()
	sim.Balance = "1.00"
	f := certifying(t, sim, "")
	says(t, f.must(1, "certify", "-auto-approve"), "failed Preview a payout", "Insufficient balance", "13 passed, 1 failed")
	f.must(0, "certify", "-auto-approve", "-out=one", "-item=9")
}

// Users, accounts and the registration of the configuration are used.
func TestCertifyUsesTheConfiguration(t *testing.T) {
	person, err := os.ReadFile("testdata/people/maria.kira.hcl")
	if err != nil {
		t.Fatal(err)
	}
	sim := alone()
	f := certifying(t, sim, string(person)+`
resource "kira_virtual_account" "usd" {
  user_id  = kira_user.maria.id
  type     = "US_BANK"
  provider = "act"
  mode     = "fiat"
}
`)
	f.must(0, "apply", "-auto-approve")
	says(t, f.must(0, "certify", "-auto-approve"), "up to 4 objects stay there for ever: 1 user, 1 recipient, 1 simulated deposit, 1 payout", "15 passed")
	says(t, f.read("certification/report.md"), "kira_user.maria of the configuration", "kira_virtual_account.usd of the configuration")
	says(t, f.must(0, "plan"), "No changes")
}

// The embedded simulator shows all of it, too; production is no place for it.
func TestWhereToCertify(t *testing.T) {
	t.Parallel()
	f := newFolder(t, map[string]string{"main.kira.hcl": `
provider "kira" {
  environment = "simulator"
  simulator {
    verify_after   = "1ms"
    activate_after = "1ms"
  }
}
`})
	says(t, f.must(0, "certify", "-auto-approve", "-wait=20s"), "15 passed")
	f.write("main.kira.hcl", "provider \"kira\" {\n  environment = \"production\"\n}\n")
	f.environ["KIRA_API_KEY"], f.environ["KIRA_CLIENT_ID"], f.environ["KIRA_PASSWORD"] = apiKey, clientID, password
	says(t, f.must(1, "certify", "-auto-approve", "-state=other.json"), "this is production")
}

// The registration of the configuration stays: certify makes it once more as it
// is, and reads the events that another process takes in.
func TestCertifyUsesTheRegistration(t *testing.T) {
	t.Parallel()
	f, e := hearing(t, alone())
	f.watch.Allows(simulator.IdleRegistration)
	f.must(0, "apply", "-auto-approve", "-wait=20s")
	says(t, f.must(0, "certify", "-auto-approve"), "Kira sends events to "+e.url, "15 passed")
	e.stop()
	f.must(0, "plan", "-detailed-exitcode")
}
