package webhook

import (
	"errors"
	"io"
	"net/http"
	"time"
)

// MaxBody is the greatest number of bytes that a delivery may have.
const MaxBody = 1 << 20

// The deliveries that are refused, and so lost: their sender does not send again.
var (
	errTooLong  = errors.New("it had more than 1 MiB, and was refused")
	errBrokeOff = errors.New("its body broke off")
)

// A Receiver is the handler that Kira posts to, on any path. It answers 200
// once a delivery is durable, whatever it is and however it is signed: a sender
// that is told otherwise never sends again (brief). It answers 405 to another
// method, 413 to more than [MaxBody] bytes, 400 to a body that breaks off, and
// 500 if the delivery could not be kept.
type Receiver struct {
	Writer  *Writer
	Secrets Secrets // without any, every delivery is Unverified
	// Kept is called for each delivery, after it is durable and before the
	// answer; Lost for each that could not be kept, or was refused. Both may be called by
	// several goroutines at once.
	Kept func(k Kept, d Delivery)
	Lost func(error)
}

// ServeHTTP implements [http.Handler].
func (r *Receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if req.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "events are sent with POST", http.StatusMethodNotAllowed)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, req.Body, MaxBody))
	if _, long := errors.AsType[*http.MaxBytesError](err); long {
		r.Lost(errTooLong)
		http.Error(w, "an event has 1 MiB at most", http.StatusRequestEntityTooLarge)
		return
	}
	if err != nil {
		r.Lost(errBrokeOff)
		http.Error(w, "the body broke off", http.StatusBadRequest)
		return
	}
	c := content{Remote: req.RemoteAddr, Path: req.URL.RequestURI(), Header: req.Header, Body: body}
	kept, err := r.Writer.Keep(r.verdict(body, req.Header.Get(SignatureHeader)), c)
	if err != nil {
		r.Lost(err)
		http.Error(w, "the event could not be kept", http.StatusInternalServerError)
		return
	}
	r.Kept(kept, Delivery{Head: kept.Head, Remote: c.Remote, Path: c.Path, Header: c.Header, Body: body})
	w.WriteHeader(http.StatusOK)
}

func (r *Receiver) verdict(body []byte, signature string) Verdict {
	switch {
	case !r.Secrets.Any():
		return Unverified
	case r.Secrets.Verify(body, signature):
		return Valid
	}
	return Forged
}

// Server returns a server for the receiver that does not wait for those who
// send slowly, or not at all.
func (r *Receiver) Server() *http.Server {
	return &http.Server{Handler: r, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second,
		WriteTimeout: 30 * time.Second, IdleTimeout: time.Minute, MaxHeaderBytes: 64 << 10}
}
