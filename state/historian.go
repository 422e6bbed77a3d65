package state

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A Historian is a Store that keeps the last generations of its state.
type Historian interface {
	// History returns the generations that are kept, newest first. The newest is
	// the stored state, or the last one there was.
	History(ctx context.Context) ([]Generation, error)

	// Restore makes the generation with that serial the state. Later work is not
	// forgotten: objects that the state has and the generation does not are
	// entered in the ledger. A generation of another place is an *OtherPlaceError.
	// Before it is written, admit sets whom the state is encrypted for. The lock
	// has to be held.
	Restore(ctx context.Context, serial uint64, admit func(*State) error) (Restored, error)
}

// NotKept is the error of a [Historian] that does not keep the generation with that
// serial; it keeps these.
func NotKept(serial uint64, kept []uint64) error {
	if len(kept) == 0 {
		return errors.New("no generation of this state is kept")
	}
	var serials []string
	for _, n := range kept {
		serials = append(serials, strconv.FormatUint(n, 10))
	}
	return fmt.Errorf("no generation %d is kept, but these are: %s", serial, strings.Join(serials, ", "))
}

// A Generation is a state as it was saved once.
type Generation struct {
	Serial    uint64
	Lineage   string
	Place     Place     // that it is of; zero if it does not say
	At        time.Time // when it was saved
	Resources int
	Applied   []Applied
	Damaged   error // why it cannot be read; nil if it can
}
