package postgres_test

import (
	"strings"
	"testing"
	"time"

	"kiraform/state"
	"kiraform/state/postgres/pgtest"
)

// A database may write dates in its own way, and count in another zone: a lock is
// still seen and taken over, and the history is read.
func TestADatabaseWithSettingsOfItsOwn(t *testing.T) {
	url := pgtest.URL(t)
	name := url[strings.LastIndex(url, "/")+1:]
	name, _, _ = strings.Cut(name, "?")
	for _, set := range []string{
		"datestyle = 'German, DMY'", "timezone = 'Asia/Kathmandu'", "default_transaction_isolation = 'serializable'",
		"standard_conforming_strings = off", "bytea_output = 'escape'", "extra_float_digits = 0", "client_encoding = 'LATIN1'",
	} {
		pgtest.Exec(t, url, "alter database "+name+" set "+set)
	}
	if err := session(t, dial(t, url).Store("default"), "first"); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	alice := dial(t, url).Store("default")
	alice.Lease = 5 * time.Minute
	if _, err := alice.Lock(t.Context(), state.Holder{ID: "alice"}); err != nil {
		t.Fatal(err)
	}
	bob := dial(t, url).Store("default")
	status, err := bob.LockStatus(t.Context())
	if left := time.Until(status.Until); err != nil || !status.Held || left < 0 || left > 6*time.Minute {
		t.Errorf("the lock is %+v, %v, %s before its end", status, err, left)
	}
	if _, err := bob.Lock(t.Context(), state.Holder{ID: "bob"}); err == nil || !strings.Contains(err.Error(), "alice") && !strings.Contains(err.Error(), "locked") {
		t.Errorf("the lock was taken from alice: %v", err)
	}
	if err := bob.ForceUnlock(t.Context(), "alice"); err != nil {
		t.Error(err)
	}
	all, err := bob.History(t.Context())
	if err != nil || len(all) == 0 || all[0].At.Before(began.Add(-time.Minute)) || all[0].At.After(time.Now().Add(time.Minute)) {
		t.Errorf("the history is %+v, %v", all, err)
	}
}
