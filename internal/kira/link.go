package kira

import (
	"cmp"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"

	"golang.org/x/time/rate"
)

const (
	defaultTries = 5
	// No 429 was ever seen below 20 requests a second (observed, section 10),
	// and later documents name 20 as the limit (documented, 8.3).
	defaultRate rate.Limit = 20
)

// link holds the settings that all requests of a client share, checked and with
// defaults filled in.
type link struct {
	base     string
	version  string
	apiKey   string
	http     http.Client
	next     http.RoundTripper // the transport that http would send through
	maxTries int
	limit    *limiter
	outage   outage
	log      *slog.Logger
	scrub    func(string) string // hides credentials
}

func (c *Client) newLink() (*link, error) {
	base, err := checkBase(c.BaseURL)
	if err != nil {
		return nil, err
	}
	if err := c.checkCredentials(); err != nil {
		return nil, err
	}
	l := &link{
		base:     strings.TrimRight(c.BaseURL, "/"),
		version:  cmp.Or(c.APIVersion, Version),
		apiKey:   c.APIKey,
		http:     http.Client{Transport: newTransport(), Timeout: 2 * time.Minute},
		maxTries: cmp.Or(c.MaxTries, defaultTries),
		log:      cmp.Or(c.Log, slog.New(slog.DiscardHandler)),
		scrub:    hide(c.APIKey, c.Password),
	}
	if c.HTTP != nil {
		l.http = *c.HTTP
	}
	l.next = l.http.Transport
	if l.next == nil {
		l.next = http.DefaultTransport
	}
	// Kira does not redirect. Whoever does would be handed the x-api-key
	// header, which net/http strips for no host.
	l.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

	switch {
	case c.Rate != 0:
		l.limit = newLimiter(rate.Limit(c.Rate), 1) // in no second more than that
	case loopback(base.Hostname()):
		l.limit = newLimiter(rate.Inf, burst)
	default:
		l.limit = newLimiter(defaultRate, burst)
	}
	return l, nil
}

// checkBase refuses an address that would leak credentials or cannot work.
func checkBase(raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	switch {
	case raw == "":
		return nil, errors.New("the address of Kira is not set: set the provider's environment, or KIRA_BASE_URL")
	case err != nil || u.Host == "":
		return nil, errors.New("the address of Kira is not a URL such as https://api.balampay.com/sandbox")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return nil, errors.New("the address of Kira must have no user, query or fragment")
	case u.Scheme == "https", u.Scheme == "http" && loopback(u.Hostname()):
		return u, nil
	case u.Scheme == "http":
		return nil, fmt.Errorf("refusing to send credentials to %s over plain http: use https", u.Host)
	}
	return nil, fmt.Errorf("the address of Kira must begin with https://, not %s://", u.Scheme)
}

// Missing names the credentials that there are none of, as the environment does.
func (c *Client) Missing() (names []string) {
	for _, v := range []struct{ name, value string }{
		{"KIRA_API_KEY", c.APIKey}, {"KIRA_CLIENT_ID", c.ClientID}, {"KIRA_PASSWORD", c.Password},
	} {
		if v.value == "" {
			names = append(names, v.name)
		}
	}
	return names
}

func (c *Client) checkCredentials() error {
	switch missing := c.Missing(); {
	case len(missing) > 0:
		return fmt.Errorf("credentials are missing: set the environment variables %s, or credentials_command in the provider block", strings.Join(missing, ", "))
	case strings.ContainsFunc(c.APIKey, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }):
		return errors.New("KIRA_API_KEY has a space or a line break in it: copy the key again")
	}
	return nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(strings.TrimSuffix(host, "."), "localhost") || ip != nil && ip.IsLoopback()
}

// newTransport keeps enough idle connections for any sensible parallelism, so
// that workers do not pay for a TLS handshake each time.
func newTransport() *http.Transport {
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		OnProxyConnectResponse: asked,
		DialContext:            dialer.DialContext,
		ForceAttemptHTTP2:      true,
		MaxIdleConns:           64,
		MaxIdleConnsPerHost:    64,
		IdleConnTimeout:        90 * time.Second,
		TLSHandshakeTimeout:    10 * time.Second,
		ResponseHeaderTimeout:  time.Minute,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
	}
}

// hide returns a function that blots secrets out of a server's words. A value
// too short to be a secret would blot out ordinary words.
func hide(secrets ...string) func(string) string {
	var pairs []string
	for _, s := range secrets {
		if len(s) >= 6 {
			pairs = append(pairs, s, "[hidden]")
		}
	}
	return strings.NewReplacer(pairs...).Replace
}
