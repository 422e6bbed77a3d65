package kira

import (
	"bytes"
	"cmp"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// envelope has every key that one of Kira's error shapes uses (observed,
// section 4; documented, 8.1). Each stays raw, since the same key is a string
// in one shape and an object in another.
type envelope struct {
	Code, Error, Message  json.RawMessage
	Details, Errors, Data json.RawMessage
}

// decodeError reads every error shape Kira is known to send, and never fails: a
// body that it cannot read as JSON becomes the message, unless it is a page.
func decodeError(method, path string, status int, body []byte) *Error {
	e := &Error{Method: method, Path: path, Status: status}
	body = bytes.TrimSpace(body)
	var top envelope
	switch {
	case bytes.HasPrefix(body, []byte("{")) && json.Unmarshal(body, &top) == nil:
		var inner envelope // {error: {code, message, details}}
		if json.Unmarshal(top.Error, &inner) == nil {
			inner.fill(e)
		}
		top.fill(e)
	case json.Valid(body):
		e.Message, e.Details = text(body), details(body)
	default:
		e.Message = plainText(body)
	}
	e.Message = cmp.Or(e.Message, http.StatusText(status), statusText(status))
	e.Details = slices.DeleteFunc(e.Details, func(d Detail) bool { return d.Message == e.Message })
	e.Details = slices.Clip(e.Details[:min(len(e.Details), maxDetails)])
	return e
}

// fill adds the parts that e does not have yet.
func (s envelope) fill(e *Error) {
	e.Code = cmp.Or(e.Code, cut(scalar(s.Code), maxCode))
	for _, raw := range []json.RawMessage{s.Details, s.Errors, s.Data} {
		e.Details = append(e.Details, details(raw)...)
	}
	if e.Message = cmp.Or(e.Message, text(s.Message)); e.Message != "" {
		return
	}
	e.Details = append(e.Details, details(s.Message)...) // a list of messages
	if e.Message = text(s.Error); e.Code != "" && e.Message != "" {
		for i, d := range e.Details {
			e.Details[i] = d.split()
		}
	}
}

// split takes the field out of a message of the shape {code, error, details},
// which has no path and says "<field> is <text>" instead.
func (d Detail) split() Detail {
	field, rest, ok := strings.Cut(d.Message, " is ")
	if d.Path != "" || !ok || field == "" || rest == "" || strings.Contains(field, " ") {
		return d
	}
	return Detail{Path: cut(field, maxPlace), Message: rest}
}

// details reads a list of complaints, one complaint, or an object of facts.
func details(raw json.RawMessage) []Detail {
	var v any
	if len(raw) == 0 || json.Unmarshal(raw, &v) != nil {
		return nil
	}
	var all []Detail
	add := func(path, message string) {
		if message != "" && len(all) < maxDetails {
			all = append(all, Detail{cut(path, maxPlace), cut(message, maxDetail)})
		}
	}
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			add(complaint(item))
		}
	case map[string]any:
		if _, message := complaint(v); message != "" {
			add(complaint(v))
			break
		}
		for _, key := range slices.Sorted(maps.Keys(v)) {
			add(tidy(key), words(v[key]))
		}
	}
	return all
}

// complaint reads one item of a list. The field is called path, field or loc,
// and is a string or a list of steps; a loc begins with "body".
func complaint(item any) (path, message string) {
	m, ok := item.(map[string]any)
	if !ok {
		return "", words(item)
	}
	switch v := first(m, "path", "field", "loc").(type) {
	case []any:
		steps := make([]string, len(v))
		for i, step := range v {
			steps[i] = words(step)
		}
		if len(steps) > 1 && steps[0] == "body" {
			steps = steps[1:]
		}
		path = strings.Join(steps, ".")
	default:
		path = words(v)
	}
	return path, words(first(m, "message", "msg"))
}

// first returns the first of the keys that m has, or nil.
func first(m map[string]any, keys ...string) any {
	for _, k := range keys {
		if v, ok := m[k]; ok {
			return v
		}
	}
	return nil
}
