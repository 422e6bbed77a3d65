package file_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"kiraform/state"
	"kiraform/state/file"
)

// A request goes into the journal before it is sent, so that it is found there
// even if the run never saves.
func ExampleStore() {
	dir, err := os.MkdirTemp("", "kiraform")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	ctx, store := context.Background(), file.Store{Path: filepath.Join(dir, "kiraform.state.json")}

	s := state.New("a-lineage")
	if err := store.Save(ctx, s); err != nil {
		panic(err)
	}
	journal, err := store.Journal(ctx, s)
	if err != nil {
		panic(err)
	}
	intent := state.Intent{Action: "create", Key: "5f0c"}
	if err := journal.Append(state.Record{Addr: user("maria"), Intent: &intent}); err != nil {
		panic(err)
	}

	found, err := store.Load(ctx)
	fmt.Println(found.Intents["5f0c"].Addr, err)
	// Output: kira_user.maria <nil>
}
