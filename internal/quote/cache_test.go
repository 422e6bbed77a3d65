package quote

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"kiraform/internal/config"
	"kiraform/internal/redact"
	"kiraform/schema/kinds"
)

// A configuration that is read again while somebody writes it is covered as if it were
// read for the first time.
func TestLawAKeptFileIsCoveredTheSame(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "..", "examples", "*", "*.kira.hcl"))
	if err != nil || len(files) < 15 {
		t.Fatal(len(files), err)
	}
	edits := 12
	if testing.Short() {
		edits = 4
	}
	r := rand.New(rand.NewPCG(17, 6))
	lines := []string{"variable \"s\" {\n  sensitive = true\n}\n", "locals {\n  a = [for one in var.s : one]\n}\n", "locals {\n  b = [one]\n  password = local.b\n}\n",
		"output \"o\" {\n  value = \"plain\"\n}\n", "# a secret\n", "x", "{", "\"", "output \"q\" {\n  value = var.s == \"0\" ? 1 : 2\n} # more\n"}
	for _, name := range files {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		text := string(src)
		var kept Cache
		var loaded config.Cache
		for range edits {
			folder := fstest.MapFS{"a.kira.hcl": {Data: []byte(text)}}
			m, _ := config.Load(folder)
			again, _ := loaded.Load(folder, nil)
			want, got := new(redact.Set), new(redact.Set)
			whole, edited := New(want, kinds.Schemas(), m), kept.Edited(got, kinds.Schemas(), again)
			if w, g := whole.Text("a.kira.hcl"), edited.Text("a.kira.hcl"); w != g || !reflect.DeepEqual(whole.names.flows, edited.names.flows) {
				t.Fatalf("it is covered as\n%s\nwant\n%s", g, w)
			}
			if !reflect.DeepEqual(want, got) {
				t.Fatalf("it knows the secrets %v, want %v", got, want)
			}
			all := strings.SplitAfter(text, "\n")
			if at := r.IntN(len(all)); r.IntN(3) == 0 {
				text = string(src)
			} else if r.IntN(2) == 0 {
				text = strings.Join(all[:at], "") + lines[r.IntN(len(lines))] + strings.Join(all[at:], "")
			} else {
				all[at] = ""
				text = strings.Join(all, "")
			}
		}
	}
}
