//go:build !linux

package pgtest

import "syscall"

// dieWithUs leaves it to Stop to end the server.
func dieWithUs(*syscall.SysProcAttr) {}
