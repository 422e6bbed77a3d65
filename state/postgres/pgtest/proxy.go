package pgtest

import (
	"io"
	"net"
	"strings"
	"sync"
	"testing"
)

// Proxy stands between a client and the server. Each piece that a client sends in one
// go counts as a message, of which a test decides the fate.
type Proxy struct {
	listener net.Listener
	to       string
	url      string

	mu    sync.Mutex
	fate  func(message []byte) Fate // nil lets all pass
	conns []net.Conn                // of clients
	late  []func()
}

// Fate is the fate of a message.
type Fate int

// The fates of a message.
const (
	Pass    Fate = iota
	Cut          // it is lost with its connection
	CutNext      // it arrives, and the connection is cut before an answer does
	Late         // the connection is cut for the client, and the message arrives once Release is called
	Lose         // it and all that follow on its connection vanish; the connection stays
)

// NewProxy returns a proxy for the database at url.
func NewProxy(t testing.TB, url string) *Proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(url, "@")
	to, _, _ := strings.Cut(rest, "/")
	p := &Proxy{listener: l, to: to, url: strings.Replace(url, to, l.Addr().String(), 1)}
	go p.serve()
	t.Cleanup(func() {
		_ = l.Close()
		p.CutAll()
		p.Release()
	})
	return p
}

// URL is the address of the database through the proxy.
func (p *Proxy) URL() string { return p.url }

// Do has f decide the fate of each message from now on; nil lets all pass.
func (p *Proxy) Do(f func(message []byte) Fate) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fate = f
}

// CutAll cuts all connections.
func (p *Proxy) CutAll() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.conns {
		_ = c.Close()
	}
	p.conns = nil
}

// Release has the messages that are late arrive, and waits for the server to have
// dealt with them.
func (p *Proxy) Release() {
	p.mu.Lock()
	late := p.late
	p.late = nil
	p.mu.Unlock()
	for _, arrive := range late {
		arrive()
	}
}

func (p *Proxy) judge(message []byte) Fate {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fate == nil {
		return Pass
	}
	return p.fate(message)
}

func (p *Proxy) serve() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", p.to)
		if err != nil {
			_ = client.Close()
			continue
		}
		p.mu.Lock()
		p.conns = append(p.conns, client)
		p.mu.Unlock()
		answers := &gate{to: client}
		go func() {
			_, _ = io.Copy(answers, server)
			_ = client.Close()
		}()
		go p.forward(client, server, answers)
	}
}

func (p *Proxy) forward(client, server net.Conn, answers *gate) {
	buf := make([]byte, 1<<20)
	for {
		n, err := client.Read(buf)
		if err != nil {
			_ = server.Close()
			return
		}
		message := append([]byte(nil), buf[:n]...)
		switch p.judge(message) {
		case Pass:
			_, _ = server.Write(message)
		case Cut:
			_, _ = client.Close(), server.Close()
			return
		case CutNext:
			answers.shut()
			_, _ = server.Write(message)
			_ = client.Close()
			p.linger(server)
			return
		case Late:
			answers.shut()
			p.mu.Lock()
			p.late = append(p.late, func() {
				_, _ = server.Write(message)
				p.linger(server)
			})
			p.mu.Unlock()
			_ = client.Close()
			return
		case Lose:
			answers.shut()
			_, _ = io.Copy(io.Discard, client)
			_ = server.Close()
			return
		}
	}
}

// linger says good-bye, so that the server carries out its last message, and waits
// until it has hung up.
func (p *Proxy) linger(server net.Conn) {
	_, _ = server.Write([]byte{'X', 0, 0, 0, 4})
	_, _ = io.Copy(io.Discard, server)
	_ = server.Close()
}

// gate passes answers on until it is shut.
type gate struct {
	to   net.Conn
	mu   sync.Mutex
	down bool
}

func (g *gate) Write(b []byte) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.down {
		return len(b), nil
	}
	return g.to.Write(b)
}

func (g *gate) shut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.down = true
}
