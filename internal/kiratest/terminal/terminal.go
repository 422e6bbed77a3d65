// Package terminal makes terminals for tests, on Linux.
package terminal
