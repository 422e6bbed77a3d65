package schema

import (
	"encoding/base64"
	"strings"
)

// isDocument reports whether s is a data URI with base64 content or an https
// URL: the forms in which files are uploaded (brief, "Documents are file
// uploads").
func isDocument(s string) bool {
	if strings.HasPrefix(s, "https://") {
		return isHTTPURL(s)
	}
	_, _, ok := DataURI(s)
	return ok
}

// DataURI takes a data URI with base64 content apart.
func DataURI(s string) (mediaType string, content []byte, ok bool) {
	rest, ok := strings.CutPrefix(s, "data:")
	if !ok {
		return "", nil, false
	}
	mediaType, body, ok := strings.Cut(rest, ";base64,")
	if !ok || !strings.Contains(mediaType, "/") {
		return "", nil, false
	}
	content, err := base64.StdEncoding.DecodeString(body)
	return mediaType, content, err == nil && len(content) > 0
}
