package eval_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"pgregory.net/rapid"

	"kiraform/internal/addr"
	"kiraform/internal/config"
	"kiraform/internal/diag"
	"kiraform/internal/eval"
)

// moved writes moved blocks, one line each, for pairs like "kira_user.a > kira_user.b".
func moved(pairs ...string) string {
	var b strings.Builder
	for _, p := range pairs {
		from, to, _ := strings.Cut(p, " > ")
		fmt.Fprintf(&b, "moved {\n  from = %s\n  to   = %s\n}\n", from, to)
	}
	return b.String()
}

func pairs(moves []eval.Move) string {
	var b strings.Builder
	for _, m := range moves {
		fmt.Fprintf(&b, "%s > %s\n", m.From, m.To)
	}
	return b.String()
}

func TestMoves(t *testing.T) {
	const one = "resource \"kira_user\" \"one\" { email = \"o\" }\n"
	const many = "resource \"kira_user\" \"many\" {\n  for_each = toset([\"x\", \"y\"])\n  email    = each.key\n}\n"
	for name, tt := range map[string]struct{ src, want string }{
		"a renamed block": {one + moved("kira_user.a > kira_user.one"), "kira_user.a > kira_user.one\n"},
		"a chain": {one + moved("kira_user.a > kira_user.b", "kira_user.b > kira_user.one"),
			"kira_user.a > kira_user.b\nkira_user.b > kira_user.one\n"},
		"a key that changed":          {many + moved(`kira_user.many["z"] > kira_user.many["x"]`), "kira_user.many[\"z\"] > kira_user.many[\"x\"]\n"},
		"a block that got a for_each": {many + moved(`kira_user.many > kira_user.many["x"]`), "kira_user.many > kira_user.many[\"x\"]\n"},
		"a block that lost its count": {one + moved(`kira_user.one[0] > kira_user.one`), "kira_user.one[0] > kira_user.one\n"},
		"the block and one object of it": {one + many + moved("kira_user.a > kira_user.many", `kira_user.a["z"] > kira_user.one`),
			"kira_user.a > kira_user.many\nkira_user.a[\"z\"] > kira_user.one\n"},
		"to a block that is not there": {one + moved("kira_user.a > kira_user.b"), "kira_user.a > kira_user.b\n"},
		"the same move twice":          {one + moved("kira_user.a > kira_user.one", "kira_user.a > kira_user.one"), "kira_user.a > kira_user.one\n"},

		"to another kind":     {moved("kira_user.a > kira_account.a"), "main.kira.hcl:3,10 invalid-move\n"},
		"to itself":           {moved("kira_user.a > kira_user.a"), "main.kira.hcl:3,10 invalid-move\n"},
		"a data source":       {moved("data.kira_user.a > data.kira_user.b"), "main.kira.hcl:2,10 invalid-move\n"},
		"to a data source":    {moved("kira_user.a > data.kira_user.b"), "main.kira.hcl:3,10 invalid-move\n"},
		"of no kind":          {moved("kira_usr.a > kira_usr.b"), "main.kira.hcl:2,10 unknown-kind\n"},
		"two from one":        {moved("kira_user.a > kira_user.b", "kira_user.a > kira_user.c"), "kira_user.a > kira_user.b\nmain.kira.hcl:6,10 ambiguous-move\n"},
		"two to one":          {moved("kira_user.a > kira_user.b", "kira_user.c > kira_user.b"), "kira_user.a > kira_user.b\nmain.kira.hcl:7,10 ambiguous-move\n"},
		"two to one instance": {moved("kira_user.a > kira_user.b[0]", "kira_user.c > kira_user.b[0]"), "kira_user.a > kira_user.b[0]\nmain.kira.hcl:7,10 ambiguous-move\n"},
		"there and back":      {moved("kira_user.a > kira_user.b", "kira_user.b > kira_user.a"), "main.kira.hcl:2,10 cyclic-moves\n"},
		"a longer circle, and a move into it": {
			moved("kira_user.d > kira_user.c[1]", "kira_user.c > kira_user.a", "kira_user.a > kira_user.b", "kira_user.b > kira_user.c"),
			"kira_user.d > kira_user.c[1]\nmain.kira.hcl:10,10 cyclic-moves\n"},
		"a circle of a block and an object": {moved("kira_user.a > kira_user.b", "kira_user.b[0] > kira_user.a[0]"), "main.kira.hcl:2,10 cyclic-moves\n"},
		"two circles": {moved("kira_user.a > kira_user.b", "kira_user.b > kira_user.a", "kira_user.c > kira_user.d", "kira_user.d > kira_user.c"),
			"main.kira.hcl:2,10 cyclic-moves\nmain.kira.hcl:10,10 cyclic-moves\n"},

		"from a block that is still there":       {one + moved("kira_user.one > kira_user.b"), "kira_user.one > kira_user.b\nmain.kira.hcl:3,10 moved-still-declared\n"},
		"from a repeated block still there":      {many + moved("kira_user.many > kira_user.b"), "kira_user.many > kira_user.b\nmain.kira.hcl:6,10 moved-still-declared\n"},
		"from an instance that is still there":   {many + moved(`kira_user.many["x"] > kira_user.b`), "kira_user.many[\"x\"] > kira_user.b\nmain.kira.hcl:6,10 moved-still-declared\n"},
		"from a single object still there":       {one + moved(`kira_user.one > kira_user.b[0]`), "kira_user.one > kira_user.b[0]\nmain.kira.hcl:3,10 moved-still-declared\n"},
		"from the middle of a chain still there": {one + moved("kira_user.a > kira_user.one", "kira_user.one > kira_user.b"), "kira_user.a > kira_user.one\nkira_user.one > kira_user.b\nmain.kira.hcl:7,10 moved-still-declared\n"},
		"an instance of a chained for_each": {many + "resource \"kira_account\" \"a\" {\n  for_each = kira_user.many\n  user_id  = each.value.id\n}\n" +
			moved(`kira_account.a["y"] > kira_account.b`, `kira_account.a["z"] > kira_account.c`),
			"kira_account.a[\"y\"] > kira_account.b\nkira_account.a[\"z\"] > kira_account.c\nmain.kira.hcl:10,10 moved-still-declared\n"},
		"instances that only a plan knows": {one + "resource \"kira_account\" \"a\" {\n  count   = kira_user.one.status == \"VERIFIED\" ? 1 : 0\n  user_id = \"u\"\n}\n" +
			moved(`kira_account.a[0] > kira_account.b`), "kira_account.a[0] > kira_account.b\n"},
	} {
		t.Run(name, func(t *testing.T) {
			p, diags := compile(t, tt.src)
			if got := pairs(p.Moves()) + lines(diag.Sort(diags)); got != tt.want {
				t.Errorf("got\n%swant\n%s%v", got, tt.want, diags)
			}
		})
	}
}

// Which instances there are may depend on a variable that has no value yet.
func TestMovesWithUnknownInputs(t *testing.T) {
	_, diags := compile(t, `variable "names" { type = set(string) }
resource "kira_user" "u" {
  for_each = var.names
  email    = each.key
}
`+moved(`kira_user.u["x"] > kira_user.u["y"]`, `kira_user.u > kira_user.u["z"]`), func(o *eval.Options) { o.UnknownInputs = true })
	quiet(t, diags)
}

func TestMoved(t *testing.T) {
	for name, tt := range map[string]struct {
		moves, have []string
		want        string
	}{
		"a block moves with all its instances, and with its single object": {
			[]string{"kira_user.a > kira_user.b"},
			[]string{"kira_user.a", "kira_user.a[0]", `kira_user.a["x"]`, "kira_user.aa", "kira_account.a"},
			"kira_user.a > kira_user.b\nkira_user.a[0] > kira_user.b[0]\nkira_user.a[\"x\"] > kira_user.b[\"x\"]\n"},
		"a single object becomes an instance": {
			[]string{"kira_user.a > kira_user.a[0]"}, []string{"kira_user.a", "kira_user.a[1]"}, "kira_user.a > kira_user.a[0]\n"},
		"an instance becomes the single object": {
			[]string{"kira_user.a[0] > kira_user.a"}, []string{"kira_user.a[1]", "kira_user.a[0]"}, "kira_user.a[0] > kira_user.a\n"},
		"a chain is followed": {
			[]string{"kira_user.b > kira_user.c", "kira_user.a > kira_user.b", `kira_user.c["x"] > kira_user.d`},
			[]string{"kira_user.a", `kira_user.a["x"]`}, "kira_user.a > kira_user.c\nkira_user.a[\"x\"] > kira_user.d\n"},
		"an object goes before its block": {
			[]string{"kira_user.a > kira_user.b", "kira_user.a[0] > kira_user.c"},
			[]string{"kira_user.a[0]", "kira_user.a[1]"}, "kira_user.a[1] > kira_user.b[1]\nkira_user.a[0] > kira_user.c\n"},
		"a place that becomes free is taken": {
			[]string{"kira_user.a > kira_user.b", "kira_user.b[0] > kira_user.c"},
			[]string{"kira_user.a[0]", "kira_user.a[1]", "kira_user.z"}, "kira_user.a[1] > kira_user.b[1]\nkira_user.a[0] > kira_user.c\n"},
		"instances shift by one": {
			[]string{"kira_user.a[1] > kira_user.a[0]", "kira_user.a[2] > kira_user.a[1]"},
			[]string{"kira_user.a[1]", "kira_user.a[2]"}, "kira_user.a[1] > kira_user.a[0]\nblocked kira_user.a[2]\n"},
		"a place that stays taken is not": {
			[]string{"kira_user.a > kira_user.b"}, []string{"kira_user.a", "kira_user.b"}, "blocked kira_user.a\n"},
		"who waits for one that cannot move does not move": {
			[]string{"kira_user.a[0] > kira_user.b[0]", "kira_user.b[0] > kira_user.c"},
			[]string{"kira_user.a[0]", "kira_user.b[0]", "kira_user.c"}, "blocked kira_user.b[0]\nblocked kira_user.a[0]\n"},
		"of two on one way the nearer arrives": {
			[]string{"kira_user.a > kira_user.b", "kira_user.b > kira_user.c"},
			[]string{"kira_user.a", "kira_user.b"}, "kira_user.b > kira_user.c\nblocked kira_user.a\n"},
		"of two that are equally near none arrives": {
			[]string{"kira_user.a > kira_user.b", "kira_user.c > kira_user.b[0]"},
			[]string{"kira_user.a[0]", "kira_user.c"}, "blocked kira_user.a[0]\nblocked kira_user.c\n"},
		"a circle moves nothing": {
			[]string{"kira_user.a > kira_user.b", "kira_user.b > kira_user.a"}, []string{"kira_user.a"}, ""},
		"a move that is about nothing": {[]string{"kira_user.x > kira_user.y"}, []string{"kira_user.a"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			moves := asMoves(t, tt.moves)
			var have, back []addr.Resource
			for _, s := range tt.have {
				have, back = append(have, parse(t, s)), append([]addr.Resource{parse(t, s)}, back...)
			}
			got := outcome(eval.Moved(moves, have))
			if got != tt.want {
				t.Errorf("got\n%swant\n%s", got, tt.want)
			}
			if again := outcome(eval.Moved(moves, back)); again != got {
				t.Errorf("the other way round it is\n%s", again)
			}
		})
	}
}

// However moves cross each other, circles included, no two objects come to one
// address, and the order in which they are told changes nothing.
func TestMovedLosesNothing(t *testing.T) {
	names := rapid.SampledFrom([]string{"kira_user.a", "kira_user.a[0]", "kira_user.a[1]", "kira_user.b", "kira_user.b[0]", "kira_user.b[1]", "kira_user.c", "kira_user.c[0]"})
	rapid.Check(t, func(rt *rapid.T) {
		address := rapid.Map(names, func(s string) addr.Resource { return parse(t, s) })
		from := rapid.SliceOfNDistinct(address, 0, 6, rapid.ID).Draw(rt, "from")
		var moves []eval.Move
		for _, a := range from {
			moves = append(moves, eval.Move{From: a, To: address.Draw(rt, "to")})
		}
		have := rapid.SliceOfDistinct(address, rapid.ID).Draw(rt, "have")
		went, diags := eval.Moved(moves, have)
		after := make(map[addr.Resource]bool)
		for _, a := range have {
			if i := slices.IndexFunc(went, func(m eval.Move) bool { return m.From == a }); i >= 0 {
				a = went[i].To
			}
			if after[a] {
				rt.Fatalf("two objects of %v are at %s", have, a)
			}
			after[a] = true
		}
		again := outcome(eval.Moved(rapid.Permutation(moves).Draw(rt, "moves"), rapid.Permutation(have).Draw(rt, "order")))
		if once := outcome(went, diags); again != once {
			rt.Fatalf("first it is\n%sthen\n%s", once, again)
		}
	})
}

// outcome writes the moves, and who could not move.
func outcome(moves []eval.Move, diags hcl.Diagnostics) string {
	var got strings.Builder
	got.WriteString(pairs(moves))
	for _, d := range diags {
		who, _, _ := strings.Cut(d.Detail, " ")
		got.WriteString("blocked " + who + "\n")
	}
	return got.String()
}

func parse(t *testing.T, s string) addr.Resource {
	t.Helper()
	a, err := addr.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// Blocks that are written say the same when they are read, however odd a key is.
func TestWriteMoves(t *testing.T) {
	moves := []eval.Move{
		{From: parse(t, "kira_user.a"), To: parse(t, "kira_user.b")},
		{From: parse(t, "kira_user.c"), To: parse(t, "kira_user.d[3]")},
	}
	for _, key := range []string{"ana", `a.b"]`, "${x} %{y}", "ñ\n\x00中"} {
		moves = append(moves, eval.Move{From: parse(t, "kira_user.e").Instance(addr.String(key)), To: parse(t, "kira_user.f").Instance(addr.String(key))})
	}
	src := eval.WriteMoves(moves)
	p, diags := compile(t, string(src))
	quiet(t, diags)
	if got := pairs(p.Moves()); got != pairs(moves) {
		t.Errorf("it is read as\n%swant\n%s", got, pairs(moves))
	}
	if want, _ := config.Format("moved.kira.hcl", src); string(src) != string(want) {
		t.Errorf("got\n%swant it formatted:\n%s", src, want)
	}
	if got := eval.WriteMoves(nil); len(got) > 0 {
		t.Errorf("no moves are written as %q", got)
	}
}

func TestMovedBlocks(t *testing.T) {
	const many = "resource \"kira_user\" \"many\" {\n  for_each = toset([\"x\", \"y\"])\n  email    = each.key\n}\n"
	const list = "resource \"kira_user\" \"list\" {\n  count = 2\n  email = count.index\n}\n"
	const one = "resource \"kira_user\" \"one\" { email = \"o\" }\n"
	for name, tt := range map[string]struct {
		src         string
		found, more []string // more are further objects of the state
		want        string
	}{
		"a renamed block": {src: one, found: []string{"kira_user.a > kira_user.one"}, want: "kira_user.a > kira_user.one\n"},
		"instances that keep their keys are one block": {src: many + one,
			found: []string{`kira_user.a["x"] > kira_user.many["x"]`, "kira_user.c > kira_user.one", `kira_user.a["y"] > kira_user.many["y"]`},
			want:  "kira_user.a > kira_user.many\nkira_user.c > kira_user.one\n"},
		"unless one changes its key": {src: many,
			found: []string{`kira_user.a["x"] > kira_user.many["x"]`, `kira_user.a["z"] > kira_user.many["y"]`},
			want:  "kira_user.a[\"x\"] > kira_user.many[\"x\"]\nkira_user.a[\"z\"] > kira_user.many[\"y\"]\n"},
		"or goes elsewhere": {src: many + strings.ReplaceAll(many, "many", "more"),
			found: []string{`kira_user.a["x"] > kira_user.many["x"]`, `kira_user.a["y"] > kira_user.more["y"]`},
			want:  "kira_user.a[\"x\"] > kira_user.many[\"x\"]\nkira_user.a[\"y\"] > kira_user.more[\"y\"]\n"},
		"or is forgotten": {src: many, found: []string{`kira_user.a["x"] > kira_user.many["x"]`}, more: []string{`kira_user.a["z"]`},
			want: "kira_user.a[\"x\"] > kira_user.many[\"x\"]\n"},
		"or has a block still": {src: many + strings.ReplaceAll(strings.ReplaceAll(many, "many", "a"), `"x", `, ""),
			found: []string{`kira_user.a["x"] > kira_user.many["x"]`}, want: "kira_user.a[\"x\"] > kira_user.many[\"x\"]\n"},
		"a single object whose block got a count": {src: list, found: []string{"kira_user.list > kira_user.list[0]"},
			want: "kira_user.list > kira_user.list[0]\n"},
		"a single object whose block lost it": {src: one, found: []string{"kira_user.one[0] > kira_user.one"}, more: []string{"kira_user.one[1]"},
			want: "kira_user.one[0] > kira_user.one\n"},
		"a list that shifts": {src: list, found: []string{"kira_user.list[1] > kira_user.list[0]", "kira_user.list[2] > kira_user.list[1]"},
			more: []string{"kira_user.list[0]"}, want: "no block: kira_user.list[1] > kira_user.list[0]\nno block: kira_user.list[2] > kira_user.list[1]\n"},
		"two that change places": {src: many, found: []string{`kira_user.many["y"] > kira_user.many["x"]`, `kira_user.many["x"] > kira_user.many["y"]`},
			want: "no block: kira_user.many[\"y\"] > kira_user.many[\"x\"]\nno block: kira_user.many[\"x\"] > kira_user.many[\"y\"]\n"},
	} {
		t.Run(name, func(t *testing.T) {
			r := evaluate(t, tt.src)
			found, have := asMoves(t, tt.found), []addr.Resource(nil)
			for _, m := range found {
				have = append(have, m.From)
			}
			for _, s := range tt.more {
				have = append(have, parse(t, s))
			}
			blocks, rest := r.MovedBlocks(found, have, r.values)
			got := pairs(blocks)
			if len(rest) > 0 {
				got += "no block: " + strings.ReplaceAll(strings.TrimSpace(pairs(rest)), "\n", "\nno block: ") + "\n"
			}
			if got != tt.want {
				t.Fatalf("got\n%swant\n%s", got, tt.want)
			}
			if len(rest) > 0 {
				return
			}
			p, diags := compile(t, tt.src+string(eval.WriteMoves(blocks)))
			quiet(t, diags)
			again, diags := eval.Moved(p.Moves(), have)
			quiet(t, diags)
			slices.SortFunc(found, func(a, b eval.Move) int { return a.To.Compare(b.To) })
			if pairs(again) != pairs(found) {
				t.Errorf("the blocks make the moves\n%swant\n%s", pairs(again), pairs(found))
			}
		})
	}
}

// asMoves reads moves like "kira_user.a > kira_user.b".
func asMoves(t *testing.T, all []string) (moves []eval.Move) {
	t.Helper()
	for _, s := range all {
		from, to, _ := strings.Cut(s, " > ")
		moves = append(moves, eval.Move{From: parse(t, from), To: parse(t, to)})
	}
	return moves
}
