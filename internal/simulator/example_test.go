package simulator_test

import (
	"fmt"
	"net/http"
	"strings"

	"kiraform/internal/simulator"
)

// A server is also a transport: a client that uses it needs no socket.
func Example() {
	kira := &simulator.Server{VerifyAfter: -1} // verifies at once
	client := &http.Client{Transport: kira}

	req, err := http.NewRequest("POST", "http://localhost/sandbox/auth", strings.NewReader(
		`{"client_id":"11111111-2222-4333-8444-555555555555","password":"any"}`))
	if err != nil {
		panic(err)
	}
	req.Header.Set("x-api-key", "any")
	req.Header.Set("Content-Type", "application/json")
	resp, err := client.Do(req)
	if err != nil {
		panic(err)
	}
	resp.Body.Close()

	for _, r := range kira.Requests() {
		fmt.Println(r.Method, r.Path, r.Status)
	}
	// Output: POST /auth 200
}
