package lang

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

type (
	sumFunc  func([]byte) []byte
	textFunc func([]byte) string
)

func md5Sum(b []byte) []byte    { s := md5.Sum(b); return s[:] }
func sha1Sum(b []byte) []byte   { s := sha1.Sum(b); return s[:] }
func sha256Sum(b []byte) []byte { s := sha256.Sum256(b); return s[:] }
func sha512Sum(b []byte) []byte { s := sha512.Sum512(b); return s[:] }

func hexText(b []byte) string    { return hex.EncodeToString(b) }
func base64Text(b []byte) string { return base64.StdEncoding.EncodeToString(b) }

// digest returns the function that hashes a string.
func digest(sum sumFunc, show textFunc) function.Function {
	return text(func(s string) (string, error) { return show(sum([]byte(s))), nil })
}

// The name spaces of RFC 4122, appendix C.
var nameSpaces = map[string]string{
	"dns":  "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
	"url":  "6ba7b811-9dad-11d1-80b4-00c04fd430c8",
	"oid":  "6ba7b812-9dad-11d1-80b4-00c04fd430c8",
	"x500": "6ba7b814-9dad-11d1-80b4-00c04fd430c8",
}

// uuidV5 makes a UUID from a name: the same name always has the same UUID.
var uuidV5 = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "namespace", Type: cty.String}, {Name: "name", Type: cty.String}},
	Type:   function.StaticReturnType(cty.String),

	RefineResult: notNull,
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		space, ok := nameSpaces[args[0].AsString()]
		if !ok {
			space = args[0].AsString()
		}
		id, err := hex.DecodeString(strings.ReplaceAll(space, "-", ""))
		if err != nil || len(id) != 16 {
			return cty.NilVal, function.NewArgErrorf(0, `must be "dns", "url", "oid", "x500" or a UUID`)
		}
		sum := sha1Sum(append(id, args[1].AsString()...))[:16]
		sum[6] = sum[6]&0x0f | 5<<4 // version 5
		sum[8] = sum[8]&0x3f | 0x80 // variant of RFC 4122
		return cty.StringVal(fmt.Sprintf("%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:])), nil
	},
})
