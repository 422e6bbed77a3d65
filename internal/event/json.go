package event

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"reflect"
	"time"
)

type envelope struct {
	Type string          `json:"type"`
	At   time.Time       `json:"at,omitzero"`
	Data json.RawMessage `json:"data"`
}

// foreign is the part of a line of Terraform's stream that no recording has.
type foreign struct {
	Level string `json:"@level"`
}

// Type is the name of e's type, as recordings have it.
func Type(e Event) string { return e.kind() }

// JSON returns a Sink that writes one event a line to w, with everything spelled
// out that is no character to look at. The same events are the same bytes. A failure to write is not reported: a view that went away
// must not end a run.
func JSON(w io.Writer) Sink { return Timed(w, func() time.Time { return time.Time{} }) }

// Timed is [JSON] that also writes when each event happened, as now tells it.
func Timed(w io.Writer, now func() time.Time) Sink {
	enc := json.NewEncoder(&Plain{Out: w, CI: true})
	return func(e Event) {
		data, err := json.Marshal(e)
		if err != nil {
			panic(fmt.Sprintf("event: %T does not marshal: %v", e, err))
		}
		_ = enc.Encode(envelope{e.kind(), now(), data})
	}
}

// A Moment is an event of a recording.
type Moment struct {
	Event
	At time.Time // zero if the recording does not say
}

// Moments reads a recording of [JSON] or [Timed], as it is asked for. It ends
// with the recording, or with the first error, which says at which event.
func Moments(r io.Reader) iter.Seq2[Moment, error] {
	return func(yield func(Moment, error) bool) {
		dec := json.NewDecoder(r)
		for n := 1; ; n++ {
			var line json.RawMessage
			err := dec.Decode(&line)
			if err == io.EOF {
				return
			}
			var env envelope
			if err == nil {
				err = json.Unmarshal(line, &env)
			}
			var e Event
			if err == nil {
				e, err = decode(env)
			}
			var f foreign
			if err != nil && json.Unmarshal(line, &f) == nil && f.Level != "" {
				err = errTerraform
			}
			if err != nil {
				yield(Moment{}, damaged(n, err))
				return
			}
			if !yield(Moment{e, env.At}, nil) {
				return
			}
		}
	}
}

// errTerraform is the error for a line of the stream of -json, each of which has an @level.
var errTerraform = errors.New("a line of Terraform's stream")

// damaged is the error for event n, in words for whoever has the file.
func damaged(n int, err error) error {
	_, syntax := errors.AsType[*json.SyntaxError](err)
	_, shape := errors.AsType[*json.UnmarshalTypeError](err)
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("event %d of the recording: it is cut off", n)
	case errors.Is(err, errTerraform):
		return errors.New("this is the stream of -json, in Terraform's format, and no recording. One is made by -progress=json, as in: kiraform apply -progress=json >run.jsonl")
	case syntax && n == 1:
		return errors.New("this is no recording. One is made by -progress=json, as in: kiraform apply -progress=json >run.jsonl")
	case syntax:
		return fmt.Errorf("event %d of the recording: it is not JSON", n)
	case shape:
		return fmt.Errorf("event %d of the recording: it does not have the form of its type", n)
	}
	return fmt.Errorf("event %d of the recording: %w", n, err)
}

// Replay sends the events of a recording to the sink, at once. The error says
// at which event reading stopped.
func Replay(r io.Reader, to Sink) error {
	for m, err := range Moments(r) {
		if err != nil {
			return err
		}
		to(m.Event)
	}
	return nil
}

// decode finds the type that env names among Each, so a new event type needs
// no line here.
func decode(env envelope) (Event, error) {
	for _, like := range Each {
		if like.kind() == env.Type {
			v := reflect.New(reflect.TypeOf(like))
			if len(env.Data) == 0 {
				return nil, errors.New("it has no data")
			}
			err := json.Unmarshal(env.Data, v.Interface())
			return v.Elem().Interface().(Event), err
		}
	}
	return nil, fmt.Errorf("unknown event type %q", env.Type)
}
