package lang

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/ianaindex"
)

// inEncoding returns a function of a text and the name of a character set.
func inEncoding(first string, f func(encoding.Encoding, string) (string, error)) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: first, Type: cty.String}, {Name: "encoding", Type: cty.String}},
		Type:   function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			enc, err := ianaindex.IANA.Encoding(args[1].AsString())
			if err != nil || enc == nil {
				return cty.NilVal, function.NewArgErrorf(1, "%q is not the name of a character set that is known here, such as \"UTF-16LE\"", args[1].AsString())
			}
			s, err := f(enc, args[0].AsString())
			if err != nil {
				return cty.NilVal, function.NewArgError(0, err)
			}
			return cty.StringVal(s), nil
		},
	})
}

var textEncodeBase64 = inEncoding("string", func(enc encoding.Encoding, s string) (string, error) {
	b, err := enc.NewEncoder().Bytes([]byte(s))
	if err != nil {
		return "", fmt.Errorf("has characters that the character set %s does not have", enc)
	}
	return base64Text(b), nil
})

var textDecodeBase64 = inEncoding("source", func(enc encoding.Encoding, s string) (string, error) {
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		return "", errors.New("is not valid base64")
	}
	out, err := enc.NewDecoder().Bytes(b)
	if err != nil {
		return "", fmt.Errorf("holds bytes that mean nothing in the character set %s", enc)
	}
	return string(out), nil
})

// base64Gzip compresses as Terraform does, byte for byte: it flushes before it
// closes.
func base64Gzip(s string) (string, error) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(s)); err != nil {
		return "", err
	}
	if err := w.Flush(); err != nil {
		return "", err
	}
	err := w.Close()
	return base64Text(b.Bytes()), err
}
