package config

import (
	"slices"
	"strings"
	"testing"
)

// A corrected block parses, and has no secret in it; a block that is no body in
// JSON is left to the parser.
func TestPasted(t *testing.T) {
	harmless := func(name string) bool { return slices.Contains([]string{"type", "email", "phone"}, name) }
	for name, tt := range map[string]struct{ src, want string }{
		"names in quotes":              {"resource \"kira_user\" \"a\" {\n\"type\": \"individual\",\n\"email\": \"a@example.com\"\n}\n", "type  = \"individual\"\n  email = \"a@example.com\""},
		"on one line":                  {"resource \"kira_user\" \"a\" {\n\"type\": \"individual\", \"phone\": \"+1\"\n}\n", "type  = \"individual\"\n  phone = \"+1\""},
		"a whole object":               {"resource \"kira_user\" \"a\" {\n{\n\"type\": \"individual\"\n}\n}\n", "type = \"individual\""},
		"secrets stay out":             {"resource \"kira_user\" \"a\" {\n\"ssn\": \"219-09-9999\",\n\"x\": [{\"number\": \"G123\"}]\n}\n", "ssn = \"...\"\n  x   = [{ \"number\" : \"...\" }]"},
		"all on the first line":        {"resource \"kira_user\" \"a\" { \"type\": \"individual\", \"phone\": \"+1\" }\n", "{\n  type  = \"individual\"\n  phone = \"+1\"\n}"},
		"on the first line and others": {"resource \"kira_user\" \"a\" { \"type\": \"individual\",\n\"phone\": \"+1\" }\n", "{\n  type  = \"individual\"\n  phone = \"+1\"\n}"},
		"names without quotes":         {"resource \"kira_user\" \"a\" {\ntype: \"individual\",\nphone: null\n}\n", "type  = \"individual\"\n  phone = null"},
		"after a comment":              {"resource \"kira_user\" \"a\" { # 219-09\n// G123\n\"type\": \"individual\", // 219-09\n}\n", "type = \"individual\""},
		"unknown names": {"resource \"kira_user\" \"a\" {\n\"tax_id\": \"219-09\",\n\"x\": [{\"curp\": \"G123\"}, 219],\n\"iban\": \"${\"G123\"}\",\n\"ssn\": [\"219-09\"],\n\"email\": \"a@b.co\"\n}\n",
			"tax_id = \"...\"\n  x      = [{ \"curp\" : \"...\" }, \"...\"]\n  iban   = \"...\"\n  ssn    = [\"...\"]\n  email  = \"a@b.co\""},
		"another mistake":         {"resource \"kira_user\" \"a\" {\ntype = \n}\n", ""},
		"a block that never ends": {"resource \"kira_user\" \"a\" {\n\"type\": \"individual\",\n", ""},
		"a body with a mistake":   {"resource \"kira_user\" \"a\" {\n\"type\": : 1\n}\n", ""},
	} {
		var got strings.Builder
		for _, d := range pasted([]byte(tt.src), "main.kira.hcl", harmless) {
			got.WriteString(d.Detail)
		}
		if tt.want == "" && got.String() != "" || !strings.Contains(got.String(), tt.want) || strings.Contains(got.String(), "219-09") || strings.Contains(got.String(), "G123") {
			t.Errorf("%s: got %q, want %q", name, got.String(), tt.want)
		}
	}
}
