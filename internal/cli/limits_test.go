package cli_test

import (
	"os"
	"strings"
	"testing"

	"kiraform/internal/norace"
)

const hook = `
resource "kira_webhook" "w" {
  webhook_url = "http://127.0.0.1:9/"
  secret      = "canary-secret"
}
`

func TestAllow(t *testing.T) {
	f := newFolder(t, map[string]string{"main.kira.hcl": pin + hook})
	f.must(0, "apply", "-auto-approve", "-allow=create")

	f.write("main.kira.hcl", pin)
	said := f.must(1, "apply", "-auto-approve", "-allow=create,update")
	says(t, said, "More than is allowed", "kira_webhook.w (forget)", "only create, update", "Nothing was sent")
	says(t, f.must(0, "state", "list"), "kira_webhook.w")
	says(t, f.must(1, "destroy", "-auto-approve", "-allow=create"), "kira_version_pin.p (forget), kira_webhook.w (forget)")
	f.must(0, "apply", "-auto-approve", "-allow=forget")

	says(t, f.must(64, "apply", "-allow=crate"), `no action "crate"`, `"create"`)
}

func TestMaxChanges(t *testing.T) {
	limit := func(n string) string { return "kiraform {\n  max_changes = " + n + "\n}\n" }
	f := newFolder(t, map[string]string{"limit.kira.hcl": limit("1"), "main.kira.hcl": pin + hook})
	says(t, f.must(0, "plan"), "Warning: Too many changes", "max_changes = 1")
	says(t, f.must(1, "apply", "-auto-approve"), "Error: Too many changes", "touches 2 resources", "-force")
	if r := f.run("state", "list"); r.code != 0 || r.out != "" {
		t.Errorf("after a plan that was refused, the state has %s", r.out)
	}
	f.must(0, "apply", "-auto-approve", "-target=kira_version_pin.p")
	f.must(0, "apply", "-auto-approve")
	says(t, f.must(1, "destroy", "-auto-approve"), "touches 2 resources")
	f.must(0, "destroy", "-auto-approve", "-force")

	for _, wrong := range []string{"-1", "1.5", `"many"`, "1e30"} {
		f.write("limit.kira.hcl", limit(wrong))
		says(t, f.must(1, "validate"), "max_changes")
	}
}

func TestProduction(t *testing.T) {
	configured := func(environment string) *folder {
		f := newFolder(t, map[string]string{"main.kira.hcl": strings.Replace(pin, "simulator", environment, 1)})
		kiraAt(f)
		f.environ["KIRA_API_KEY"], f.environ["KIRA_CLIENT_ID"], f.environ["KIRA_PASSWORD"] = "key", anID, "password"
		return f
	}
	t.Run("its address is refused unless the configuration is for it", func(t *testing.T) {
		f := configured("sandbox")
		for _, address := range []string{"https://api.balampay.com", "https://API.BALAMPAY.COM/", "https://api.balampay.com./v1",
			"https://api.balampay.com/sandbox/..", "https://api.balampay.com/sandboxes"} {
			f.environ["KIRA_BASE_URL"] = address
			says(t, f.must(1, "plan"), `Write environment = "production" if you mean it`)
		}
	})
	t.Run("yes is not enough", func(t *testing.T) {
		f := configured("production")
		f.stdin = "yes\n"
		says(t, f.must(1, "apply"), "Apply to PRODUCTION at http://127.0.0.1:", "Only 'production' will be accepted", "cancelled")
		f.stdin = "production\n"
		f.must(0, "apply")
	})
	t.Run("elsewhere, yes is enough", func(t *testing.T) {
		f := configured("sandbox")
		f.stdin = "yes\n"
		f.must(0, "apply")
	})
}

func TestReading(t *testing.T) {
	reads := func(path string) string {
		return pin + "\noutput \"text\" {\n  value = file(\"" + path + "\")\n}\n"
	}
	shared := t.TempDir()
	if err := os.WriteFile(shared+"/note", []byte("from outside"), 0o600); err != nil {
		t.Fatal(err)
	}
	f := newFolder(t, map[string]string{"inside/note": "from inside"})
	for name, to := range map[string]string{"link": shared + "/note", "folder": shared, "within": "inside/note"} {
		if err := os.Symlink(to, f.path(name)); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name, path string
		flags      []string
		want       string
	}{
		{"a file of the folder is read", "inside/note", nil, "from inside"},
		{"so is one through a link that stays inside", "within", nil, "from inside"},
		{"an absolute path is refused", shared + "/note", nil, "leads out of the folder"},
		{"a path that leads up is refused", "../../../../etc/passwd", nil, "leads out of the folder"},
		{"a link to a file outside is refused", "link", nil, "escapes"},
		{"a link to a folder outside is refused", "folder/note", nil, "escapes"},
		{"a folder that was allowed is read", shared + "/note", []string{"-allow-read=" + shared}, "from outside"},
		{"what is not in it is refused still", "/etc/passwd", []string{"-allow-read=" + shared}, "leads out of the folder"},
		{"and one cannot climb out of it", shared + "/../note", []string{"-allow-read=" + shared}, "leads out of the folder"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f.write("main.kira.hcl", reads(c.path))
			r := f.run(append([]string{"plan"}, c.flags...)...)
			says(t, r.words(), c.want)
			if refused := strings.Contains(c.want, "from"); refused != (r.code == 0) {
				t.Errorf("exit code %d", r.code)
			}
			if strings.Contains(r.words(), "root:") {
				t.Error("a file outside was read")
			}
		})
	}
	says(t, f.must(64, "plan", "-allow-read=nowhere"), "-allow-read=nowhere")
	t.Run("a configuration that is a link to a file outside is refused", func(t *testing.T) {
		if err := os.Symlink(shared+"/note", f.path("other.kira.hcl")); err != nil {
			t.Fatal(err)
		}
		says(t, f.must(1, "validate"), "Cannot read file", "escapes")
	})
}

func TestHostileFilesAreRefused(t *testing.T) {
	if norace.Run(t, plain) {
		return
	}
	for _, c := range []struct{ name, file, content, want string }{
		{"a file that is too large", "main.kira.hcl", strings.Repeat("# nothing\n", 450_000), "File too large"},
		{"brackets without end", "main.kira.hcl", "locals {\n  a = " + strings.Repeat("[", 100_000) + "\n}\n", "Nested too deeply"},
		{"operators without end", "main.kira.hcl", "locals {\n  a = " + strings.Repeat("!", 100_000) + "true\n}\n", "Nested too deeply"},
		{"templates in templates", "main.kira.hcl", "locals {\n  a = " + strings.Repeat(`"${`, 20_000) + "\n}\n", "Nested too deeply"},
		{"JSON in JSON", "main.kira.json", strings.Repeat(`{"a":`, 450_000), "Nested too deeply"},
		{"a file of variables that is too large", "a.auto.kiravars.hcl", strings.Repeat("# nothing\n", 10_600_000), "File too large"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFolder(t, map[string]string{"ok.kira.hcl": pin, c.file: c.content})
			said := f.must(1, "validate")
			says(t, said, c.want)
			if c.want == "File too large" && strings.Contains(said, " 1: ") {
				t.Errorf("a line of it is quoted, so that all of it was read for secrets:\n%s", said)
			}
			if len(said) > 2000 {
				t.Errorf("it is quoted at a length of %d", len(said))
			}
		})
	}
}
