package cli_test

import (
	"strings"
	"testing"
)

// A sensitive variable is a secret wherever its value shows up, and in
// whatever goes wrong with it.
func TestASensitiveVariableIsShownNowhere(t *testing.T) {
	const declared = "variable \"pin\" {\n  type = string\n  sensitive = true\n}\n"
	for _, c := range []struct {
		name  string
		files map[string]string
		args  []string
		env   string
	}{
		{"in a plan", map[string]string{"main.kira.hcl": declared + pin + webhook}, []string{"plan", "-var=pin=canary-value"}, ""},
		{"in an apply", map[string]string{"main.kira.hcl": declared + pin + webhook}, []string{"apply", "-auto-approve"}, "canary-value"},
		{"as an address that Kira refuses", map[string]string{"main.kira.hcl": declared + pin + strings.Replace(webhook, "http://127.0.0.1:9/", "${var.pin}", 1)},
			[]string{"apply", "-auto-approve"}, "canary-value"},
		{"in a function that cannot read it", map[string]string{"main.kira.hcl": declared + pin + "locals {\n  x = jsondecode(var.pin)\n}\noutput \"x\" {\n  sensitive = true\n  value = local.x\n}\n"},
			[]string{"plan"}, "canary-value"},
		{"as the name of a file that is not there", map[string]string{"main.kira.hcl": declared + pin + "output \"x\" {\n  sensitive = true\n  value = file(var.pin)\n}\n"},
			[]string{"plan"}, "canary-value"},
		{"as a key that is not there", map[string]string{"main.kira.hcl": declared + pin + "output \"x\" {\n  sensitive = true\n  value = { a = 1 }[var.pin]\n}\n"},
			[]string{"plan"}, "canary-value"},
		{"in an output that does not say that it is sensitive", map[string]string{"main.kira.hcl": declared + pin + "output \"x\" {\n  value = var.pin\n}\n"},
			[]string{"plan"}, "canary-value"},
		{"as a value of the wrong type", map[string]string{"main.kira.hcl": strings.Replace(declared, "string", "number", 1) + pin}, []string{"plan"}, "canary-value"},
		{"as a default that does not fit", map[string]string{"main.kira.hcl": strings.Replace(declared, "string", "number\n  default = \"canary-value\"", 1) + pin}, []string{"plan"}, ""},
		{"in a rule that it breaks", map[string]string{"main.kira.hcl": strings.Replace(declared, "sensitive", "validation {\n    condition = var.pin == \"\"\n    error_message = \"not ${var.pin}\"\n  }\n  sensitive", 1) + pin},
			[]string{"plan"}, "canary-value"},
		{"in a file of variables", map[string]string{"main.kira.hcl": declared + pin + webhook, "a.auto.kiravars.hcl": "pin = \"canary-value\"\n"}, []string{"apply", "-auto-approve"}, ""},
		{"in a file of variables that does not parse", map[string]string{"main.kira.hcl": declared + pin, "a.auto.kiravars.hcl": "pin = \"canary-value\nother = 1\n"}, []string{"plan"}, ""},
		{"in a file of variables beside a mistake", map[string]string{"main.kira.hcl": declared + pin, "a.auto.kiravars.hcl": "pin = \"canary-value\" pin2\n"}, []string{"plan"}, ""},
		{"written out where it is secret by its name", map[string]string{"main.kira.hcl": pin + strings.Replace(webhook, "var.pin", "\"canary-value\" oops", 1)}, []string{"validate"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFolder(t, c.files)
			f.environ["KIRAFORM_LOG"] = f.path("log")
			if c.env != "" {
				f.environ["KIRAFORM_VAR_pin"] = c.env
			}
			r := f.run(c.args...)
			kept := r.out + r.err
			if r.code == 0 && c.args[0] == "apply" {
				kept += f.read("log") + f.read("kiraform.state.json")
			}
			if strings.Contains(kept, "canary") {
				t.Errorf("it is in:\n%s", kept)
			}
		})
	}
}

const webhook = `
resource "kira_webhook" "w" {
  webhook_url = "http://127.0.0.1:9/"
  secret      = var.pin
}
`
