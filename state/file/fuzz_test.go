package file_test

import (
	"bytes"
	"os"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"kiraform/state"
	"kiraform/state/file"
)

// FuzzState holds Load to two promises: it never panics, and a file that is no
// state is an error rather than an empty state.
func FuzzState(f *testing.F) {
	s := state.New("lineage")
	s.Apply(object("a"))
	s.Outputs["list"] = state.Output{Value: cty.ListVal([]cty.Value{cty.StringVal("x")})}
	good, err := state.Encode(s, "")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte{})
	f.Add([]byte(`{"version": 1, "lineage": "l", "outputs": {"x": {"value": [1, "a", null], "type": ["list", "dynamic"]}}}`))
	f.Add([]byte(`{"version": 1, "lineage": "l", "outputs": {"x": {"value": null, "type": ["object", {"a": "string"}, ["a"]]}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		file := newFile(t)
		write(t, file.Path, data)
		got, err := file.Load(t.Context())
		if (got == nil) == (err == nil) {
			t.Fatalf("Load = %v, %v", got, err)
		}
		if err == nil && got.Lineage == "" {
			t.Fatal("a state without a lineage was read")
		}
	})
}

// FuzzJournal holds Load to the same for a journal: it never panics, and the
// state is there or an error is, but never less than the snapshot.
func FuzzJournal(f *testing.F) {
	base := state.New("lineage")
	base.Serial = 1
	base.Apply(object("base"))
	snapshot, err := state.Encode(base, "")
	if err != nil {
		f.Fatal(err)
	}
	file := file.Store{Path: f.TempDir() + "/state.json"}
	s := state.New("lineage")
	if err := file.Save(f.Context(), s); err != nil {
		f.Fatal(err)
	}
	j, err := file.Journal(f.Context(), s)
	if err != nil {
		f.Fatal(err)
	}
	for _, r := range []state.Record{object("a"), {Addr: user("b"), Intent: &state.Intent{Key: "k"}}, {Addr: user("b"), Ends: []string{"k"}}} {
		if err := j.Append(r); err != nil {
			f.Fatal(err)
		}
	}
	good, err := os.ReadFile(file.Path + ".journal")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add(good[:len(good)-3])
	f.Add(bytes.ReplaceAll(good, []byte("kira_user"), []byte("kira_uzer")))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		file := newFile(t)
		write(t, file.Path, snapshot)
		write(t, file.Path+".journal", data)
		got, err := file.Load(t.Context())
		if (got == nil) == (err == nil) {
			t.Fatalf("Load = %v, %v", got, err)
		}
		if len(data) == 0 && err == nil {
			t.Fatal("an empty journal was taken for one without records")
		}
	})
}
