package event_test

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"kiraform/internal/event"
)

// names are the texts of events that are no sentences, by the types that have them, and
// those of which a sentence is made elsewhere.
var names = map[string]string{
	"Start":      "Command Place.Environment Place.Address Place.Account Place.World TurnedDown Extra With",
	"Diagnostic": "Severity Code Summary Addr About Values Source.File Source.Block Source.Code",
	"Planned":    "Addr Module Kind Name Action Known From ID Needs File Index.Text",
	"PlanEnd":    "Digest Ended.Addr Ended.Is",
	"Begin":      "Addr Action ID",
	"Note":       "Addr",
	"Retry":      "Addr",
	"Gate":       "Addr",
	"Still":      "Addr Action ID",
	"Adopted":    "Addr ID",
	"End":        "Addr Action ID",
	"Skip":       "Addr Cause",
	"Deferred":   "Addr",
	"Unready":    "Addr",
	"Finish":     "Command Ended.Addr Ended.Is",
}

// Every text of an event is changed, or is said here to be no sentence.
func TestEverySentenceIsReworded(t *testing.T) {
	for _, e := range event.Each {
		full := reflect.New(reflect.TypeOf(e)).Elem()
		word(full)
		got := reflect.ValueOf(event.Reworded(full.Interface().(event.Event), strings.ToUpper))
		name := full.Type().Name()
		kept := make(map[string]bool)
		untouched(got, "", kept)
		want := make(map[string]bool)
		for field := range strings.FieldsSeq(names[name]) {
			want[field] = true
		}
		if !reflect.DeepEqual(kept, want) {
			t.Errorf("%s keeps %v as they are, want %v", name, slices.Sorted(maps.Keys(kept)), slices.Sorted(maps.Keys(want)))
		}
	}
}

// word puts a word into each text of a value. The values of attributes are left out.
func word(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString("word")
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		word(v.Elem())
	case reflect.Struct:
		for _, field := range v.Fields() {
			word(field)
		}
	case reflect.Slice:
		if v.Type().Elem() != reflect.TypeFor[event.Node]() {
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
			word(v.Index(0))
		}
	}
}

// untouched lists the paths of the texts that still are the word.
func untouched(v reflect.Value, path string, into map[string]bool) {
	switch v.Kind() {
	case reflect.String:
		if v.String() == "word" {
			into[path] = true
		}
	case reflect.Pointer:
		if !v.IsNil() {
			untouched(v.Elem(), path, into)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			untouched(v.Field(i), strings.TrimPrefix(path+"."+v.Type().Field(i).Name, "."), into)
		}
	case reflect.Slice:
		for i := range v.Len() {
			untouched(v.Index(i), path, into)
		}
	}
}

// The sentences of a review are changed as those of its events, and the review that was
// given stays.
func TestReviewsAreReworded(t *testing.T) {
	r := event.Review{Diagnostics: []event.Diagnostic{{Detail: "why"}}, Changes: []event.Reviewed{{Planned: event.Planned{Why: "why"}}}, End: event.PlanEnd{NoDigest: "why"}}
	got := r.Reworded(strings.ToUpper)
	if got.Diagnostics[0].Detail+got.Changes[0].Why+got.End.NoDigest != "WHYWHYWHY" || r.Diagnostics[0].Detail+r.Changes[0].Why+r.End.NoDigest != "whywhywhy" {
		t.Errorf("%+v, from %+v", got, r)
	}
}

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
		{event.Planned{Addr: "a", Why: "why", After: "why"}, event.Planned{Addr: "a", Why: "WHY", After: "WHY"}},
		{event.PlanEnd{NoDigest: "why"}, event.PlanEnd{NoDigest: "WHY"}},
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
