package simulator

import (
	"encoding/json"
	"net/http"
	"time"
)

// An answer is the response to one request.
type answer struct {
	status int
	body   any    // nil once sealed
	raw    []byte // the body as JSON, once sealed
	header [][2]string
}

func ok(body any) answer      { return answer{status: http.StatusOK, body: body} }
func created(body any) answer { return answer{status: http.StatusCreated, body: body} }

func (a *answer) set(key, value string) { a.header = append(a.header, [2]string{key, value}) }

// seal turns the body into bytes, so that the answer shares nothing with the
// world and can leave the lock.
func (a *answer) seal() {
	if a.raw != nil {
		return
	}
	raw, err := json.Marshal(a.body)
	if err != nil {
		panic(err) // bodies are maps, lists, strings and numbers
	}
	a.raw, a.body = raw, nil
}

func (a answer) write(w http.ResponseWriter) {
	a.seal()
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	for _, kv := range a.header {
		h.Set(kv[0], kv[1])
	}
	w.WriteHeader(a.status)
	w.Write(a.raw)
}

// A doc is a JSON object.
type doc = map[string]any

// The constructors below are the error envelopes of observed.md 4, by its letters.

// message is G, the shape of the gateway's own answers.
func message(status int, text string) answer {
	a := answer{status: status, body: doc{"message": text}}
	a.set("Content-Type", "application/json")
	return a
}

// An issue is one thing that is wrong with a request, in Zod's words.
type issue struct {
	Path    string `json:"path"`
	Message string `json:"message"`
	Code    string `json:"code"`
}

// invalid is Z.
func invalid(issues ...issue) answer {
	return answer{status: http.StatusBadRequest, body: doc{"error": "Invalid request data", "details": issues}}
}

// coded is T.
func coded(status int, code, text string, details doc) answer {
	return answer{status: status, body: doc{"error": doc{"code": code, "message": text, "details": details}}}
}

// flat is F.
func flat(status int, code, text string) answer {
	return answer{status: status, body: doc{"code": code, "message": text}}
}

// worded is VE: the field is only named inside the text.
func worded(issues ...issue) answer {
	details := make([]doc, len(issues))
	for i, p := range issues {
		details[i] = doc{"message": p.Path + " is " + p.Message}
	}
	return answer{status: http.StatusBadRequest, body: doc{
		"code": "validation_error", "error": "Invalid data", "details": details}}
}

// stamped is N.
func (c *call) stamped(status int, text string) answer {
	return answer{status: status, body: doc{
		"statusCode": status, "error": http.StatusText(status), "message": text, "timestamp": iso(c.at)}}
}

// broken is S.
func broken() answer {
	return answer{status: http.StatusInternalServerError,
		body: doc{"status": "error", "message": "Internal server error"}}
}

// A fieldError is one entry of P.
type fieldError struct {
	Loc  string `json:"loc"`
	Msg  string `json:"msg"`
	Type string `json:"type"`
}

// errored is P, of the stack that only /webhooks/register lives on.
func errored(errs []fieldError) answer {
	return answer{status: http.StatusBadRequest,
		body: doc{"data": errs, "message": "ERROR-V001: Validation Error"}}
}

// iso is how users and accounts write times.
func iso(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// postgres is how recipients write times: 2026-05-28 00:54:15.43984+00.
func postgres(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05.999999") + "+00" }
