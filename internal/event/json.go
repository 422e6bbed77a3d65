package event

import (
	"encoding/json"
	"fmt"
	"io"
	"reflect"
)

type envelope struct {
	Type string          `json:"type"`
	Data json.RawMessage `json:"data"`
}

// JSON returns a Sink that writes one event a line to w. A failure to write is
// not reported: a view that went away must not end a run.
func JSON(w io.Writer) Sink {
	enc := json.NewEncoder(w)
	return func(e Event) {
		data, err := json.Marshal(e)
		if err != nil {
			panic(fmt.Sprintf("event: %T does not marshal: %v", e, err))
		}
		_ = enc.Encode(envelope{e.kind(), data})
	}
}

// Replay sends the events recorded in r by [JSON] to the sink. The error says
// at which event reading stopped.
func Replay(r io.Reader, to Sink) error {
	dec := json.NewDecoder(r)
	for n := 1; ; n++ {
		var env envelope
		err := dec.Decode(&env)
		if err == io.EOF {
			return nil
		}
		var e Event
		if err == nil {
			e, err = decode(env)
		}
		if err != nil {
			return fmt.Errorf("event %d of the recording: %w", n, err)
		}
		to(e)
	}
}

// decode finds the type that env names among Each, so a new event type needs
// no line here.
func decode(env envelope) (Event, error) {
	for _, like := range Each {
		if like.kind() == env.Type {
			v := reflect.New(reflect.TypeOf(like))
			err := json.Unmarshal(env.Data, v.Interface())
			return v.Elem().Interface().(Event), err
		}
	}
	return nil, fmt.Errorf("unknown event type %q", env.Type)
}
