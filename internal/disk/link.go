package disk

import (
	"os"
	"path/filepath"
)

// Real returns where the file at path really is, or will be: replacing a symbolic
// link, even one that leads to a file which is not there yet, would leave behind
// those who share the target.
func Real(path string) string {
	for range maxLinks {
		if real, err := filepath.EvalSymlinks(path); err == nil {
			return real
		}
		target, err := os.Readlink(path)
		if err != nil {
			return path // no link
		}
		if !filepath.IsAbs(target) {
			target = filepath.Join(filepath.Dir(path), target)
		}
		path = target
	}
	return path // links in a circle: opening it says so
}

// maxLinks is how many symbolic links in a row are followed.
const maxLinks = 40
