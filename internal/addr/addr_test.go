package addr_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"kiraform/internal/addr"
)

func TestParse(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want addr.Resource
	}{
		{`kira_user.maria`, addr.Resource{Kind: "kira_user", Name: "maria"}},
		{`kira_user.staff[2]`, addr.Resource{Kind: "kira_user", Name: "staff", Key: addr.Int(2)}},
		{`kira_user.staff["a.b\"]"]`, addr.Resource{Kind: "kira_user", Name: "staff", Key: addr.String(`a.b"]`)}},
		{`action.kira_payout.rent["ana"]`, addr.Resource{Action: true, Kind: "kira_payout", Name: "rent", Key: addr.String("ana")}},
		{`data.kira_user.ana`, addr.Resource{Data: true, Kind: "kira_user", Name: "ana"}},
		{`module.eu["mx"].module.x.kira_user.ana`,
			addr.Resource{Module: `module.eu["mx"].module.x`, Kind: "kira_user", Name: "ana"}},
	} {
		got, err := addr.Parse(tt.in)
		if err != nil || got != tt.want {
			t.Errorf("Parse(%s) = %+v, %v; want %+v", tt.in, got, err, tt.want)
		}
		if got.String() != tt.in {
			t.Errorf("String() = %s, want %s", got, tt.in)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, in := range []string{"", "kira_user", "kira_user.", "kira_user.a.b", "kira_user.a[-1]", "kira_user.a[1.5]",
		"kira_user.a[0][1]", "kira_user[0].a", "module.x", "module.x.kira_user", `kira_user.a[true]`, "kira user.a", "a.b..c", "action.x", "action.action.x", "action.data.a.b"} {
		if got, err := addr.Parse(in); err == nil {
			t.Errorf("Parse(%q) = %v, want an error", in, got)
		}
	}
}

func TestStringRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := rapid.OneOf(
			rapid.Just(addr.Key{}),
			rapid.Map(rapid.IntRange(0, 1<<30), addr.Int),
			rapid.Map(rapid.StringMatching(`[ -~áñ中${}%"\\\x00-\x1f\x7f]{0,12}`), addr.String),
		).Draw(t, "key")
		r := addr.Resource{Kind: "kira_user", Name: "u", Key: key, Data: rapid.Bool().Draw(t, "data")}
		r.Action = !r.Data && rapid.Bool().Draw(t, "action")
		if rapid.Bool().Draw(t, "in module") {
			r.Module = addr.Module("").Child("m", key)
		}
		got, err := addr.Parse(r.String())
		if err != nil || got != r {
			t.Fatalf("Parse(%s) = %+v, %v; want %+v", r, got, err, r)
		}
	})
}

func TestOrder(t *testing.T) {
	want := []string{"kira_user.a", "kira_user.a[2]", "kira_user.a[10]", `kira_user.a["x"]`, "kira_user.b",
		"data.kira_user.a", "action.kira_user.a", "module.m.kira_user.a"}
	var got []addr.Resource
	for _, s := range want {
		r, err := addr.Parse(s)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, r)
	}
	slices.Reverse(got)
	slices.SortFunc(got, addr.Resource.Compare)
	for i, r := range got {
		if r.String() != want[i] {
			t.Errorf("place %d holds %s, want %s", i, r, want[i])
		}
	}
}

func TestCovers(t *testing.T) {
	block := addr.Resource{Kind: "kira_user", Name: "a"}
	one := block.Instance(addr.Int(1))
	if !block.Covers(one) || !one.Covers(one) || one.Covers(block) || one.Covers(block.Instance(addr.Int(2))) {
		t.Error("a block covers its instances, an instance only itself")
	}
}
