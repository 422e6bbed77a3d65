package engine

import (
	"context"
	"fmt"
	"strings"
	"time"

	"kiraform/internal/addr"
	"kiraform/internal/event"
	"kiraform/internal/live"
	"kiraform/internal/redact"
	"kiraform/internal/ui/words"
	"kiraform/internal/webhook"
	"kiraform/schema"
	"kiraform/schema/kinds"
	"kiraform/state"
)

// Rejection is why Kira ended an object, by a verified event. Nothing is decided
// by it: that the object has ended, Kira itself shows.
type Rejection struct {
	At      time.Time `json:"at"` // when the event came
	Reasons []Reason  `json:"reasons"`
}

// Reason is one reason in Kira's words, and the attributes that it is about, as
// far as that can be told.
type Reason struct {
	Text  event.Foreign `json:"text"`
	Attrs []string      `json:"attributes,omitempty"`
}

// String quotes the reasons in a sentence.
func (r Rejection) String() string {
	var quoted []string
	for _, reason := range r.Reasons {
		text := reason.Text.Quoted()
		if len(reason.Attrs) > 0 {
			text += " (" + strings.Join(reason.Attrs, ", ") + ")"
		}
		quoted = append(quoted, text)
	}
	noun := "reason"
	if len(quoted) > 1 {
		noun = "reasons"
	}
	return fmt.Sprintf("Kira gave the %s, on %s: %s.", noun, words.Moment(r.At), strings.Join(quoted, "; "))
}

// rejections returns why objects of the state have ended, by their ids: of those
// that Kira shows to have ended, as far as a verified event says it that is newer
// than the last thing that was sent to the object.
func (s *Session) rejections() map[string]Rejection {
	store := s.project.Events
	ended := s.endedBy()
	if ask := s.project.Reasons; ask != nil {
		return s.asked(ended, ask)
	}
	if store.Dir == "" || len(ended) == 0 {
		return nil
	}
	log, err := store.Read()
	if err != nil {
		s.unheard(err)
		return nil
	}
	all := make(map[string]Rejection)
	var locked error
	for _, e := range log.Events(false) {
		if e.Locked != nil {
			locked = e.Locked
		}
		if !e.Valid || e.Locked != nil {
			continue
		}
		word, id := e.Envelope().Subject()
		k, ok := kinds.ByEvents(word)
		if !ok {
			continue
		}
		if o, is := ended[addr.Object{Kind: k.Schema.Name, ID: id}]; is && k.Rejection == e.Event && current(&e, o, log.Asked[id]) {
			if r := s.rejection(k.Schema, e.At, e.Envelope().Reasons); len(r.Reasons) > 0 {
				all[id] = r // the last one counts
			}
		}
	}
	if locked != nil {
		s.unheard(locked)
	}
	return all
}

// asked returns why objects have ended by asking for each, as [Session.rejections]
// does by events.
func (s *Session) asked(ended map[addr.Object]state.Object, ask func(id string) (time.Time, []string)) map[string]Rejection {
	all := make(map[string]Rejection)
	for id, o := range ended {
		at, reasons := ask(id.ID)
		texts := make([]event.Foreign, len(reasons))
		for i, text := range reasons {
			texts[i] = event.Foreign(text)
		}
		if r := s.rejection(s.project.schemas[id.Kind], at, texts); len(r.Reasons) > 0 && at.After(o.Written) {
			all[id.ID] = r
		}
	}
	return all
}

// endedBy returns the objects of the state that have ended and of whose kind an
// event says why, each with the time at which something was last sent to it.
func (s *Session) endedBy() map[addr.Object]state.Object {
	all := make(map[addr.Object]state.Object)
	for a, o := range s.State.Resources {
		if k, ok := kinds.ByName(a.Kind); ok && k.Rejection != "" && k.Schema.EndBy(o.Seen.Member) != "" {
			all[a.Object(o.ID)] = o
		}
	}
	for _, in := range s.State.Open() { // a request without an answer may have been carried out
		id := in.Addr.Object(in.ID)
		if o, is := all[id]; is && in.At.After(o.Written) {
			o.Written = in.At
			all[id] = o
		}
	}
	return all
}

// clocks is how far Kira's clock may be from ours.
const clocks = 10 * time.Second

// current reports whether an event is newer than the last thing that was sent to
// an object, and than the last time that Kira was asked to judge it again. An old
// delivery stays valid for ever, so the time that is signed counts as well.
func current(e *webhook.Event, o state.Object, asked time.Time) bool {
	since := o.Written
	if asked.After(since) {
		since = asked
	}
	made := e.Envelope().Created
	return e.At.After(since) && (made.IsZero() || made.After(since.Add(-clocks)))
}

// Quotes of an event are bounded, however long it is.
const mostReasons, longestReason = 20, 500

func (s *Session) rejection(k *schema.Kind, at time.Time, texts []event.Foreign) Rejection {
	r := Rejection{At: at.UTC()}
	for _, text := range texts {
		if strings.TrimSpace(string(text)) == "" || len(r.Reasons) == mostReasons {
			continue
		}
		short := []rune(s.project.secrets.Text(redact.URLs(string(text))))
		if len(short) > longestReason {
			short = append(short[:longestReason:longestReason], '…')
		}
		r.Reasons = append(r.Reasons, Reason{event.Foreign(short), kinds.Mentioned(k, string(short))})
	}
	return r
}

// said is rejections in sentences.
func (s *Session) said() map[string]string {
	all := make(map[string]string)
	for id, r := range s.rejections() {
		all[id] = r.String()
	}
	return all
}

// unheard warns, once, that events which may have reasons cannot be read.
func (s *Session) unheard(err error) {
	if s.deaf {
		return
	}
	s.deaf = true
	s.project.Emit(event.Diagnostic{Severity: "warning", Code: "events-unread", Summary: "Events cannot be read",
		Detail: fmt.Sprintf("The reasons that Kira gave in events are not shown: %s. Everything else is as Kira shows it.", strings.TrimSuffix(err.Error(), "."))})
}

// listen has watch look at an object as soon as a verified event names it, until
// stop is called. An event that names another object costs nothing.
func (p *Project) listen(ctx context.Context, watch *live.Watch) (stop func(), err error) {
	return p.hear(ctx, func(word, id string) {
		if k, ok := kinds.ByEvents(word); ok && id != "" {
			watch.Look(addr.Object{Kind: k.Schema.Name, ID: id})
		}
	})
}

// hear tells do of the object that each verified event names from now on, until stop
// is called.
func (p *Project) hear(ctx context.Context, do func(word, id string)) (stop func(), err error) {
	if p.Events.Dir == "" {
		return func() {}, nil
	}
	follower, err := p.Events.Follow()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		follower.Each(ctx, func(d webhook.Delivery) { do(d.Envelope().Subject()) })
	}()
	return func() { cancel(); <-ended }, nil
}
