package planfile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"kiraform/state"
)

// UntrustedError says why nobody can tell that a saved plan is as it was saved.
type UntrustedError struct {
	Why   string
	Again string // the line that plans again; "" if it is not known

	kept bool // another plan is of no use until the key is back
}

func (e *UntrustedError) Error() string {
	if e.kept {
		return e.Why
	}
	return e.Why + ". " + planAgain(e.Again)
}

// signedAs is the sort of thing that the signature of a saved plan is for.
const signedAs = "saved plan"

// signaturePrefix begins the last line of a saved plan.
const signaturePrefix = "hmac-sha256:"

// Read reads a saved plan, once it has seen that not a byte of it was
// changed: else the error is an *UntrustedError. Key returns the key with an id,
// as [state.Keys.Have] does.
func Read(data []byte, key func(id string) (state.Key, error)) (*File, error) {
	body, signature := unsigned(data)
	head, err := headOf(body)
	switch {
	case err != nil && signature == "" || err == nil && head.Format == 0:
		return nil, errors.New("this is not a saved plan of kiraform")
	case head.Format > Format:
		return nil, fmt.Errorf("the saved plan has format %d, which kiraform %s wrote and this one does not know", head.Format, head.Version)
	case err == nil && head.Format < firstSigned:
		return nil, &UntrustedError{Why: "an earlier kiraform saved this plan, and did not sign it, so nobody can tell whether it is as it was saved"}
	case err == nil && head.Format < Format:
		return nil, &UntrustedError{Why: "an earlier kiraform saved this plan, and kept values that are not known yet, or the needs of changes, in another form, so nobody can tell whether it would do now what it showed"}
	case signature == "":
		return nil, &UntrustedError{Why: "the signature of the saved plan is gone: it was changed, or cut off"}
	}
	k, err := key(head.KeyID)
	other, another := errors.AsType[*state.OtherKeyError](err)
	switch {
	case another:
		return nil, &UntrustedError{kept: true, Why: fmt.Sprintf("it is signed with the key %s, and %s, so nobody can tell whether the plan is as it was saved. "+
			"Bring that key back: set KIRAFORM_KEY to it, or put it where it was", other.Want, other.AtHand())}
	case errors.Is(err, fs.ErrNotExist):
		return nil, &UntrustedError{kept: true, Why: "the key of the state is not here, so nobody can tell whether the plan is as it was saved. " +
			"Bring it back: set KIRAFORM_KEY to it, or put it where it was"}
	case err != nil:
		return nil, err
	case !k.Signed(signedAs, body, signature):
		return nil, &UntrustedError{Why: "it was changed since it was saved: its signature does not fit"}
	}
	return decodePlan(body)
}

// Is reports whether data is a saved plan, of this or another version.
func Is(data []byte) bool {
	head, err := headOf(data)
	return err == nil && head.Format > 0
}

// headOf reads the fields that tell how to read the others.
func headOf(data []byte) (head struct {
	Format  int    `json:"kiraform_plan"`
	Version string `json:"version"`
	KeyID   string `json:"key_id"`
}, err error) {
	err = json.NewDecoder(bytes.NewReader(data)).Decode(&head)
	return head, err
}

// unsigned takes the signature off; it is "" if there is none.
func unsigned(data []byte) (body []byte, signature string) {
	text, whole := bytes.CutSuffix(data, []byte("\n"))
	at := bytes.LastIndexByte(text, '\n') + 1
	signature, ok := strings.CutPrefix(string(text[at:]), signaturePrefix)
	if !whole || !ok {
		return data, ""
	}
	return data[:at], signature
}

// decodePlan reads a plan whose signature fits.
func decodePlan(body []byte) (*File, error) {
	var f File
	dec := json.NewDecoder(bytes.NewReader(body))
	err := dec.Decode(&f)
	if err == nil {
		if _, more := dec.Token(); more != io.EOF {
			err = errors.New("there is something after its end")
		}
	}
	if err == nil {
		_, err = f.Wait()
	}
	if err != nil {
		return nil, fmt.Errorf("the saved plan is damaged: %w", err)
	}
	return &f, nil
}
