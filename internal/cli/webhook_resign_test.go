package cli_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"filippo.io/age"
)

// An event that nobody has verified is not made a true one by a signature of ours.
func TestResigningMakesNothingTrue(t *testing.T) {
	f := newFolder(t, nil)
	came := 0
	target := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		came++
	}))
	defer target.Close()
	e := f.listen("-unverified")
	f.must(0, "webhook", "send", "user.created", "-to="+e.url, "-id=e1", "-secret=a-guess")
	e.stop()
	says(t, f.must(1, "webhook", "replay", "e1", "-to="+target.URL, "-resign", "-secret="+hookSecret), "it was never verified", "0 events sent, 1 failed.")
	if came != 0 {
		t.Errorf("it was sent %d times", came)
	}
	f.must(0, "webhook", "replay", "e1", "-to="+target.URL)
	if came != 1 {
		t.Errorf("it was sent %d times as it came", came)
	}
}

// Without the key of an encrypted store, an event is said to be unreadable, and not to
// have a wrong signature.
func TestVerifyingWithoutTheKeyOfTheStore(t *testing.T) {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	f := newFolder(t, map[string]string{"main.kira.hcl": "kiraform {\n  encryption {\n    recipients = [\"" + id.Recipient().String() + "\"]\n  }\n}\n"})
	f.environ["KIRAFORM_WEBHOOK_SECRET"] = hookSecret
	e := f.listen()
	f.must(0, "webhook", "send", "user.created", "-to="+e.url, "-id=e1")
	e.stop()
	says(t, f.must(1, "webhook", "verify", "-secret="+hookSecret), "e1 cannot be read", "0 signatures right, 0 wrong, 1 that cannot be read")
	says(t, f.must(1, "webhook", "replay", "-to=http://127.0.0.1:1"), "KIRAFORM_AGE_IDENTITY is not set", "0 events sent, 1 failed.")
	f.environ["KIRAFORM_AGE_IDENTITY"] = id.String()
	says(t, f.must(0, "webhook", "verify", "-secret="+hookSecret), "1 signature right, 0 wrong.")
}
