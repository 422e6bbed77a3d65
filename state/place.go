package state

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net"
	"net/url"
	"path"
	"strings"
)

// Place is one Kira, as one client sees it. A state is for one place: ids mean
// nothing anywhere else. Places are equal if their fields are; the zero Place
// is that of a state which is not bound to any yet.
type Place struct {
	Environment string `json:"environment"`       // "simulator", "sandbox" or "production", as written
	Address     string `json:"address,omitempty"` // as [Address] makes it; "" for the embedded simulator
	Account     string `json:"account,omitempty"` // as [Account] makes it; "" for the embedded simulator
	World       string `json:"world,omitempty"`   // of the embedded simulator: a random id that each world begins with
}

// IsZero reports whether p is no place at all.
func (p Place) IsZero() bool { return p == Place{} }

// Loopback reports whether p is on this machine: a simulator, or a server that
// stands for Kira in a test.
func (p Place) Loopback() bool { return p.Address == "" || IsLoopback(p.host()) }

// Production reports whether a run at p is for production: because that is
// written, or because the address leads there. Every guard rail asks this
// function, and nothing else decides.
func (p Place) Production() bool {
	return p.Environment == "production" || p.LeadsToProduction()
}

// LeadsToProduction reports whether the address of p is neither on this machine
// nor one whose path ends in /sandbox.
func (p Place) LeadsToProduction() bool {
	if p.Loopback() {
		return false
	}
	u, err := url.Parse(p.Address)
	return err != nil || path.Base(u.EscapedPath()) != "sandbox"
}

func (p Place) host() string {
	u, err := url.Parse(p.Address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// IsLoopback reports whether a host is this machine.
func IsLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(strings.TrimSuffix(host, "."), "localhost") || ip != nil && ip.IsLoopback()
}

// Address returns the part of a base URL by which places are told apart:
// scheme, host, port and path, in lower case and with its escapes, without a slash at the end. All
// names of this machine are one host.
func Address(base string) (string, error) {
	u, err := url.Parse(strings.TrimSpace(base))
	if err != nil || u.Hostname() == "" || u.Scheme == "" {
		return "", fmt.Errorf("%q is no address", base)
	}
	scheme, port := strings.ToLower(u.Scheme), u.Port()
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if ip := net.ParseIP(host); host == "localhost" || ip != nil && ip.Equal(net.IPv6loopback) {
		host = "127.0.0.1"
	}
	if scheme == "https" && port == "443" || scheme == "http" && port == "80" {
		port = ""
	}
	switch {
	case port != "":
		host = net.JoinHostPort(host, port)
	case strings.Contains(host, ":"):
		host = "[" + host + "]"
	}
	return scheme + "://" + host + strings.TrimSuffix(strings.ToLower(path.Clean("/"+u.EscapedPath())), "/"), nil
}

// Account returns the kept form of a client id: a digest, which tells two
// accounts apart and is neither of them.
func Account(clientID string) string {
	sum := sha256.Sum256([]byte("kiraform account\n" + strings.ToLower(strings.TrimSpace(clientID))))
	return hex.EncodeToString(sum[:16])
}
