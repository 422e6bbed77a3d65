package cli

import (
	"errors"
	"fmt"
	"net"
	"syscall"
)

// listenAt takes an address of this machine, and says in words why it cannot.
func listenAt(address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err == nil {
		return l, nil
	}
	reason := "nothing can listen there"
	_, form := errors.AsType[*net.AddrError](err)
	_, name := errors.AsType[*net.DNSError](err)
	switch {
	case form:
		return nil, usage("-listen=%s: write an address and a port, such as %s", address, ownReceiver)
	case name:
		return nil, usage("-listen=%s: this machine knows no such name or port; write for example %s", address, ownReceiver)
	case errors.Is(err, syscall.EADDRINUSE):
		reason = "another program listens there. Choose another port, or 0 for any that is free"
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		reason = "that is no address of this machine"
	case errors.Is(err, syscall.EACCES):
		reason = "you may not listen there. Choose a port above 1023"
	}
	return nil, fmt.Errorf("-listen=%s: %s", address, reason)
}
