package config_test

import (
	"strings"
	"testing"

	"kiraform/internal/config"
)

func TestMovedBlocks(t *testing.T) {
	for name, tt := range map[string]struct{ file, src, want string }{
		"a block": {"main.kira.hcl", "moved {\n  from = kira_user.a\n  to   = kira_user.b\n}\n",
			"kira_user.a > kira_user.b\n"},
		"instances": {"main.kira.hcl", "moved {\n  from = kira_user.a[0]\n  to   = kira_user.b[\"x.y\"]\n}\n",
			"kira_user.a[0] > kira_user.b[\"x.y\"]\n"},
		"in JSON": {"main.kira.json", `{"moved": [{"from": "kira_user.a", "to": "kira_user.a[0]"}, {"from": "kira_user.b[\"x\"]", "to": "kira_user.c"}]}`,
			"kira_user.a > kira_user.a[0]\nkira_user.b[\"x\"] > kira_user.c\n"},
		"in a module": {"main.kira.hcl", "moved {\n  from = module.m[\"x\"].kira_user.a\n  to   = kira_user.b\n}\n",
			"module.m[\"x\"].kira_user.a > kira_user.b\n"},
		"a data source, which is refused later": {"main.kira.hcl", "moved {\n  from = data.kira_user.a\n  to   = data.kira_user.b\n}\n",
			"data.kira_user.a > data.kira_user.b\n"},
		"an address without a name": {"main.kira.hcl", "moved {\n  from = kira_user\n  to   = kira_user.b\n}\n",
			"main.kira.hcl:2,10 invalid-reference\n"},
		"both ends are wrong": {"main.kira.hcl", "moved {\n  from = kira_user.a.id\n  to   = kira_user.b[each.key]\n}\n",
			"main.kira.hcl:2,10 invalid-reference\nmain.kira.hcl:3,10 invalid-reference\n"},
		"a text": {"main.kira.hcl", "moved {\n  from = \"kira_user.a\"\n  to   = kira_user.b\n}\n", "main.kira.hcl:2,10 invalid-reference\n"},
		"an index of a wrong type": {"main.kira.hcl", "moved {\n  from = kira_user.a[1.5]\n  to   = kira_user.b\n}\n",
			"main.kira.hcl:2,10 invalid-reference\n"},
		"a module":       {"main.kira.hcl", "moved {\n  from = module.a\n  to   = module.b\n}\n", "module.a > module.b\n"},
		"an end missing": {"main.kira.hcl", "moved {\n  from = kira_user.a\n}\n", "main.kira.hcl:1,7 invalid-block\n"},
		"something else": {"main.kira.hcl", "moved {\n  from = kira_user.a\n  to   = kira_user.b\n  id   = 1\n}\n", "kira_user.a > kira_user.b\nmain.kira.hcl:4,3 invalid-block\n"},
		"in JSON, no address": {"main.kira.json", `{"moved": {"from": "kira_user", "to": "kira_user.b"}}`,
			"main.kira.json:1,20 invalid-reference\n"},
	} {
		t.Run(name, func(t *testing.T) {
			m, diags := config.Load(folder(map[string]string{tt.file: tt.src}))
			var got strings.Builder
			for _, mv := range m.Moved {
				got.WriteString(mv.From.String() + " > " + mv.To.String() + "\n")
			}
			if got.WriteString(lines(diags)); got.String() != tt.want {
				t.Errorf("got\n%swant\n%s%v", got.String(), tt.want, diags)
			}
		})
	}
}
