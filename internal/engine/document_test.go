package engine_test

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"kiraform/internal/engine"
	"kiraform/internal/event"
)

// A document is shown by its format, its size and its digest, and not by its
// content.
func TestPlanDescribesDocuments(t *testing.T) {
	content := strings.Repeat("JPEG", 4250)
	uri := "data:image/jpeg;base64," + base64.StdEncoding.EncodeToString([]byte(content))
	w := newWorld(t)
	src := strings.Replace(crowd(1, false, false), "https://example.com/1.jpg", uri, 1)
	w.run(t, src, engine.PlanOptions{}, true)
	text := planned(t, w.events)
	if want := `"literal":"image/jpeg of 17 kB, sha256 `; strings.Count(text, want) != 1 {
		t.Errorf("%s is not in %s", want, text)
	}
	if strings.Contains(text, uri[40:80]) || strings.Contains(text, "example.com/2.jpg") {
		t.Errorf("a document, or where to fetch one, is in %s", text)
	}
	w.noOp(t, src, engine.PlanOptions{})

	other := strings.Replace(crowd(1, false, false), "https://example.com/1.jpg", uri[:len(uri)-4]+"AAAA", 1)
	w.run(t, other, engine.PlanOptions{}, false)
	if text := planned(t, w.events); strings.Count(text, "image/jpeg of 17 kB") != 1 {
		t.Errorf("another document of the same size is no change: %s", text)
	}
}

// planned returns the planned changes, as JSON.
func planned(t *testing.T, events []event.Event) string {
	t.Helper()
	var all []event.Event
	for _, e := range events {
		if p, ok := e.(event.Planned); ok {
			all = append(all, p)
		}
	}
	text, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
