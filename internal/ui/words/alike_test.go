package words

import (
	"slices"
	"testing"
)

// Texts are alike that differ in the object alone.
func TestAlike(t *testing.T) {
	for text, want := range map[string]string{
		`look at kira_user.u[3]: GET /v1/users/51000000-59dd-4a0c-be12-8691c1d87f22: 500 (request id req-7)`: `look at kira_user.u[…]: GET /v1/users/…: 500 (…)`,
		`module.eu["m\"x"].kira_user.a["b"] lacks phone`:                                                     `module.eu[…].kira_user.a[…] lacks phone`,
		`"ana@example.com" is there already`:                                                                 `"…" is there already`,
		`400: 3 characters are too few`:                                                                      `400: 3 characters are too few`,
	} {
		if got := Alike(text); got != want {
			t.Errorf("of %s it is %s, want %s", text, got, want)
		}
	}
}

func TestInstance(t *testing.T) {
	for text, want := range map[string]string{
		`what kira_user.u[0] lacks: phone`:          `kira_user.u[0]`,
		`of module.m["a.b"].kira_user.u["c"], too.`: `module.m["a.b"].kira_user.u["c"]`,
		`of kira_user.maria, example.com [1]`:       "",
	} {
		if got := Instance(text); got != want {
			t.Errorf("of %s it is %q, want %q", text, got, want)
		}
	}
}

func TestNatural(t *testing.T) {
	got := []string{"u[10]", "u[2]", "u", "a[007]", "u[1].x", "a[7]", "u[1]"}
	slices.SortFunc(got, Natural)
	if want := []string{"a[7]", "a[007]", "u", "u[1]", "u[1].x", "u[2]", "u[10]"}; !slices.Equal(got, want) {
		t.Errorf("the order is %q, want %q", got, want)
	}
}
