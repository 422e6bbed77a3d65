//go:build !unix

package pgtest

import "syscall"

// unprivileged leaves it to the system who runs the server.
func unprivileged(string) (*syscall.SysProcAttr, error) { return &syscall.SysProcAttr{}, nil }
