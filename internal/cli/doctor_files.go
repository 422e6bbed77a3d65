package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"syscall"

	"kiraform/internal/disk"
	"kiraform/internal/ui/words"
)

// lookAtFolders looks whether the files of a run can be written: the state and the files
// beside it, the key, and a plan that is saved here.
func (d *doctor) lookAtFolders(store kept) {
	refused := make(map[string][]string) // things to write, by the reason
	var order []string
	refuse := func(thing, where string, err error) {
		reason := fmt.Sprintf("in %s: %s", inside(d.dir, where), writingRefused(err))
		if refused[reason] == nil {
			order = append(order, reason)
		}
		refused[reason] = append(refused[reason], thing)
	}
	try := func(thing, dir string) {
		if at, err := disk.Writable(dir); err != nil {
			refuse(thing, at, err)
		}
	}
	things := []string{"the key", "a saved plan"}
	if path := disk.Real(store.path); store.path != "" {
		things = append([]string{"the state"}, things...)
		try("the state", filepath.Dir(path))
		for _, beside := range []string{".journal", ".lock", ".lock.info"} {
			if err := disk.Changeable(path + beside); err != nil {
				refuse("the "+strings.ReplaceAll(beside[1:], ".", " ")+" of the state", path+beside, err)
			}
		}
	}
	if keys := d.keys(d.dir, d.state); keys.Env == "" {
		try("the key", filepath.Dir(keys.Paths[0]))
	}
	try("a saved plan", d.dir)
	for _, reason := range order {
		where, _, _ := strings.Cut(strings.TrimPrefix(reason, "in "), ": ")
		d.fail("files", words.And(refused[reason]...)+" cannot be written "+reason, "ls -ld "+words.Shell(where))
	}
	if len(order) == 0 {
		d.ok("files", words.And(things...)+" can be written")
	}
}

// writingRefused is why a file cannot be written, in the words of a person.
func writingRefused(err error) string {
	switch {
	case errors.Is(err, fs.ErrPermission):
		return "you may not write there"
	case errors.Is(err, syscall.EROFS):
		return "the file system is read-only"
	}
	return reason(err)
}
