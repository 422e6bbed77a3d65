package state_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"kiraform/state"
)

func TestCarried(t *testing.T) {
	s := state.New("lineage")
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for i := range 60 {
		s.Carry(fmt.Sprint("plan ", i), at.Add(time.Duration(i)*time.Minute))
	}
	if got := s.Carried("plan 59"); !got.Equal(at.Add(59 * time.Minute)) {
		t.Errorf("the last was carried out at %v", got)
	}
	if got := s.Carried("plan 0"); !got.IsZero() {
		t.Errorf("the first of 60 is remembered: %v", got)
	}
}

func TestSign(t *testing.T) {
	k, data := newKey(t, secret), []byte("data")
	signature := k.Sign("plan", data)
	if !k.Signed("plan", data, signature) {
		t.Error("a signature does not fit what it is of")
	}
	if k.Signed("plan", []byte("datb"), signature) || k.Signed("state", data, signature) || newKey(t, secret+"!").Signed("plan", data, signature) ||
		k.Signed("plan", data, "") {
		t.Error("a signature fits something else")
	}
}

func TestFreshKey(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	if _, err := state.ReadKey(path, ""); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a key is read that is not there: %v", err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("reading made a key")
	}
	for _, want := range []bool{true, false} {
		if k, err := state.LoadKey(path, ""); err != nil || k.Fresh() != want {
			t.Errorf("Fresh() = %v, %v; want %v", k.Fresh(), err, want)
		}
	}
}
