package event_test

import (
	"reflect"
	"strings"
	"testing"

	"kiraform/internal/event"
)

// Every sentence is changed, nothing else is, and the event that was given stays.
func TestReworded(t *testing.T) {
	ended := []event.Ended{{Addr: "kira_user.a", Is: "REJECTED", Said: "why"}}
	for _, c := range []struct{ e, want event.Event }{
		{event.Diagnostic{Summary: "one", Detail: "why"}, event.Diagnostic{Summary: "one", Detail: "WHY"}},
		{event.Note{Addr: "a", Text: "why"}, event.Note{Addr: "a", Text: "WHY"}},
		{event.Retry{Addr: "a", Text: "why"}, event.Retry{Addr: "a", Text: "WHY"}},
		{event.Gate{Addr: "a", Text: "why"}, event.Gate{Addr: "a", Text: "WHY"}},
		{event.Deferred{Addr: "a", Reason: "why"}, event.Deferred{Addr: "a", Reason: "WHY"}},
		{event.Unready{Addr: "a", Reason: "why"}, event.Unready{Addr: "a", Reason: "WHY"}},
		{event.End{Addr: "a", Err: "why"}, event.End{Addr: "a", Err: "WHY"}},
		{event.PlanEnd{Ended: ended}, event.PlanEnd{Ended: []event.Ended{{Addr: "kira_user.a", Is: "REJECTED", Said: "WHY"}}}},
		{event.Finish{Ended: ended}, event.Finish{Ended: []event.Ended{{Addr: "kira_user.a", Is: "REJECTED", Said: "WHY"}}}},
		{event.Begin{Addr: "why"}, event.Begin{Addr: "why"}},
	} {
		if got := event.Reworded(c.e, strings.ToUpper); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%T: %+v, want %+v", c.e, got, c.want)
		}
	}
	if ended[0].Said != "why" {
		t.Errorf("the event that was given says %q", ended[0].Said)
	}
}
