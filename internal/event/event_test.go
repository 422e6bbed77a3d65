package event_test

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kiraform/internal/event"
)

func record(events []event.Event) *bytes.Buffer {
	var buf bytes.Buffer
	write := event.JSON(&buf)
	for _, e := range events {
		write(e)
	}
	return &buf
}

func replay(t rapid.TB, recording string) []event.Event {
	t.Helper()
	var got []event.Event
	if err := event.Replay(strings.NewReader(recording), func(e event.Event) { got = append(got, e) }); err != nil {
		t.Fatal(err)
	}
	return got
}

// fill sets every field of v, at any depth, to something that is not zero, so
// that a field which JSON leaves out is noticed.
func fill(t *rapid.T, v reflect.Value, depth int) {
	switch v.Kind() {
	case reflect.Struct:
		for _, field := range v.Fields() {
			fill(t, field, depth+1)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem(), depth)
	case reflect.Slice:
		if depth < 5 { // nodes hold nodes
			v.Set(reflect.MakeSlice(v.Type(), rapid.IntRange(1, 2).Draw(t, "length"), 2))
		}
		for i := range v.Len() {
			fill(t, v.Index(i), depth+1)
		}
	case reflect.Array:
		for i := range v.Len() {
			fill(t, v.Index(i), depth+1)
		}
	case reflect.Map:
		m := reflect.MakeMap(v.Type())
		for range rapid.IntRange(1, 3).Draw(t, "size") {
			key, elem := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			fill(t, key, depth+1)
			fill(t, elem, depth+1)
			m.SetMapIndex(key, elem)
		}
		v.Set(m)
	case reflect.String:
		v.SetString(rapid.StringN(1, 8, -1).Draw(t, "string"))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(rapid.Int64Min(1).Draw(t, "int"))
	default:
		panic(fmt.Sprintf("fill does not know how to set %v", v.Type()))
	}
}

func TestEveryEventSurvivesRecordingAndReplay(t *testing.T) {
	if got := replay(t, record(event.Each).String()); !reflect.DeepEqual(got, event.Each) {
		t.Errorf("zero events: replayed %v, want %v", got, event.Each)
	}
	for _, like := range event.Each {
		t.Run(fmt.Sprintf("%T", like), rapid.MakeCheck(func(t *rapid.T) {
			v := reflect.New(reflect.TypeOf(like)).Elem()
			fill(t, v, 0)
			want := []event.Event{v.Interface().(event.Event)}
			if got := replay(t, record(want).String()); !reflect.DeepEqual(got, want) {
				t.Errorf("replayed %+v, want %+v", got, want)
			}
		}))
	}
}

func TestEmptyStringIsNotNull(t *testing.T) {
	want := []event.Event{event.Planned{Nodes: []event.Node{{After: event.Leaf{Text: new(event.Foreign(""))}}}}}
	got := replay(t, record(want).String())
	if leaf := got[0].(event.Planned).Nodes[0].After; leaf.IsNull() || *leaf.Text != "" {
		t.Errorf("an empty string came back as %+v", leaf)
	}
}

func TestRecordingHoldsOneEventALine(t *testing.T) {
	recording := record([]event.Event{event.Note{Addr: "a.b", Text: "two\nlines"}, event.Finish{}}).String()
	if n := strings.Count(recording, "\n"); n != 2 || !strings.HasSuffix(recording, "\n") {
		t.Errorf("two events take %d lines:\n%s", n, recording)
	}
}

func TestReplayStopsAtWhatItCannotRead(t *testing.T) {
	good := record([]event.Event{event.Start{Format: 1}}).String()
	for name, c := range map[string]struct{ recording, want string }{
		"a type nobody knows":    {good + `{"type":"nonsense","data":{}}`, `event 2 of the recording: unknown event type "nonsense"`},
		"a line that is no JSON": {good + "oops", "event 2 of the recording: it is not JSON"},
		"no recording":           {"oops", "this is no recording. One is made by -progress=json"},
		"half a line":            {good + `{"type":"note"`, "event 2 of the recording: it is cut off"},
		"data of another shape":  {`{"type":"note","data":[]}`, "event 1 of the recording: it does not have the form of its type"},
		"no data":                {`{"type":"note"}`, "event 1 of the recording: it has no data"},
	} {
		sent := 0
		err := event.Replay(strings.NewReader(c.recording), func(event.Event) { sent++ })
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", name, err, c.want)
		}
		if want := strings.Count(c.recording, "start"); sent != want {
			t.Errorf("%s: %d events before the error, want %d", name, sent, want)
		}
	}
}

func TestTee(t *testing.T) {
	var got []string
	to := func(name string) event.Sink {
		return func(e event.Event) { got = append(got, fmt.Sprintf("%s %T", name, e)) }
	}
	event.Tee(to("first"), func(event.Event) {}, to("second"))(event.Finish{})
	if want := []string{"first event.Finish", "second event.Finish"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// Replay never panics, and reproduces the streams that it accepts.
func FuzzReplay(f *testing.F) {
	f.Add(record(event.Each).Bytes())
	f.Add([]byte(`{"type":"planned","data":{"nodes":[{"op":"~","before":{"text":"a"},"after":{"unknown":true}}]}}`))
	f.Add([]byte(`{"type":"finish","data":null}`))
	f.Fuzz(func(t *testing.T, recording []byte) {
		var got []event.Event
		if err := event.Replay(bytes.NewReader(recording), func(e event.Event) { got = append(got, e) }); err != nil {
			return
		}
		first := record(got).String()
		if second := record(replay(t, first)).String(); second != first {
			t.Errorf("recorded\n%s\nand after a replay\n%s", first, second)
		}
	})
}
