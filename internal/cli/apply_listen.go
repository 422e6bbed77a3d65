package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"kiraform/internal/event"
	"kiraform/internal/webhook"
)

// hear takes in events for as long as a run goes on, if it was asked to. They
// reach the run by the store, like those that another process takes in.
func (a *app) hear(f *runFlags, s *session) (deaf func() error, err error) {
	if f.listen == "" {
		return func() error { return nil }, nil
	}
	if f.wait == 0 {
		return nil, usage("-listen goes with -wait: a run that does not wait has no use for events")
	}
	settings := s.project.EventSettings()
	secrets, _, err := a.mustVerify(nil, settings, false)
	if err != nil {
		return nil, err
	}
	r, err := openEar(f.listen, s.project.Events, settings.Recipients)
	if errors.Is(err, webhook.ErrListening) {
		return nil, fmt.Errorf("%w. Leave -listen out: this run takes notice of those events all the same", err)
	}
	if err != nil {
		return nil, err
	}
	s.say(fmt.Sprintf("listening on http://%s", r.at.Addr()))
	if !secrets.Any() {
		s.say("There is no secret to verify events with, so they are kept and wake nothing.")
	}
	r.Secrets, r.Kept = secrets, func(webhook.Kept, webhook.Delivery) {}
	r.Lost = func(err error) {
		s.say("An event could not be kept, and its sender does not send it again: " + event.Foreign(err.Error()).Line())
	}
	return r.serve(), nil
}

// serve takes in events until it is told to be deaf.
func (r *ear) serve() (deaf func() error) {
	srv := r.Server()
	ended := make(chan struct{})
	go func() { defer close(ended); _ = srv.Serve(r.at) }() // which ends with the run
	return func() error {
		limit, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		err := srv.Shutdown(limit)
		<-ended
		return errors.Join(err, r.Writer.Close())
	}
}
