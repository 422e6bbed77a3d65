package lang

import (
	"encoding/base64"
	"errors"
	"net/url"
	"unicode/utf8"
)

func base64Encode(s string) (string, error) { return base64Text([]byte(s)), nil }

func base64Decode(s string) (string, error) {
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		return "", errors.New("the argument is not valid base64")
	}
	if !utf8.Valid(b) {
		return "", errors.New("the encoded value is not UTF-8 text")
	}
	return string(b), nil
}

func urlEncode(s string) (string, error) { return url.QueryEscape(s), nil }
