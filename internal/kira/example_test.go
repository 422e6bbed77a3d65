package kira_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"

	"kiraform/internal/kira"
)

// One request is one intent: the caller makes the key, the client sees to it
// that it is done at most once, and the error says how far it came.
func Example() {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/auth" {
			fmt.Fprint(w, `{"data":{"access_token":"t","expires_in":3600}}`)
			return
		}
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, `{"error":"Invalid request data","details":[{"path":"email","message":"Required"}]}`)
	}))
	defer srv.Close()

	c := &kira.Client{BaseURL: srv.URL, APIKey: "k", ClientID: "c", Password: "p"}
	var user struct {
		ID string `json:"id"`
	}
	err := c.Do(context.Background(), kira.Request{
		Method: http.MethodPost,
		Path:   "/v1/users",
		Body:   map[string]string{"type": "individual"},
		Key:    "6f1c1b0e-8a53-4c43-9d0c-0d3a0d6f2a11",
	}, &user)

	fmt.Println(err)
	if refused, ok := errors.AsType[interface {
		error
		Refused() bool
	}](err); ok {
		fmt.Println("refused:", refused.Refused())
	}
	// Output:
	// POST /v1/users: 400 Bad Request: Invalid request data: email: Required
	// refused: true
}
