package kira_test

import (
	"crypto/tls"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"kiraform/internal/kira"
)

// There is no way to turn the verification off: it is not even turned off for
// loopback, where plain HTTP is allowed instead.
func TestACertificateOfNobodyIsRefused(t *testing.T) {
	asked := 0
	srv := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked++ }))
	defer srv.Close()
	srv.Config.ErrorLog = nil
	c := &kira.Client{BaseURL: srv.URL, APIKey: "key", ClientID: "id", Password: "password"}
	err := c.Do(t.Context(), kira.Request{Method: "GET", Path: "/v1/users"}, nil)
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); !ok {
		t.Errorf("Do = %v, want that the certificate is not trusted", err)
	}
	if asked != 0 || c.Requests() != 1 {
		t.Errorf("the server got %d requests, and %d were tried", asked, c.Requests())
	}
}
