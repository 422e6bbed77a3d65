package cli_test

import (
	"net"
	"strings"
	"testing"
)

// An address that cannot be had is refused in words, and in none of Go's.
func TestListeningIsRefusedInWords(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	f := newFolder(t, map[string]string{"main.kira.hcl": pin})
	taken := "-listen=" + l.Addr().String()
	for _, c := range []struct {
		args string
		code int
		says string
	}{
		{"simulator " + taken, 1, taken + ": another program listens there. Choose another port, or 0 for any that is free"},
		{"webhook listen -unverified " + taken, 1, taken + ": another program listens there."},
		{"simulator -listen=foo", 64, "-listen=foo: write an address and a port, such as 127.0.0.1:8787"},
		{"webhook listen -unverified -listen=foo", 64, "-listen=foo: write an address and a port, such as 127.0.0.1:8788"},
		{"webhook listen -unverified -listen=127.0.0.1:nope", 64, "-listen=127.0.0.1:nope: this machine knows no such name or port"},
		{"webhook listen -unverified -listen=192.0.2.1:8788", 1, "-listen=192.0.2.1:8788: that is no address of this machine"},
	} {
		r := f.run(strings.Fields(c.args)...)
		if r.code != c.code || !strings.Contains(r.err, c.says) || strings.Contains(r.err, "tcp") {
			t.Errorf("%s: exit code %d, %s", c.args, r.code, r.err)
		}
	}
}

// An event that found nobody says how somebody listens.
func TestAnEventThatNobodyHears(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	f := newFolder(t, map[string]string{"main.kira.hcl": pin})
	says(t, f.must(1, "webhook", "send", "user.created", "-to=http://"+at+"/kira"),
		"was not sent: nobody listens at http://"+at+"/kira. To take events in there, run in another terminal: kiraform webhook listen -listen="+at)
	if r := f.run("webhook", "send", "user.created", "-to=http://nobody.invalid:1"); strings.Contains(r.err, "webhook listen") {
		t.Errorf("nothing can listen there: %s", r.err)
	}
}
