package kira

import (
	"strings"
	"testing"
	"unicode"
)

func TestDecodeError(t *testing.T) {
	const path = "/v1/virtual-accounts"
	for _, tt := range []struct {
		name, method, path string
		status             int
		body, want         string
	}{
		// The letters are those of observed.md, section 4.
		{"G: the gateway's message", "GET", path, 403, `{"message":"Rate exceeded"}`,
			"GET /v1/virtual-accounts: 403 Forbidden: Rate exceeded"},
		{"Z: an error with details", "POST", "/v1/users", 400,
			`{"error":"Invalid request data","details":[{"path":"business_legal_name","message":"Required","code":"invalid_type"},{"path":"metadata.a","message":"Expected string, received boolean","code":"invalid_type"}]}`,
			"POST /v1/users: 400 Bad Request: Invalid request data: business_legal_name: Required; metadata.a: Expected string, received boolean"},
		{"T: an error that is an object", "POST", "/v1/recipients", 404,
			`{"error":{"code":"USER_NOT_FOUND","message":"User not found","details":{"user_id":"u-1"}}}`,
			"POST /v1/recipients: 404 Not Found: User not found: user_id: u-1 (code USER_NOT_FOUND)"},
		{"T: with empty details", "POST", "/v1/recipients", 409,
			`{"error":{"code":"IDEMPOTENCY_CONFLICT","message":"Idempotency key has already been used with different request data","details":{}}}`,
			"POST /v1/recipients: 409 Conflict: Idempotency key has already been used with different request data (code IDEMPOTENCY_CONFLICT). The Idempotency-Key was used for another body before."},
		{"F: code and message", "GET", "/v1/users/1", 404, `{"code":"not_found","message":"User not found"}`,
			"GET /v1/users/1: 404 Not Found: User not found (code not_found)"},
		{"FD: details with a path of steps", "POST", "/v1/quotations", 400,
			`{"code":"validation_error","message":"Validation failed","details":[{"code":"invalid_string","message":"Invalid","path":["items",0,"amount"]}]}`,
			"POST /v1/quotations: 400 Bad Request: Validation failed: items.0.amount: Invalid (code validation_error)"},
		{"VE: the field inside the message", "POST", path, 400,
			`{"code":"validation_error","error":"Invalid data","details":[{"message":"type is Required"},{"message":"bank is bank is required for US_BANK virtual accounts"}]}`,
			"POST /v1/virtual-accounts: 400 Bad Request: Invalid data: type: Required; bank: bank is required for US_BANK virtual accounts (code validation_error)"},
		{"N: a status code in the body", "GET", path, 404,
			`{"statusCode":404,"error":"Not Found","message":"Virtual account 7 not found","timestamp":"2026-05-28T00:00:00Z"}`,
			"GET /v1/virtual-accounts: 404 Not Found: Virtual account 7 not found"},
		{"S: a status that is a word", "GET", "/v1/users", 500, `{"status":"error","message":"Internal server error"}`,
			"GET /v1/users: 500 Internal Server Error: Internal server error"},
		{"P: data with loc and msg", "POST", "/webhooks/register", 400,
			`{"data":[{"loc":"webhook_url","msg":"URL scheme should be 'http' or 'https'","type":"url_scheme"}],"message":"ERROR-V001: Validation Error"}`,
			"POST /webhooks/register: 400 Bad Request: ERROR-V001: Validation Error: webhook_url: URL scheme should be 'http' or 'https'"},

		{"the generic schema of the docs", "POST", "/v1/users", 400,
			`{"code":"validation_error","message":"Bad","errors":[{"field":"email","message":"Invalid email"}]}`,
			"POST /v1/users: 400 Bad Request: Bad: email: Invalid email (code validation_error)"},
		{"auth's 422, whose loc begins with body", "POST", "/auth", 422,
			`{"message":"Invalid input data","data":[{"type":"uuid_parsing","loc":["body","client_id"],"msg":"Input should be a valid UUID"}]}`,
			"POST /auth: 422 Unprocessable Entity: Invalid input data: client_id: Input should be a valid UUID. Check KIRA_CLIENT_ID, which is a UUID, and KIRA_PASSWORD."},
		{"auth's 500, whose data repeats the message", "POST", "/auth", 500,
			`{"message":"Service unavailable","data":{"error":"Service unavailable"}}`,
			"POST /auth: 500 Internal Server Error: Service unavailable. Kira also answers this to a client id it does not know: check KIRA_CLIENT_ID."},
		{"code, error and message", "POST", path, 409, `{"code":"conflict","error":"Conflict","message":"User already has an ACT virtual account"}`,
			"POST /v1/virtual-accounts: 409 Conflict: User already has an ACT virtual account (code conflict)"},
		{"details that are texts", "POST", path, 400, `{"error":"Validation failed","details":["a: Required","b: Required"]}`,
			"POST /v1/virtual-accounts: 400 Bad Request: Validation failed: a: Required; b: Required"},
		{"a list of messages", "POST", path, 400, `{"statusCode":400,"error":"Bad Request","message":["a is wrong","b is wrong"]}`,
			"POST /v1/virtual-accounts: 400 Bad Request: a is wrong; b is wrong"},
		{"a number as code", "POST", path, 400, `{"code":17,"error":"Bad Request"}`,
			"POST /v1/virtual-accounts: 400 Bad Request (code 17)"},
		{"a page", "GET", "/x", 404, "<!DOCTYPE html><html><title>Not Found</title></html>", "GET /x: 404 Not Found"},
		{"a page inside a message", "GET", "/x", 502, `{"message":"<html><body>bad</body></html>"}`, "GET /x: 502 Bad Gateway"},
		{"a tag inside a message", "GET", "/x", 400, `{"message":"bad <b>thing</b>\n\u001b[31mhere"}`, "GET /x: 400 Bad Request: bad thing [31mhere"},
		{"plain text", "GET", "/x", 522, "error code: 522\n", "GET /x: 522: error code: 522"},
		{"a string", "GET", "/x", 400, `"no"`, "GET /x: 400 Bad Request: no"},
		{"a list", "GET", "/x", 400, `[{"message":"no"}]`, "GET /x: 400 Bad Request: no"},
		{"nothing", "GET", "/x", 599, "", "GET /x: 599"},
		{"null", "GET", "/x", 400, "null", "GET /x: 400 Bad Request"},
		{"JSON cut short", "GET", "/x", 400, `{"message":"no`, "GET /x: 400 Bad Request"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := decodeError(tt.method, tt.path, tt.status, []byte(tt.body))
			if got := e.Error(); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestMisleadingAnswersAreExplained(t *testing.T) {
	const signature = `{"message":"Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): 'c2VjcmV0'."}`
	for _, tt := range []struct {
		name, method, path string
		status             int
		body, want         string
	}{
		{"PATCH", "PATCH", "/v1/users/1", 403, signature, "Kira has no PATCH"},
		{"an unknown route", "GET", "/countries", 403, signature, "no such route or method"},
		{"an unknown route without a token", "GET", "/countries", 403, `{"message":"Missing Authentication Token"}`, "no such route or method"},
		{"a key of the other environment", "POST", "/auth", 403, `{"message":"Forbidden"}`, "belongs to the other environment"},
		{"a token of the other environment", "GET", "/v1/users", 401, `{"message":"Unauthorized"}`, "do not belong to one environment"},
		{"a wrong password", "POST", "/auth", 401, `{"message":"Unauthorized"}`, "KIRA_PASSWORD"},
		{"no api key", "GET", "/v1/users", 403, `{"message":"Forbidden"}`, "KIRA_API_KEY"},
		{"a burnt key", "POST", "/v1/users", 400, `{"code":"validation_error","message":"Failed to store idempotency key"}`, "burns one even when it refuses"},
		{"a redirect", "GET", "/v1/users", 302, ``, "Redirects are not followed"},
		{"an ordinary refusal needs no words", "GET", "/v1/users/1", 404, `{"code":"not_found","message":"User not found"}`, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := decodeError(tt.method, tt.path, tt.status, []byte(tt.body))
			if got := e.Explain(); !strings.Contains(got, tt.want) || tt.want == "" && got != "" {
				t.Errorf("Explain() = %q, want %q in it", got, tt.want)
			}
			if strings.Contains(e.Error(), "c2VjcmV0") {
				t.Errorf("the hash of the token is in %q", e)
			}
		})
	}
}

func TestRefusedAndTemporary(t *testing.T) {
	for _, tt := range []struct {
		status             int
		refused, temporary bool
	}{
		{302, false, false},
		{400, true, false}, {401, false, false}, {403, true, false}, {404, true, false}, {409, true, false}, {422, true, false},
		{408, false, true}, {425, false, true}, {429, false, true},
		{500, false, true}, {501, false, false}, {502, false, true}, {503, false, true}, {504, false, true}, {522, false, true},
	} {
		e := &Error{Path: "/v1/users", Status: tt.status}
		if e.Refused() != tt.refused || e.Temporary() != tt.temporary {
			t.Errorf("%d: refused %v, temporary %v; want %v, %v", tt.status, e.Refused(), e.Temporary(), tt.refused, tt.temporary)
		}
	}
}

func FuzzDecodeError(f *testing.F) {
	for _, s := range []string{
		``, `null`, `Blocked`, `<html>`, `{"message":"no"}`, `{"error":{"code":1,"message":[],"details":{"a":["b"]}}}`,
		`{"code":"x","error":"y","details":[{"message":"a is b","path":["c",1]}]}`, `{"data":[{"loc":["body","a"],"msg":"m"}]}`,
		`{"message":"<<b>b>\u2028\u0000"}`, `[[["a"]]]`, "\xff<p",
	} {
		f.Add(400, []byte(s))
	}
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		e := decodeError("POST", "/v1/users", status, body)
		if e.Message == "" {
			t.Error("no message")
		}
		for _, d := range e.Details {
			if d.Message == "" {
				t.Error("a detail without message")
			}
		}
		s := e.Error()
		if len(s) > 4096 || strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) {
			t.Errorf("not one line of bounded length: %q", s)
		}
		if tag.MatchString(e.Message) {
			t.Errorf("HTML in %q", e.Message)
		}
	})
}
