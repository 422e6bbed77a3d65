package kira_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	"kiraform/internal/kira"
)

// Every answer is told of: that to signing in, and that which is no success.
func TestRecord(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Amzn-Requestid", "r-1")
		switch r.URL.Path {
		case "/auth":
			_, _ = w.Write([]byte(`{"data":{"access_token":"t","expires_in":3600}}`))
		default:
			w.WriteHeader(http.StatusNotFound)
			_, _ = w.Write([]byte(`{"message":"no"}`))
		}
	}))
	defer srv.Close()
	var mu sync.Mutex
	var all []kira.Exchange
	c := &kira.Client{BaseURL: srv.URL, APIKey: "k", ClientID: "c", Password: "p", Record: func(e kira.Exchange) {
		mu.Lock()
		defer mu.Unlock()
		all = append(all, e)
	}}
	if err := c.Do(t.Context(), kira.Request{Method: "POST", Path: "/v1/users?x=1", Body: map[string]any{"a": 1}, Key: "key"}, nil); err == nil {
		t.Fatal("it is no error")
	}
	i := slices.IndexFunc(all, func(e kira.Exchange) bool { return e.Path == "/v1/users" })
	if len(all) != 2 || i != 1 || all[0].Path != "/auth" || all[0].Status != 200 {
		t.Fatalf("%+v", all)
	}
	if e := all[1]; e.Status != 404 || e.Key != "key" || string(e.Sent) != `{"a":1}` || string(e.Answer) != `{"message":"no"}` || e.RequestID != "r-1" || e.At.IsZero() {
		t.Errorf("%+v", e)
	}
}
