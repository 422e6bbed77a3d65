package state

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"strconv"
	"strings"
	"sync"

	"github.com/zclconf/go-cty/cty"
)

// Key makes keyed fingerprints: without it, they cannot be found by trying out
// all values, not even of something as short as a tax number. It is kept apart
// from the state. Its zero value is no key.
type Key struct {
	secret []byte
	fresh  bool
	macs   *sync.Pool // of HMACs made with secret, to be used again
}

// Fresh reports whether this run made the key. Nobody else has it, then, and a
// later run may not have it either.
func (k Key) Fresh() bool { return k.fresh }

// minSecret is the least length of a key, in bytes.
const minSecret = 16

// NewKey returns the key made of secret, of 16 bytes or more.
func NewKey(secret []byte) (Key, error) {
	if len(secret) < minSecret {
		return Key{}, fmt.Errorf("a key has %d bytes or more, and this one has %d", minSecret, len(secret))
	}
	return Key{secret: append([]byte(nil), secret...), macs: new(sync.Pool)}, nil
}

// ID returns a short name of the key, which gives nothing of it away.
// Fingerprints made with keys of different names cannot be compared.
func (k Key) ID() string { return k.mac("key id")[:8] }

// Salt keeps the fingerprints of one object apart from those of all others, so
// that no two objects show that they share a value. It stays with its object
// wherever that moves, and is no secret. Objects that an earlier kiraform wrote
// have none.
type Salt string

// The prefix of every fingerprint of a value: of one without a salt, and of one
// with a salt.
const (
	unsaltedPrefix = "sealed:"
	saltedPrefix   = "salted:"
)

// Fingerprint returns the text that is kept in place of v, which is known and
// not null, of the object that has the salt. The same value has another
// fingerprint elsewhere, so that the state does not tell who shares a number.
func (k Key) Fingerprint(at LeafPath, salt Salt, v cty.Value) string {
	if salt == "" {
		return unsaltedPrefix + k.mac("fingerprint", string(at), canonical(v))
	}
	return saltedPrefix + k.mac("fingerprint", string(at), string(salt), canonical(v))
}

// Matches reports whether a fingerprint that an object with the salt has is that
// of v. An object may still have fingerprints from before it had a salt.
func (k Key) Matches(at LeafPath, salt Salt, fingerprint, v cty.Value) bool {
	text := fingerprint.AsString()
	if strings.HasPrefix(text, unsaltedPrefix) {
		salt = ""
	}
	return k.Fingerprint(at, salt, v) == text
}

// Digest returns a keyed digest of v, which is wholly known. It is the same
// for equal values whatever their types: a list and a tuple, or a map and an
// object, of the same things. An attribute that is null counts as not there.
func (k Key) Digest(v cty.Value) string { return k.mac("digest", canonical(v)) }

// Leaf returns the substitute for a value that is secret, or that Kira cannot show,
// where changes are compared: for the attribute at path of the resource at address.
// The value is wholly known, and may be a fingerprint.
func (k Key) Leaf(address, path string, v cty.Value) string {
	return k.mac("digest", address, path, canonical(v))
}

// Sign returns the signature of data, of the sort that what names: whoever does
// not have the key cannot make one for anything else.
func (k Key) Sign(what string, data []byte) string { return k.mac("signature", what, string(data)) }

// Signed reports whether signature is that of data. It takes the same time for
// every signature.
func (k Key) Signed(what string, data []byte, signature string) bool {
	return hmac.Equal([]byte(k.Sign(what, data)), []byte(signature))
}

// IsSealed reports whether v is a fingerprint.
func IsSealed(v cty.Value) bool {
	v, _ = v.Unmark()
	if v == cty.NilVal || v.Type() != cty.String || v.IsNull() || !v.IsKnown() {
		return false
	}
	text := v.AsString()
	sum, sealed := strings.CutPrefix(text, saltedPrefix)
	if !sealed {
		sum, sealed = strings.CutPrefix(text, unsaltedPrefix)
	}
	if !sealed || len(sum) != 2*sha256.Size {
		return false
	}
	return !strings.ContainsFunc(sum, func(r rune) bool { return !strings.ContainsRune(hexDigits, r) })
}

const hexDigits = "0123456789abcdefABCDEF"

// mac returns the HMAC-SHA256 of parts, each with its length before it, so that no two
// lists of parts run into the same text.
func (k Key) mac(parts ...string) string {
	if len(k.secret) == 0 {
		panic("state: a zero Key was used")
	}
	h, used := k.macs.Get().(hash.Hash)
	if !used {
		h = hmac.New(sha256.New, k.secret)
	}
	defer k.macs.Put(h)
	h.Reset()
	var text [256]byte
	all := text[:0]
	for _, p := range parts {
		all = append(strconv.AppendInt(all, int64(len(p)), 10), ':')
		all = append(all, p...)
	}
	h.Write(all)
	return hex.EncodeToString(h.Sum(text[:0]))
}

// canonical writes v as JSON with sorted keys and without null attributes.
// Numbers keep all their digits, unlike in RFC 8785, where those that differ
// only beyond a double would be the same.
func canonical(v cty.Value) string {
	text, err := appendValue(nil, v, false)
	if err != nil && v.ContainsMarked() {
		v, _ = v.UnmarkDeep()
		text, err = appendValue(nil, v, false)
	}
	if err != nil {
		panic("state: no fingerprint: " + err.Error())
	}
	return string(text)
}
