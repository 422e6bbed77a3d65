package addr_test

import (
	"testing"

	"kiraform/internal/addr"
)

func TestParseTarget(t *testing.T) {
	for _, tt := range []struct {
		target string
		covers []string
		not    []string
	}{
		{"kira_user.a", []string{"kira_user.a", `kira_user.a["x"]`, "kira_user.a[0]"}, []string{"kira_user.b", "module.m.kira_user.a", "data.kira_user.a"}},
		{"module.m", []string{"module.m.kira_user.a", `module.m["x"].kira_user.a[0]`, "module.m.module.n.kira_user.a"}, []string{"kira_user.m", "module.mm.kira_user.a"}},
		{`module.m["x"]`, []string{`module.m["x"].kira_user.a`}, []string{`module.m["y"].kira_user.a`, "module.m.kira_user.a"}},
		{"module.m.kira_user.a", []string{"module.m.kira_user.a", `module.m["x"].kira_user.a["y"]`}, []string{"module.m.module.n.kira_user.a", "kira_user.a"}},
		{"kira_user.*", []string{"kira_user.a", "kira_user.b[1]"}, []string{"kira_recipient.a", "module.m.kira_user.a"}},
		{"*.a*", []string{"kira_user.abc", "kira_recipient.a"}, []string{"kira_user.bac"}},
		{`kira_user.a["m*"]`, []string{`kira_user.a["mx"]`}, []string{`kira_user.a["us"]`, "kira_user.a[0]", "kira_user.a"}},
		{`kira_user.a["*"]`, []string{`kira_user.a["mx"]`, "kira_user.a[0]"}, []string{"kira_user.a"}},
		{"module.*.kira_user.a", []string{"module.m.kira_user.a", `module.n["x"].kira_user.a`}, []string{"kira_user.a"}},
		{`module.m["e*"].*`, []string{`module.m["eu"].kira_user.a`}, []string{`module.m["us"].kira_user.a`}},
		{"*", []string{"kira_user.a", "module.m.kira_user.a", "data.kira_user.a"}, nil},
		{"data.kira_user.*", []string{"data.kira_user.a"}, []string{"kira_user.a"}},
	} {
		target, err := addr.ParseTarget(tt.target)
		if err != nil {
			t.Errorf("ParseTarget(%s): %v", tt.target, err)
			continue
		}
		if again, err := addr.ParseTarget(target.String()); err != nil || again != target {
			t.Errorf("ParseTarget(%s) = %v, %v; want what %s gives", target, again, err, tt.target)
		}
		for want, addrs := range map[bool][]string{true: tt.covers, false: tt.not} {
			for _, s := range addrs {
				a, err := addr.Parse(s)
				if err != nil {
					t.Fatal(err)
				}
				if got := target.Covers(a); got != want {
					t.Errorf("%s covers %s: %v", tt.target, s, got)
				}
			}
		}
	}
	for _, s := range []string{"", "a", "kira_user", "kira_user.", "kira user.*", "module", "module.m.", `kira_user.a["x]`, "kira_user.a[x]", "kira_user.a.b", "module.m.module"} {
		if r, err := addr.ParseTarget(s); err == nil {
			t.Errorf("ParseTarget(%q) = %v", s, r)
		}
	}
}
