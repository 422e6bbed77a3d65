package simulator_test

import (
	"strings"
	"testing"

	"kiraform/internal/simulator"
)

// Whatever is sent, the server answers: it never breaks, and never answers
// with anything but the statuses that are documented.
func FuzzServe(f *testing.F) {
	f.Add("POST", "/v1/users", mustJSON(maria))
	f.Add("POST", "/v1/users", mustJSON(acme))
	f.Add("POST", "/v1/users", `{"type":"business","associated_persons":[null]}`)
	f.Add("PUT", "/v1/users/{user}", `{"associated_persons":[{"identifying_information":[{"type":"x"}]}],"metadata":{}}`)
	f.Add("PUT", "/v1/users/{user}", `{"identifying_information":[{"type":"passport","documents":[]}]}`)
	f.Add("POST", "/v1/users/{user}/verifications", `{"type":"api","metadata":{}}`)
	f.Add("POST", "/v1/recipients", mustJSON(swift("{user}")))
	f.Add("POST", "/v1/recipients", mustJSON(wallet("{user}", "USDT", "tron", "T1")))
	f.Add("POST", "/v1/virtual-accounts", mustJSON(cryptoAccount("{user}")))
	f.Add("POST", "/v1/virtual-accounts/{account}/liquidation-address", `{"network":"tron","token":"USDT","recipient":{"account":{"account_type":"ACH","account_number":"é234"}}}`)
	f.Add("POST", "/v1/virtual-accounts/{account}/simulate-deposit", `{"amount":1}`)
	f.Add("POST", "/webhooks/register", `{"client_uuid":1,"webhook_url":"http://[::1","secret":[]}`)
	f.Add("GET", "/v1/users?limit=-1&offset=x", "")
	f.Fuzz(func(t *testing.T, method, path, body string) {
		c := dial(t, &simulator.Server{VerifyAfter: -1, ActivateAfter: -1})
		c.watch.Allows(simulator.UnknownRoute, simulator.Patch, simulator.LimitOver100, simulator.SecondObject, simulator.IdlePut)
		user := c.user(maria)
		account := c.send("POST", accounts, actAccount(user)).wantStatus(201).text("id")
		fill := strings.NewReplacer("{user}", user, "{account}", account)
		r, err := c.try(method, fill.Replace(path), fill.Replace(body))
		if err != nil {
			return // net/http makes no request of it
		}
		switch r.status {
		case 200, 201, 400, 401, 403, 404, 409, 422:
		case 500:
			if !strings.Contains(path, "limit") {
				t.Errorf("%s %s answered %d %s", method, path, r.status, r.raw)
			}
		default:
			t.Errorf("%s %s answered %d %s", method, path, r.status, r.raw)
		}
	})
}
