package cipher_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"filippo.io/age"

	"kiraform/internal/cipher"
)

func pair(t *testing.T) (cipher.Identity, string) {
	t.Helper()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return cipher.Identity(id.String()), id.Recipient().String()
}

func TestSealAndOpen(t *testing.T) {
	mine, me := pair(t)
	other, you := pair(t)
	plain := []byte("CANARY")
	if kept, err := mine.Seal(plain, nil); err != nil || !bytes.Equal(kept, plain) || cipher.IsSealed(kept) {
		t.Errorf("for nobody: %q, %v", kept, err)
	}
	kept, err := mine.Seal(plain, []string{me, you})
	if err != nil || !cipher.IsSealed(kept) || bytes.Contains(kept, plain) {
		t.Fatalf("for two: %q, %v", kept, err)
	}
	for _, id := range []cipher.Identity{mine, other} {
		if got, err := id.Open(kept); err != nil || !bytes.Equal(got, plain) {
			t.Errorf("opened: %q, %v", got, err)
		}
	}
	if _, err := mine.Seal(plain, []string{you}); err == nil || !strings.Contains(err.Error(), "the next run could not read it") {
		t.Errorf("for somebody else: %v", err)
	}
	stranger, _ := pair(t)
	for _, id := range []cipher.Identity{stranger, "", "no/such/file"} {
		if _, err := id.Open(kept); !isKey(err) {
			t.Errorf("with another key: %v", err)
		}
	}
	_, err = mine.Open(kept[:len(kept)/2])
	if _, ok := errors.AsType[*cipher.DamagedError](err); !ok {
		t.Errorf("cut off: %v", err)
	}
}

func isKey(err error) bool {
	_, ok := errors.AsType[*cipher.KeyError](err)
	return ok
}

func TestLines(t *testing.T) {
	mine, me := pair(t)
	none, kept, err := mine.NewLines(nil)
	if err != nil || none != nil || kept != "" || string(none.Seal([]byte("a"))) != "a" {
		t.Errorf("for nobody: %v, %q, %v", none, kept, err)
	}
	lines, kept, err := mine.NewLines([]string{me})
	if err != nil {
		t.Fatal(err)
	}
	line := lines.Seal([]byte("CANARY"))
	again, err := mine.OpenLines(kept)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := again.Open(line); err != nil || string(got) != "CANARY" || bytes.Contains(line, got) {
		t.Errorf("%q is %q, %v", line, got, err)
	}
	if _, err := again.Open(line[1:]); err == nil {
		t.Error("half a line is read")
	}
}
