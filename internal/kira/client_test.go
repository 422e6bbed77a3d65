package kira

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"kiraform/internal/norace"
)

// serve starts a server that signs everybody in, and returns a client of it.
func serve(t *testing.T, h http.HandlerFunc) *Client {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("POST /sandbox/auth", func(w http.ResponseWriter, r *http.Request) {
		var in map[string]string
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil || in["password"] != "password-of-acme" || r.Header.Get("Authorization") != "" {
			http.Error(w, `{"message":"Unauthorized"}`, http.StatusUnauthorized)
			return
		}
		fmt.Fprint(w, `{"message":"Auth token","data":{"access_token":"token-of-acme","expires_in":3600,"token_type":"Bearer"}}`)
	})
	mux.HandleFunc("/sandbox/", h)
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	return &Client{BaseURL: srv.URL + "/sandbox", APIKey: "key-of-acme", ClientID: "c", Password: "password-of-acme"}
}

func TestHeadersOfARequest(t *testing.T) {
	var got http.Header
	var body string
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		data, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		got, body = r.Header, string(data)
		fmt.Fprint(w, `{"id":"u1"}`)
	})
	var out struct{ ID string }
	err := c.Do(t.Context(), Request{Method: "POST", Path: "/v1/users", Key: "k1", Body: map[string]string{"type": "individual"}}, &out)
	if err != nil {
		t.Fatal(err)
	}
	check(t, "id", out.ID, "u1")
	check(t, "body", body, `{"type":"individual"}`)
	for name, want := range map[string]string{
		"Authorization": "Bearer token-of-acme", "X-Api-Key": "key-of-acme", "X-Api-Version": "2026-04-14",
		"Idempotency-Key": "k1", "Content-Type": "application/json",
	} {
		check(t, name, got.Get(name), want)
	}
	if err := c.Do(t.Context(), Request{Method: "GET", Path: "/v1/users"}, nil); err != nil {
		t.Fatal(err)
	}
	check(t, "a GET's body and headers", body+got.Get("Idempotency-Key")+got.Get("Content-Type"), "")
	check(t, "requests", c.Requests(), int64(3))
}

func TestAnswersThatCannotBeRead(t *testing.T) {
	for _, tt := range []struct{ name, body, want string }{
		{"text", "Blocked", `POST /v1/users: 200 OK: the answer is not JSON but "Blocked". It may have taken effect. ` + notKiras},
		{"a page", "<html><body>hello</body></html>", `POST /v1/users: 200 OK: the answer is not JSON but a page for a browser. It may have taken effect. ` + notKiras},
		{"JSON cut short", `{"ssn":"222-22-2222`, `POST /v1/users: 200 OK: the answer ends in the middle. It may have taken effect. ` + tryAgain},
		{"nothing", "", `POST /v1/users: 200 OK: the answer is empty. It may have taken effect. ` + notKiras},
		{"the wrong type", `{"id":[]}`, `POST /v1/users: 200 OK: the answer has another form than Kira's: ID is of the type array. It may have taken effect. ` + notKiras},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, tt.body) })
			var out struct{ ID string }
			err := c.Do(t.Context(), Request{Method: "POST", Path: "/v1/users", Key: "k"}, &out)
			if e, ok := errors.AsType[*NoAnswer](err); !ok || e.Refused() || e.Error() != tt.want {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
		})
	}
}

func TestAnEmptyAnswerIsFineOnlyAs204(t *testing.T) {
	for status, fine := range map[int]bool{http.StatusNoContent: true, http.StatusOK: false} {
		c := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
		if err := c.Do(t.Context(), get, nil); (err == nil) != fine {
			t.Errorf("%d: error = %v", status, err)
		}
	}
}

func TestAnAnswerCutShortIsAskedForAgain(t *testing.T) {
	n := 0
	c := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		if n++; n == 1 {
			w.Header().Set("Content-Length", "100")
			fmt.Fprint(w, `{"id":`)
			return
		}
		fmt.Fprint(w, `{"id":"u1"}`)
	})
	var out struct{ ID string }
	if err := c.Do(t.Context(), get, &out); err != nil || out.ID != "u1" {
		t.Errorf("id %q, error %v", out.ID, err)
	}
}

func TestLargeAndCompressedAnswers(t *testing.T) {
	if norace.Run(t, t.TempDir()) {
		return
	}
	for _, tt := range []struct {
		name string
		size int
		want string
	}{
		{"fifteen megabytes are read", 15 << 20, ""},
		{"seventeen are not", 17 << 20, "GET /v1/users: no answer: the answer is larger than 16 MB"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Encoding", "gzip")
				z := gzip.NewWriter(w)
				fmt.Fprintf(z, `{"id":%q}`, strings.Repeat("a", tt.size))
				if err := z.Close(); err != nil {
					t.Error(err)
				}
			})
			var out struct{ ID string }
			err := c.Do(t.Context(), get, &out)
			if tt.want == "" {
				if err != nil || len(out.ID) != tt.size {
					t.Errorf("%d bytes, error %v", len(out.ID), err)
				}
				return
			}
			check(t, "error", err.Error(), tt.want)
		})
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("%s %s was followed, with api key %q", r.Method, r.URL, r.Header.Get("X-Api-Key"))
	}))
	defer elsewhere.Close()
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
	})
	err := c.Do(t.Context(), get, nil)
	if e, ok := errors.AsType[*Error](err); !ok || e.Status != 307 || e.Refused() {
		t.Errorf("error = %v, want a 307", err)
	}
}

func TestNobodyThere(t *testing.T) {
	srv := httptest.NewServer(nil)
	srv.Close()
	c := &Client{BaseURL: srv.URL, APIKey: "k", ClientID: "c", Password: "p", MaxTries: 1}
	err := c.Do(t.Context(), get, nil)
	e, ok := errors.AsType[*NoAnswer](err)
	if !ok || e.Sent || e.Path != "/auth" || !strings.Contains(err.Error(), "connection refused") {
		t.Errorf("error = %v, want a refused connection while signing in", err)
	}
}

func TestNothingIsSentToABadAddressOrWithoutCredentials(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*Client)
		want   string
	}{
		{"no address", func(c *Client) { c.BaseURL = "" }, "KIRA_BASE_URL"},
		{"plain http", func(c *Client) { c.BaseURL = "http://api.balampay.com" }, "refusing to send credentials to api.balampay.com over plain http"},
		{"plain http to a name that only looks local", func(c *Client) { c.BaseURL = "http://localhost.example.com" }, "plain http"},
		{"another scheme", func(c *Client) { c.BaseURL = "ftp://api.balampay.com" }, "must begin with https://"},
		{"no scheme", func(c *Client) { c.BaseURL = "api.balampay.com" }, "not a URL"},
		{"a password in the address", func(c *Client) { c.BaseURL = "https://maria:secret@api.balampay.com" }, "no user"},
		{"no api key", func(c *Client) { c.APIKey = "" }, "KIRA_API_KEY"},
		{"nothing at all", func(c *Client) { c.APIKey, c.ClientID, c.Password = "", "", "" }, "KIRA_API_KEY, KIRA_CLIENT_ID, KIRA_PASSWORD"},
		{"a line break after the key", func(c *Client) { c.APIKey += "\n" }, "KIRA_API_KEY has a space or a line break"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := &fake{}
			c := f.client()
			tt.change(c)
			err := c.Do(t.Context(), get, nil)
			if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "secret") {
				t.Errorf("error = %v, want %q in it", err, tt.want)
			}
			check(t, "requests", c.Requests(), 0)
		})
	}
}

func TestRequestsThatWouldBeOurMistakePanic(t *testing.T) {
	for _, path := range []string{"v1/users", "/v1/users?limit=101", "/v1/users?offset=0&limit=many", "/v1/users?a=%zz"} {
		t.Run(path, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			_ = (&fake{}).client().Do(t.Context(), Request{Method: "GET", Path: path}, nil)
		})
	}
}

func TestSecretsStayOutOfErrorsAndLog(t *testing.T) {
	var log bytes.Buffer
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Amzn-Requestid", "r-1")
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprintf(w, `{"code":%q,"message":"bad key %[1]s","details":[{"path":"x","message":"password-of-acme"}]}`, r.Header.Get("X-Api-Key"))
	})
	c.Log = slog.New(slog.NewTextHandler(&log, nil))
	err := c.Do(t.Context(), Request{Method: "POST", Path: "/v1/users?email=maria@example.com", Key: "k", Body: map[string]string{"ssn": "222-22-2222"}}, nil)
	check(t, "error", err.Error(), "POST /v1/users: 400 Bad Request: bad key [hidden]: x: [hidden] (code [hidden], request id r-1)")
	for _, secret := range []string{"of-acme", "222-22-2222", "maria"} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("%q is in the log:\n%s", secret, &log)
		}
	}
	for _, fact := range []string{"msg=request", "method=POST", "path=/v1/users", "status=400", "try=1", "took=", "request_id=r-1", "path=/auth"} {
		if !strings.Contains(log.String(), fact) {
			t.Errorf("%q is not in the log:\n%s", fact, &log)
		}
	}
}

func TestACanceledRequestMayHaveBeenReceived(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	c := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	err := c.Do(ctx, Request{Method: "POST", Path: "/v1/users", Key: "k"}, nil)
	if e, ok := errors.AsType[*NoAnswer](err); !ok || !e.Sent || !errors.Is(err, context.Canceled) {
		t.Errorf("error = %v", err)
	}
	check(t, "requests", c.Requests(), 2)
}
