package cli_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// goWords are words of Go's library that say nothing to a person.
var goWords = regexp.MustCompile(`x509|\btls:|dial tcp|\btcp\b|context deadline|context canceled|\bEOF\b|i/o timeout|no such host\b[^ ]|lookup |proxyconnect|net/http|http: |malformed|invalid character|` +
	`json: |unexpected form|Unmarshal|goroutine|nil pointer|read: |write: |syscall: |0x[0-9a-f]+`)

// networkFailure is a way in which Kira cannot be reached.
type networkFailure struct {
	name    string
	address func(t *testing.T) (base string, environ []string)
	want    []string // the reason and the thing to do, each found in the text without its line breaks
}

// networkFailures all happen on this machine.
var networkFailures = []networkFailure{
	{"nobody listens", plainly(deadPort), []string{"nobody listens there", "KIRA_BASE_URL"}},
	{"the connection is reset", plainly(resets), []string{"the connection was reset", "run the command again"}},
	{"the connection is closed", plainly(closes), []string{"the connection was closed before the answer had come", "run the command again"}},
	{"something else listens", plainly(speaksOther), []string{"it does not speak HTTP", "KIRA_BASE_URL"}},
	{"the answer is a page", answers("text/html", "<!DOCTYPE html><html><body>Sign in to the guest network</body></html>"), []string{"a page for a browser", "KIRA_BASE_URL"}},
	{"the answer is a text", answers("text/plain", "Blocked"), []string{"the answer is not JSON", "KIRA_BASE_URL"}},
	{"the answer is of another service", answers("application/json", `[1, 2]`), []string{"has another form than Kira's", "KIRA_BASE_URL"}},
	{"the answer is cut in its JSON", answers("application/json", `{"access_token": "abc`), []string{"the answer ends in the middle", "run the command again"}},
	{"the answer is cut", plainly(truncates), []string{"the connection was closed before the answer had come", "run the command again"}},
	{"the certificate is of nobody", secured(certificate{own: true}), []string{"signed by an authority that this machine does not trust", "SSL_CERT_FILE"}},
	{"the certificate is of another host", secured(certificate{host: "kira.example"}), []string{"certificate is for kira.example, and not for 127.0.0.1", "KIRA_BASE_URL"}},
	{"the certificate has expired", secured(certificate{expired: true}), []string{"the certificate of the host expired at", "clock"}},
	{"the certificate is not valid yet", secured(certificate{early: true}), []string{"is not valid before", "clock"}},
	{"the host wants a certificate", secured(certificate{wants: true}), []string{"the host refused the encrypted connection", "KIRA_BASE_URL"}},
	{"HTTPS to a port of HTTP", func(t *testing.T) (string, []string) {
		base, _ := plainly(page)(t)
		return strings.Replace(base, "http:", "https:", 1), nil
	}, []string{"it speaks HTTP without encryption", "https://"}},
	{"HTTP to a port of HTTPS", func(t *testing.T) (string, []string) {
		base, environ := secured(certificate{})(t)
		return strings.Replace(base, "https:", "http:", 1), environ
	}, []string{"400", "HTTPS", "KIRA_BASE_URL"}},
	{"a name that does not exist", func(*testing.T) (string, []string) {
		return "https://" + strings.Repeat("k", 64) + ".balampay.com/sandbox", nil // which is asked of nobody
	}, []string{"there is no such host", "KIRA_BASE_URL"}},
	{"a proxy that refuses", proxied(func(t *testing.T) string {
		return serves(t, func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusForbidden) })
	}), []string{"the proxy", "would not connect", "403", "HTTPS_PROXY"}},
	{"a proxy that wants a password", proxied(func(t *testing.T) string {
		return serves(t, func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusProxyAuthRequired) })
	}), []string{"the proxy", "407", "HTTPS_PROXY"}},
	{"a proxy that is not there", proxied(deadPort), []string{"the proxy", "nobody listens there", "HTTPS_PROXY"}},
}

// TestNetworkFailuresAreSaidInWords holds that every command that looks at Kira says of
// every failure on the way why it failed and the thing to do, without a word of Go's.
func TestNetworkFailuresAreSaidInWords(t *testing.T) {
	program, err := exec.LookPath("kiraform")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range networkFailures {
		for _, args := range [][]string{
			{"plan"}, {"apply", "-auto-approve"}, {"doctor"}, {"import", "kira_user.maria", "c1000000-0000-4000-8000-000000000000"}, {"import", "-discover", "-out=found.kira.hcl"},
		} {
			t.Run(f.name+"/"+strings.Join(args[:min(2, len(args))], " "), func(t *testing.T) {
				t.Parallel()
				base, environ := f.address(t)
				dir := t.TempDir()
				if err := os.CopyFS(dir, os.DirFS(filepath.Join("testdata", "people"))); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(dir, "data.kira.hcl"), []byte("data \"kira_countries\" \"all\" {}\n"), 0o600); err != nil {
					t.Fatal(err)
				}
				cmd := exec.Command(program, args...)
				cmd.Dir = dir
				cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "KIRA_BASE_URL=" + base, "KIRA_API_KEY=" + apiKey,
					"KIRA_CLIENT_ID=" + clientID, "KIRA_PASSWORD=" + password}, environ...)
				out, err := cmd.CombinedOutput()
				text := strings.Join(strings.Fields(strings.ReplaceAll(string(out), "│", " ")), " ")
				if exit, ok := err.(*exec.ExitError); !ok || exit.ExitCode() != 1 {
					t.Errorf("it ends with %v, want 1", err)
				}
				if found := goWords.FindString(text); found != "" {
					t.Errorf("a person reads %q", found)
				}
				for _, want := range f.want {
					if !strings.Contains(text, want) {
						t.Errorf("it does not say %q", want)
					}
				}
				if t.Failed() {
					t.Logf("%s", out)
				}
			})
		}
	}
}

// plainly is a Kira at a port.
func plainly(listen func(t *testing.T) string) func(*testing.T) (string, []string) {
	return func(t *testing.T) (string, []string) { return "http://" + listen(t) + "/sandbox", nil }
}

// proxied is a Kira behind a proxy.
func proxied(listen func(t *testing.T) string) func(*testing.T) (string, []string) {
	return func(t *testing.T) (string, []string) {
		return "https://api.balampay.com/sandbox", []string{"HTTPS_PROXY=http://" + listen(t)}
	}
}

// deadPort is a port at which nobody listens, and that no other test is given.
func deadPort(*testing.T) string { return "127.0.0.1:1" }

// listening lets do have each connection to a port.
func listening(t *testing.T, do func(*net.TCPConn)) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				do(c.(*net.TCPConn))
			}()
		}
	}()
	return l.Addr().String()
}

func resets(t *testing.T) string {
	return listening(t, func(c *net.TCPConn) {
		_ = c.SetLinger(0)
		_, _ = c.Read(make([]byte, 1))
	})
}

func closes(t *testing.T) string {
	return listening(t, func(c *net.TCPConn) { _, _ = io.ReadAtLeast(c, make([]byte, 1<<16), 200) })
}

func speaksOther(t *testing.T) string {
	return listening(t, func(c *net.TCPConn) {
		_, _ = io.ReadAtLeast(c, make([]byte, 1<<16), 200)
		_, _ = io.WriteString(c, "220 mail.example.com ESMTP\r\n502 what\r\n")
	})
}

func truncates(t *testing.T) string {
	return serves(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", "1000")
		_, _ = io.WriteString(w, `{"access_token": `)
	})
}

func page(t *testing.T) string {
	return serves(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html></html>") })
}

func serves(t *testing.T, handle http.HandlerFunc) string {
	srv := httptest.NewServer(handle)
	t.Cleanup(srv.Close)
	return strings.TrimPrefix(srv.URL, "http://")
}

// answers is a Kira that answers everything so.
func answers(kind, body string) func(*testing.T) (string, []string) {
	return plainly(func(t *testing.T) string {
		return serves(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			_, _ = io.WriteString(w, body)
		})
	})
}

// certificate is one of a host, which the program trusts unless it is its own
// authority.
type certificate struct {
	host                       string // "" for the right one
	own, expired, early, wants bool
}

// secured is a Kira with a certificate.
func secured(c certificate) func(*testing.T) (string, []string) {
	return func(t *testing.T) (string, []string) {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		now := time.Now()
		form := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour),
			IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature}
		if c.expired {
			form.NotBefore, form.NotAfter = now.Add(-48*time.Hour), now.Add(-24*time.Hour)
		}
		if c.early {
			form.NotBefore, form.NotAfter = now.Add(24*time.Hour), now.Add(48*time.Hour)
		}
		if c.host == "" {
			form.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)}
		} else {
			form.DNSNames = []string{c.host}
		}
		der, err := x509.CreateCertificate(rand.Reader, form, form, &key.PublicKey, key)
		if err != nil {
			t.Fatal(err)
		}
		var trusted bytes.Buffer
		if err := pem.Encode(&trusted, &pem.Block{Type: "CERTIFICATE", Bytes: der}); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "authority.pem")
		if err := os.WriteFile(file, trusted.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "{}") }))
		srv.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
		if c.wants {
			srv.TLS.ClientAuth = tls.RequireAnyClientCert
		}
		srv.Config.ErrorLog = log.New(io.Discard, "", 0)
		srv.StartTLS()
		t.Cleanup(srv.Close)
		if c.own {
			return srv.URL + "/sandbox", nil
		}
		return srv.URL + "/sandbox", []string{"SSL_CERT_FILE=" + file}
	}
}
