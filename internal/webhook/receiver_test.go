package webhook

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"
)

func (b *bench) receiver(secrets ...string) (*httptest.Server, *[]Kept) {
	var mu sync.Mutex
	var all []Kept
	r := &Receiver{Writer: b.w, Secrets: secrets, Lost: func(err error) {
		if !errors.Is(err, errTooLong) && !errors.Is(err, errBrokeOff) {
			b.Error(err)
		}
	}, Kept: func(k Kept, _ Delivery) {
		mu.Lock()
		defer mu.Unlock()
		all = append(all, k)
	}}
	srv := httptest.NewServer(r)
	b.Cleanup(srv.Close)
	return srv, &all
}

func send(t *testing.T, method, url, signature, body string) int {
	t.Helper()
	req, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if signature != "" {
		req.Header.Set("x-signature-sha256", signature)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode
}

func TestAnswers(t *testing.T) {
	b := newBench(t)
	srv, kept := b.receiver("new-secret", "old-secret")
	body := made("user.created", "e1")
	for _, c := range []struct {
		name, method, path, signature, body string
		code                                int
		verdict                             Verdict
	}{
		{"signed", "POST", "/", Sign("new-secret", []byte(body)), body, 200, Valid},
		{"signed with the old secret", "POST", "/any/path", Sign("old-secret", []byte(body)), body, 200, Valid},
		{"signed with another", "POST", "/", Sign("guess", []byte(body)), body, 200, Forged},
		{"not signed", "POST", "/", "", body, 200, Forged},
		{"an event that nobody knows", "POST", "/", Sign("new-secret", []byte(made("moon.full", "e2"))), made("moon.full", "e2"), 200, Valid},
		{"no JSON", "POST", "/", Sign("new-secret", []byte("hello")), "hello", 200, Valid},
		{"another method", "GET", "/", "", "", 405, ""},
		{"PUT", "PUT", "/", Sign("new-secret", []byte(body)), body, 405, ""},
		{"as long as may be", "POST", "/", Sign("new-secret", long(MaxBody)), string(long(MaxBody)), 200, Valid},
		{"longer", "POST", "/", Sign("new-secret", long(MaxBody+1)), string(long(MaxBody + 1)), 413, ""},
	} {
		before := len(*kept)
		if got := send(t, c.method, srv.URL+c.path, c.signature, c.body); got != c.code {
			t.Errorf("%s: %d", c.name, got)
		}
		switch now := (*kept)[before:]; {
		case c.verdict == "" && len(now) != 0:
			t.Errorf("%s: kept %v", c.name, now)
		case c.verdict != "" && (len(now) != 1 || now[0].Verdict != c.verdict):
			t.Errorf("%s: kept as %v", c.name, now)
		}
	}
	if got := len(b.read().Deliveries); got != 7 {
		t.Errorf("%d are kept", got)
	}
}

func long(n int) []byte { return []byte(strings.Repeat("x", n)) }

func TestWithoutASecretNothingIsValid(t *testing.T) {
	b := newBench(t)
	srv, kept := b.receiver("")
	body := made("user.created", "e1")
	send(t, "POST", srv.URL, Sign("", []byte(body)), body)
	if (*kept)[0].Valid || (*kept)[0].Verdict != Unverified {
		t.Errorf("kept as %+v", *kept)
	}
}

// A body that breaks off was not sent: its sender saw that, too.
func TestABodyThatBreaksOff(t *testing.T) {
	b := newBench(t)
	srv, kept := b.receiver("s")
	conn, err := net.Dial("tcp", srv.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(conn, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{\"event\":")
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil || resp.StatusCode != 400 || len(*kept) != 0 {
		t.Errorf("%v, %v; kept %v", resp, err, *kept)
	}
}

func TestAFullDiskIsNotAnArrival(t *testing.T) {
	b := newBench(t)
	if err := b.w.good.file.Close(); err != nil {
		t.Fatal(err)
	}
	var lost error
	r := &Receiver{Writer: b.w, Kept: func(Kept, Delivery) { t.Error("it is kept") }, Lost: func(err error) { lost = err }}
	rec := httptest.NewRecorder()
	r.ServeHTTP(rec, httptest.NewRequest("POST", "/", strings.NewReader("x")))
	if rec.Code != 500 || lost == nil {
		t.Errorf("%d, %v", rec.Code, lost)
	}
}

// A delivery that is refused is lost, which is said: nobody sends it again.
func TestARefusedDeliveryIsLost(t *testing.T) {
	b := newBench(t)
	var lost []error
	r := &Receiver{Writer: b.w, Kept: func(Kept, Delivery) { t.Error("it is kept") }, Lost: func(err error) { lost = append(lost, err) }}
	for _, body := range []io.Reader{strings.NewReader(string(long(MaxBody + 1))), iotest.ErrReader(io.ErrUnexpectedEOF)} {
		r.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("POST", "/", body))
	}
	if !slices.Equal(lost, []error{errTooLong, errBrokeOff}) {
		t.Errorf("lost: %v", lost)
	}
}

// A replay has the same bytes and headers, and so the same signature, unless
// another is asked for.
func TestPost(t *testing.T) {
	b := newBench(t)
	first, _ := b.receiver("s1")
	odd := "{\"event\" : \"user.created\",\n\"data\":{\"event_id\":\"e1\",\"x\":1.0,\"name\":\"\\u00e9\"}}"
	send(t, "POST", first.URL, Sign("s1", []byte(odd)), odd)
	d := b.read().Deliveries[0]

	var got []*http.Request
	var bodies []string
	code := 204
	second := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got, bodies = append(got, r), append(bodies, string(body))
		if code == 302 {
			w.Header().Set("Location", first.URL)
		}
		w.WriteHeader(code)
	}))
	defer second.Close()
	for _, secret := range []string{"", "s2"} {
		if err := Post(context.Background(), second.URL+"/in", &d, secret); err != nil {
			t.Fatal(err)
		}
	}
	for i, want := range []string{"s1", "s2"} {
		if bodies[i] != odd || !(Secrets{want}).Verify([]byte(bodies[i]), got[i].Header.Get(SignatureHeader)) || got[i].URL.Path != "/in" {
			t.Errorf("replay %d: %q, %v", i, bodies[i], got[i].Header)
		}
	}
	for _, code = range []int{302, 400, 500} {
		if err := Post(context.Background(), second.URL, &d, ""); !errors.Is(err, ErrRefused) {
			t.Errorf("%d: %v", code, err)
		}
	}
	if n := len(b.read().Deliveries); n != 1 {
		t.Errorf("a redirect was followed: %d deliveries", n)
	}
}

func TestSlowSendersAreCutOff(t *testing.T) {
	srv := (&Receiver{}).Server()
	if srv.ReadTimeout <= 0 || srv.ReadTimeout > 30*time.Second || srv.ReadHeaderTimeout <= 0 || srv.WriteTimeout <= 0 || srv.IdleTimeout <= 0 {
		t.Errorf("a sender may be as slow as it likes: %+v", srv)
	}
}
