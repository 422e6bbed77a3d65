package engine

import (
	"io/fs"

	"github.com/google/uuid"
	"golang.org/x/crypto/bcrypt"

	"kiraform/internal/lang"
)

// moment is the time and the chance that functions see while a plan is carried
// out.
func (p *Project) moment() lang.Moment {
	return lang.Moment{Planned: p.planned, Now: p.now, UUID: uuid.NewString, Bcrypt: func(text string, cost int) (string, error) {
		hash, err := bcrypt.GenerateFromPassword([]byte(text), cost)
		return string(hash), err
	}}
}

// dirOf returns the folder that files are in; "" if they do not know.
func dirOf(files fs.FS) string {
	if m, ok := files.(lang.Machine); ok {
		return m.Dir()
	}
	return ""
}
