package simulator

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"
)

// tokenKey signs tokens. It is no secret: a token of the simulator opens
// nothing else, and a fixed key lets one outlive a restart.
const tokenKey = "kiraform simulator"

var (
	errForeign  = errors.New("not a token of the simulator")
	errTampered = errors.New("the token's signature is wrong")
	errExpired  = errors.New("the token has expired")
)

type claims struct {
	ID      string `json:"jti"`
	Use     string `json:"token_use"`
	Client  string `json:"client_id"`
	Issued  int64  `json:"iat"`
	Expires int64  `json:"exp"`
}

// auth is POST /auth (documented.md 1.4).
func (c *call) auth() answer {
	client, isText := c.body["client_id"].(string)
	password, _ := c.body["password"].(string)
	var wrong []doc
	switch _, sent := c.body["client_id"]; {
	case !sent:
		wrong = append(wrong, pydantic("missing", "client_id", "Field required"))
	case !isText || !isUUID(client):
		wrong = append(wrong, pydantic("uuid_parsing", "client_id", "Input should be a valid UUID"))
	}
	switch _, sent := c.body["password"]; {
	case !sent:
		wrong = append(wrong, pydantic("missing", "password", "Field required"))
	case password == "":
		wrong = append(wrong, pydantic("string_too_short", "password", "String should have at least 1 character"))
	}
	if wrong != nil {
		return answer{status: http.StatusUnprocessableEntity, body: doc{"message": "Invalid input data", "data": wrong}}
	}
	if known := c.Credentials; known != nil {
		switch {
		case client != known.ClientID:
			return answer{status: http.StatusInternalServerError, body: doc{
				"message": "Service unavailable", "data": doc{"error": "Service unavailable"}}}
		case password != known.Password:
			return message(http.StatusUnauthorized, "Unauthorized")
		}
	}
	ttl := cmp.Or(c.TokenTTL, time.Hour)
	c.token = newToken(client, c.at, ttl)
	return ok(doc{"message": "Auth token", "data": doc{
		"access_token": c.token,
		"expires_in":   int(ttl / time.Second),
		"token_type":   "Bearer",
	}})
}

func pydantic(kind, field, text string) doc {
	return doc{"type": kind, "loc": []string{"body", field}, "msg": text}
}

// newToken makes a token that says itself until when it is good, so that the
// server need not remember it.
func newToken(client string, at time.Time, ttl time.Duration) string {
	body, err := json.Marshal(claims{
		ID: newUUID(), Use: "access", Client: client,
		Issued: at.Unix(), Expires: at.Add(ttl).Unix(),
	})
	if err != nil {
		panic(err) // a struct of strings and numbers
	}
	head := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"HS256","kid":"kiraform-simulator"}`))
	signed := head + "." + base64.RawURLEncoding.EncodeToString(body)
	return signed + "." + signature(tokenKey, signed)
}

func checkToken(token string, at time.Time) error {
	c, err := readToken(token)
	if err == nil && at.Unix() >= c.Expires {
		return errExpired
	}
	return err
}

// readToken reads the claims of a token, whether or not it has expired.
func readToken(token string) (c claims, err error) {
	dot := strings.LastIndexByte(token, '.')
	if dot < 0 || strings.Count(token, ".") != 2 {
		return c, errForeign
	}
	_, middle, _ := strings.Cut(token[:dot], ".")
	body, err := base64.RawURLEncoding.DecodeString(middle)
	if err != nil || json.Unmarshal(body, &c) != nil || c.Use != "access" {
		return c, errForeign
	}
	if !hmac.Equal([]byte(token[dot+1:]), []byte(signature(tokenKey, token[:dot]))) {
		return c, errTampered
	}
	return c, nil
}

func signature(key, text string) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(text))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}
