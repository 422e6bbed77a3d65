package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"

	"kiraform/internal/simulator"
)

// newKeys returns a pair of keys, as age-keygen makes them.
func newKeys(t *testing.T) (secret, public string) {
	t.Helper()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return id.String(), id.Recipient().String()
}

func encryption(recipients ...string) string {
	return "kiraform {\n  encryption {\n    recipients = [\"" + strings.Join(recipients, "\", \"") + "\"]\n  }\n}\n"
}

// The first command that writes a state encrypts it, whichever it is, and a
// generation that nobody can read holds up no change of the keys.
func TestEncryptionFromTheFirstWrite(t *testing.T) {
	key, public := newKeys(t)
	_, other := newKeys(t)
	f := newFolder(t, map[string]string{"main.kira.hcl": embedded + "resource \"kira_user\" \"ana\" {\n  type = \"individual\"\n  first_name = \"Ana\"\n  last_name = \"Ruiz\"\n  birth_date = \"1991-02-03\"\n  nationality = \"MEX\"\n  email = \"ana@x.example\"\n  source_of_funds = \"salary\"\n}\n"})
	f.must(0, "apply", "-auto-approve")
	_, id, _ := strings.Cut(f.must(0, "state", "show", "kira_user.ana"), "51000000-")
	id = "51000000-" + id[:27]
	for _, name := range []string{"kiraform.state.json", ".kiraform/history"} {
		if err := os.RemoveAll(f.path(name)); err != nil {
			t.Fatal(err)
		}
	}
	f.write("encryption.kira.hcl", encryption(public))
	f.environ["KIRAFORM_AGE_IDENTITY"] = key
	sealed := func(after string) {
		t.Helper()
		paths, err := filepath.Glob(f.path(".kiraform/history/*.0*"))
		if err != nil || len(paths) == 0 {
			t.Fatalf("no generations: %v", err)
		}
		for _, path := range append(paths, f.path("kiraform.state.json")) {
			data, err := os.ReadFile(path)
			if err != nil || !strings.HasPrefix(string(data), "-----BEGIN AGE") {
				t.Errorf("after %s %s is in clear, %v", after, filepath.Base(path), err)
			}
		}
	}
	f.must(0, "import", "kira_user.ana", id)
	sealed("import")
	f.must(0, "apply", "-auto-approve", "-refresh-only")
	sealed("refresh")
	f.watch.Provokes(simulator.IdlePut) // an import sends once the attributes that Kira cannot show
	f.must(0, "apply", "-auto-approve")

	generations, err := filepath.Glob(f.path(".kiraform/history/*.0*"))
	if err != nil || len(generations) == 0 {
		t.Fatalf("%v, %v", generations, err)
	}
	data, err := os.ReadFile(generations[0])
	if err == nil {
		err = os.WriteFile(generations[0], append(data[:len(data)/2:len(data)/2], "garbage"...), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	f.write("encryption.kira.hcl", encryption(public, other))
	f.must(0, "apply", "-auto-approve")
}

// A command that changes a state without a run encrypts it too, with all earlier
// generations, and not for somebody who was taken out.
func TestEncryptionWithoutARun(t *testing.T) {
	key, public := newKeys(t)
	_, other := newKeys(t)
	for line, lost := range map[string]bool{"state rm kira_user.ana": false, "state mv kira_user.ana kira_user.eva": false, "state restore 1": false, "state restore 2": true} {
		t.Run(line, func(t *testing.T) {
			args := strings.Fields(line)
			f := newFolder(t, map[string]string{"main.kira.hcl": embedded + "resource \"kira_user\" \"ana\" {\n  type = \"individual\"\n  first_name = \"Ana\"\n  last_name = \"Ruiz\"\n  birth_date = \"1991-02-03\"\n  nationality = \"MEX\"\n  email = \"ana@x.example\"\n  source_of_funds = \"salary\"\n}\n"})
			f.environ["KIRAFORM_AGE_IDENTITY"] = key
			f.must(0, "apply", "-auto-approve")
			f.write("encryption.kira.hcl", encryption(public, other))
			if lost {
				if err := os.Remove(f.path("kiraform.state.json")); err != nil {
					t.Fatal(err)
				}
			}
			f.must(0, args...)
			paths, err := filepath.Glob(f.path(".kiraform/history/*.0*"))
			if err != nil || len(paths) < 2 {
				t.Fatalf("generations %v, %v", paths, err)
			}
			if lost {
				paths = nil // the generations wait for the next that is made
			}
			for _, path := range append(paths, f.path("kiraform.state.json")) {
				data, err := os.ReadFile(path)
				if err != nil || !strings.HasPrefix(string(data), "-----BEGIN AGE") {
					t.Errorf("%s is in clear, %v", filepath.Base(path), err)
				}
			}
			f.write("encryption.kira.hcl", encryption(public))
			was := f.read("kiraform.state.json")
			if said := f.must(1, "state", "rm", "kira_user.ana"); !strings.Contains(said, "kiraform state rekey") || f.read("kiraform.state.json") != was {
				t.Errorf("with a recipient taken out says\n%s", said)
			}
			f.must(0, "state", "rekey", "-auto-approve")
		})
	}
}

func TestEncryption(t *testing.T) {
	firstKey, firstPublic := newKeys(t)
	otherKey, otherPublic := newKeys(t)
	f := newFolder(t, map[string]string{"main.kira.hcl": pin + "output \"word\" {\n  value = \"canary\"\n}\n"})
	f.must(0, "apply", "-auto-approve") // in clear
	says(t, f.read("kiraform.state.json"), "canary")

	f.write("encryption.kira.hcl", encryption(firstPublic))
	f.write("keys", "# created: today\n"+firstKey+"\n")
	said := f.must(1, "apply", "-auto-approve")
	says(t, said, "could not read it", "KIRAFORM_AGE_IDENTITY is not set")
	f.environ["KIRAFORM_AGE_IDENTITY"] = "keys"
	f.must(0, "apply", "-auto-approve")
	clear := func(when string) {
		t.Helper()
		if kept := f.read("kiraform.state.json") + f.generations(); strings.Contains(kept, "canary") {
			t.Errorf("%s, the state is in clear", when)
		}
	}
	clear("once encrypted")
	says(t, f.must(0, "state", "list"), "kira_version_pin.p")
	says(t, f.must(0, "output", "word"), "canary")

	f.must(0, "plan", "-out=saved.kiraplan")
	if saved := f.read("saved.kiraplan"); strings.Contains(saved, "kira_version_pin") || strings.Contains(saved, "kiraform_plan") {
		t.Error("the saved plan is in clear")
	}
	says(t, f.must(0, "show", "saved.kiraplan"), "No changes")
	f.must(0, "apply", "saved.kiraplan")

	delete(f.environ, "KIRAFORM_AGE_IDENTITY")
	says(t, f.must(1, "apply", "saved.kiraplan"), "KIRAFORM_AGE_IDENTITY is not set")
	for _, command := range []string{"plan", "show", "output"} {
		says(t, f.must(1, command), "kiraform.state.json is encrypted, and KIRAFORM_AGE_IDENTITY is not set")
	}
	f.environ["KIRAFORM_AGE_IDENTITY"] = otherKey
	says(t, f.must(1, "show"), "not for the key in KIRAFORM_AGE_IDENTITY")

	// Another key is let in by one who has the first, and then takes over.
	f.environ["KIRAFORM_AGE_IDENTITY"] = firstKey
	f.write("encryption.kira.hcl", encryption(firstPublic, otherPublic))
	f.must(0, "apply", "-auto-approve")
	f.environ["KIRAFORM_AGE_IDENTITY"] = otherKey
	f.write("encryption.kira.hcl", encryption(otherPublic))
	before := f.read(".kiraform/key")
	says(t, f.must(1, "apply", "-auto-approve"), "A recipient was taken out", firstPublic[:20], "kiraform state rekey")
	says(t, f.must(0, "state", "rekey", "-auto-approve"), "The state has the key")
	if f.read(".kiraform/key") == before {
		t.Error("who was taken out has the key")
	}
	says(t, f.must(0, "apply", "-auto-approve"), "complete")
	f.environ["KIRAFORM_AGE_IDENTITY"] = firstKey
	says(t, f.must(1, "show"), "not for the key")
	f.environ["KIRAFORM_AGE_IDENTITY"] = otherKey

	f.write("encryption.kira.hcl", "")
	f.must(0, "apply", "-auto-approve")
	clear("without a block")
	f.must(0, "state", "rm", "kira_version_pin.p")
	f.watch.Provokes(simulator.IdleRegistration) // by the apply that follows
	clear("after a command that knows no configuration")
	f.write("encryption.kira.hcl", "kiraform {\n  encryption {\n    recipients = []\n  }\n}\n")
	f.must(0, "apply", "-auto-approve")
	says(t, f.read("kiraform.state.json"), "canary")

	f.write("encryption.kira.hcl", encryption("age1nobody"))
	says(t, f.must(1, "validate"), "Invalid recipient", "age1nobody")
}
