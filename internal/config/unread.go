package config

import (
	"errors"
	"io/fs"
)

// unread says in words why a file could not be read.
func unread(err error) string {
	e, ok := errors.AsType[*fs.PathError](err)
	switch {
	case ok && errors.Is(err, fs.ErrPermission):
		return e.Path + ": you may not open it"
	case ok && errors.Is(err, fs.ErrNotExist):
		return e.Path + ": there is no such file"
	}
	return err.Error()
}
