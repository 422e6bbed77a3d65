package cli_test

import (
	"strings"
	"testing"

	events "kiraform/internal/webhook"
)

// Whoever names an event that nobody knows, or waits where nobody listens, is told so.
func TestEventsThatNeverCome(t *testing.T) {
	f := newFolder(t, nil)
	says(t, f.must(0, "webhook", "list"), "There are no such events.", "To keep those that Kira sends: kiraform webhook listen")
	said := f.must(1, "webhook", "wait", "user.verification.faild", "-timeout=10ms")
	says(t, said, `There is no event "user.verification.faild" in Kira's documents. Did you mean "user.verification.failed"?`,
		"Nobody listens for events at the moment. To do so, in another window: kiraform webhook listen",
		"To list those that did: kiraform webhook list -invalid")
	f.environ["KIRAFORM_WEBHOOK_SECRET"] = "one-of-ours"
	e := f.listen()
	if said := f.must(1, "webhook", "wait", "user.*", "-timeout=10ms"); strings.Contains(said, "Nobody listens") || strings.Contains(said, "There is no event") {
		t.Errorf("though somebody does, and a pattern is no name:\n%s", said)
	}
	f.must(0, "webhook", "send", "user.created", "-id=true-one", "-to="+e.url)
	f.environ["KIRAFORM_WEBHOOK_SECRET"] = "another-one"
	f.must(0, "webhook", "send", "user.created", "-id=forged-one", "-to="+e.url)
	says(t, e.stop(), "user.created")
	said = f.must(0, "webhook", "list", "user.creatd")
	says(t, said, `Did you mean "user.created"?`, "To list all that are kept: kiraform webhook list -invalid")
	if strings.Contains(said, "webhook listen") {
		t.Errorf("events are kept already:\n%s", said)
	}
	says(t, f.must(1, "webhook", "replay", "-to=http://127.0.0.1:1", "forged-one"), "forged-one is forged", "sent to nobody", "kiraform webhook show forged-one")
	says(t, f.must(1, "webhook", "replay", "-to=http://127.0.0.1:1", "true-ne"), `there is no event "true-ne"`, `Did you mean "true-one"?`)
}

// Examples name events that there are.
func TestExamplesNameEvents(t *testing.T) {
	f := newFolder(t, nil)
	for _, command := range []string{"wait", "send", "list"} {
		for word := range strings.FieldsSeq(f.must(0, "webhook", command, "-help")) {
			if strings.Count(word, ".") > 0 && strings.HasPrefix(word, "user.") {
				found := false
				for _, name := range events.Known() {
					found = found || events.Matches(strings.Trim(word, "'.,:"), name)
				}
				if !found {
					t.Errorf("webhook %s -help names %s, which is no event", command, word)
				}
			}
		}
	}
}
