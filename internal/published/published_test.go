package published_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"kiraform/internal/event"
	"kiraform/internal/event/eventtest"
	"kiraform/internal/published"
	"kiraform/internal/ui/tfjson"
)

// lines checks each line of a stream.
func lines(t *testing.T, name, stream string) {
	t.Helper()
	for line := range strings.Lines(stream) {
		if err := published.Check(name, []byte(line)); err != nil {
			t.Errorf("%s: %v\n%s", name, err, line)
		}
	}
}

// Everything that a renderer can write fits the schema of its published.
func TestDocumentsFitTheirSchemas(t *testing.T) {
	var native, stream bytes.Buffer
	sink := event.JSON(&native)
	s := tfjson.Stream{Out: &stream, Version: "0.1.0"}
	for _, e := range append(event.Each, eventtest.Run()...) {
		sink(e)
		s.Handle(e)
	}
	s.End("an error")
	lines(t, "events", native.String())
	lines(t, "stream", stream.String())

	r := eventtest.Rich()
	var objects []event.Planned
	for _, c := range r.Changes {
		objects = append(objects, c.Planned)
	}
	for name, document := range map[string]any{
		"plan":     tfjson.OfPlan(&r),
		"state":    tfjson.OfState(tfjson.StateFacts{}, objects, r.End.Outputs),
		"validate": tfjson.OfDiagnostics(r.Diagnostics),
		"version":  tfjson.OfVersion("0.1.0", "2026-04-14", "linux_amd64"),
	} {
		var b bytes.Buffer
		if err := tfjson.Write(&b, document); err != nil {
			t.Fatal(err)
		}
		if err := published.Check(name, b.Bytes()); err != nil {
			t.Errorf("%s: %v\n%s", name, err, b.String())
		}
	}
	empty := event.Review{}
	var b bytes.Buffer
	if err := tfjson.Write(&b, tfjson.OfPlan(&empty)); err != nil {
		t.Fatal(err)
	}
	if err := published.Check("plan", b.Bytes()); err != nil {
		t.Errorf("an empty plan: %v", err)
	}
}

// A schema refuses documents that are not of its format.
func TestSchemasRefuse(t *testing.T) {
	for name, document := range map[string]string{
		"plan":     `{"format_version": "1.2"}`,
		"state":    `{"format_version": 1, "terraform_version": "1.11.4"}`,
		"events":   `{"type": "planned", "data": {"addr": "kira_user.a"}}`,
		"stream":   `{"type": "version"}`,
		"validate": `{"valid": "yes"}`,
		"version":  `[]`,
		"config":   `{"resource": {"kira_usr": {}}}`,
	} {
		if err := published.Check(name, []byte(document)); err == nil {
			t.Errorf("%s takes %s", name, document)
		}
	}
}

// The schema of the configuration takes configurations that kiraform reads, and
// refuses mistakes.
func TestConfig(t *testing.T) {
	const maria = `{"resource": {"kira_webhook": {"w": BLOCK}}, "output": {"x": {"value": 1}}}`
	for block, fits := range map[string]bool{
		`{"webhook_url": "https://hooks.example.com", "secret": "s"}`:                     true,
		`[{"webhook_url": "${var.url}", "count": 2, "lifecycle": {}}]`:                    true,
		`{"webhook_url": "https://hooks.example.com", "depends_on": ["kira_user.maria"]}`: true,
		`{"secret": "s"}`: false,
		`{"webhook_url": "https://hooks.example.com", "sekret": "s"}`: false,
		`{"webhook_url": 7}`: false,
	} {
		if err := published.Check("config", []byte(strings.Replace(maria, "BLOCK", block, 1))); (err == nil) != fits {
			t.Errorf("%s: %v; it should fit: %v", block, err, fits)
		}
	}
}

// Every block that may be written may be in JSON syntax too.
func TestConfigBlocks(t *testing.T) {
	for text, fits := range map[string]bool{
		`{"module": {"m": {"source": "./m", "team": "a"}}}`:                                                                    true,
		`{"module": {"m": {"team": "a"}}}`:                                                                                     false,
		`{"check": {"c": {"assert": {"condition": "${true}", "error_message": "x"}}}}`:                                         true,
		`{"check": {"c": {"data": {"kira_user": {"u": {"id": "x"}}}, "assert": [{"condition": true, "error_message": "x"}]}}}`: true,
		`{"check": {"c": {"assert": {"condition": true}}}}`:                                                                    false,
		`{"removed": {"from": "kira_user.a", "lifecycle": {"destroy": false}}}`:                                                true,
		`{"removed": [{"lifecycle": {}}]}`:                                                                                     false,
		`{"moved": [{"from": "kira_user.a", "to": "kira_user.b"}]}`:                                                            true,
		`{"moved": {"from": "kira_user.a"}}`:                                                                                   false,
		`{"import": {"to": "kira_user.a", "id": "x"}}`:                                                                         true,
		`{"action": {"kira_payout": {"p": {"config": {"virtual_account_id": "x", "recipient_id": "y", "amount": "1.00", "currency": "USD"}}}}}`: true,
		`{"action": {"kira_payout": {"p": {"config": {"sum": "1.00"}}}}}`:                                                                       false,
		`{"action": {"kira_payout": {"p": {}}}}`:                                                                                                false,
		`{"action": {"kira_pay": {}}}`:                                                                                                          false,
		`{"terraform": {}}`:                                                                                                                     false,
	} {
		if err := published.Check("config", []byte(text)); (err == nil) != fits {
			t.Errorf("%s: %v; it should fit: %v", text, err, fits)
		}
	}
}

// A schema can be published: it is JSON, and names its subject.
func TestSchemas(t *testing.T) {
	for _, name := range published.Names() {
		s, _ := published.Of(name)
		if _, err := json.Marshal(s); err != nil || s.Title == "" || s.Schema == "" {
			t.Errorf("%s: %v, title %q, dialect %q", name, err, s.Title, s.Schema)
		}
		if _, err := s.Resolve(nil); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := published.Check("nothing", nil); err == nil {
		t.Error("there is a format called nothing")
	}
}
