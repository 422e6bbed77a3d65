package kira

import (
	"bytes"
	"time"
)

// Exchange is one try of a request that was answered, with both bodies as they
// went over the line. They have everything that is secret in them.
type Exchange struct {
	At        time.Time // when it was sent
	Method    string
	Path      string // without its query
	Key       string // Idempotency-Key; "" for none
	Sent      []byte // the body; nil for none
	Status    int
	RequestID string
	Answer    []byte
}

// record tells who asked for it of a try that was answered.
func (x *exchange) record(at time.Time) {
	if x.client.Record == nil {
		return
	}
	x.client.Record(Exchange{At: at.UTC(), Method: x.req.Method, Path: x.route, Key: x.req.Key, Sent: bytes.Clone(x.body),
		Status: x.last.status, RequestID: cut(tidy(x.last.requestID), maxID), Answer: bytes.Clone(x.last.body)})
}
