package simulator

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
)

// RoundTrip implements [http.RoundTripper]: a client whose Transport is the
// server talks to it without a socket. A dropped connection is
// [io.ErrUnexpectedEOF].
func (s *Server) RoundTrip(r *http.Request) (resp *http.Response, err error) {
	if r.Body == nil {
		r = r.Clone(r.Context())
		r.Body = http.NoBody
	}
	defer r.Body.Close()
	defer func() {
		switch p := recover(); p {
		case nil:
		case http.ErrAbortHandler:
			resp, err = nil, io.ErrUnexpectedEOF
			if cause := r.Context().Err(); cause != nil {
				err = cause
			}
		default:
			panic(p)
		}
	}()
	rec := &recorder{header: http.Header{}, status: http.StatusOK}
	s.ServeHTTP(rec, r)
	return &http.Response{
		Status: strconv.Itoa(rec.status) + " " + http.StatusText(rec.status), StatusCode: rec.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: rec.header, Body: io.NopCloser(&rec.body), ContentLength: int64(rec.body.Len()), Request: r,
	}, nil
}

// A recorder is a response that has not been sent.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(status int)      { r.status = status }
func (r *recorder) Write(p []byte) (int, error) { return r.body.Write(p) }
