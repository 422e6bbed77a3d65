package addr_test

import (
	"testing"

	"pgregory.net/rapid"

	"kiraform/internal/addr"
)

func TestModule(t *testing.T) {
	const in = `module.eu["a.b\"]"].module.x[2].module.y`
	m, ok := addr.ParseModule(in)
	if !ok || string(m) != in {
		t.Fatalf("ParseModule(%s) = %q, %v", in, m, ok)
	}
	if got := m.Static(); got != "module.eu.module.x.module.y" {
		t.Errorf("Static() = %s", got)
	}
	parent, name, key := m.Parent()
	if parent != `module.eu["a.b\"]"].module.x[2]` || name != "y" || !key.IsZero() {
		t.Errorf("Parent() = %s, %s, %s", parent, name, key)
	}
	for _, in := range []string{"", "module", "module.", "module.x.", "module.x[", "module.x[-1]", `module.x["a]`, "module.x.y", "module.x y"} {
		if m, ok := addr.ParseModule(in); ok {
			t.Errorf("ParseModule(%q) = %q", in, m)
		}
	}
}

func TestModuleKeysRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := addr.String(rapid.StringMatching(`[ -~áñ中${}%"\\\x00-\x1f\x7f]{0,12}`).Draw(t, "key"))
		m := addr.Module("").Child("a", key).Child("b", addr.Int(3))
		r := addr.Resource{Module: m, Kind: "kira_user", Name: "u", Key: key}
		if got, err := addr.Parse(r.String()); err != nil || got != r {
			t.Fatalf("Parse(%s) = %+v, %v", r, got, err)
		}
		if parent, name, k := m.Parent(); parent != addr.Module("").Child("a", key) || name != "b" || k != addr.Int(3) {
			t.Fatalf("Parent of %s is %s, %s, %s", m, parent, name, k)
		}
		if r.Block() != (addr.Resource{Module: "module.a.module.b", Kind: "kira_user", Name: "u"}) {
			t.Fatalf("Block of %s is %s", r, r.Block())
		}
	})
}

func TestModuleCovers(t *testing.T) {
	for _, tt := range []struct {
		outer, inner string
		want         bool
	}{
		{"module.a", "module.a", true},
		{"module.a", `module.a["x"]`, true},
		{"module.a", `module.a["x"].module.b`, true},
		{`module.a["x"]`, `module.a["y"]`, false},
		{`module.a["x"]`, "module.a", false},
		{"module.b", "module.a.module.b", false},
	} {
		if got := addr.Module(tt.outer).Covers(addr.Module(tt.inner)); got != tt.want {
			t.Errorf("%s covers %s: %v", tt.outer, tt.inner, got)
		}
	}
	all, _ := addr.Parse("module.a.kira_user.u")
	one, _ := addr.Parse(`module.a["x"].kira_user.u[0]`)
	if !all.Covers(one) || one.Covers(all) {
		t.Error("an address without keys covers the instances of modules")
	}
}
