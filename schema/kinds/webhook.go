package kinds

import (
	"context"
	"net"
	"net/url"
	"unicode/utf8"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/kira"
	"kiraform/internal/wire"
	"kiraform/schema"
)

// webhook has no Read: a registration can never be read (brief).
var webhook = Kind{
	Schema: &webhookSchema,
	Create: register,
	Update: register, // the last registration wins (observed 9)
}

// EventSecret names the attribute of a kind that has the secret which events are
// signed with; "" if the kind has none.
func EventSecret(kind string) string {
	if kind == webhookSchema.Name {
		return "secret"
	}
	return ""
}

// EventURL names the attribute of a kind that has the URL to which events are
// sent; "" if the kind has none.
func EventURL(kind string) string {
	if kind == webhookSchema.Name {
		return "webhook_url"
	}
	return ""
}

var webhookSchema = schema.Kind{
	Name: "kira_webhook",
	Doc: `Where Kira sends events to. A client has one registration: the last wins. It can neither be read nor be taken ` +
		`back, and deliveries are never tried again, so that the endpoint must always be up.`,
	Example: `webhook_url = "https://hooks.example.com/kira"
secret      = var.webhook_secret`,
	Replace: schema.ReplaceFreely,
	Distinct: &schema.Distinct{By: "client_uuid", ID: "second-webhook", Summary: "Only one registration",
		Doc: "A client has one registration, and the last one wins (observed 9).",
		Detail: "%s registers the same client, and Kira keeps the last registration only: each apply would undo the other's. " +
			"Keep one of them, and hand events on from its endpoint."},
	Identity: &schema.Identity{}, // a client has one
	Known:    [][]string{{"webhook_url"}},
	Attrs:    webhookAttrs,
	Rules:    webhookRules,
}

var webhookAttrs = []schema.Attr{
	{Name: "webhook_url", Type: cty.String, Required: true, Class: schema.Unreadable, Clear: true, Format: schema.HTTPURL, Doc: "Where events are posted to (brief)."},
	{Name: "client_uuid", Type: cty.String, Class: schema.Unreadable, Clear: true, Format: schema.UUID,
		Doc: "The client that it is registered for, which has another name only here (brief). The client of the credentials, if nothing is written."},
	{Name: "secret", Type: cty.String, Class: schema.Unreadable, Sensitive: true,
		Doc: "What deliveries are signed with, at least five characters (observed 9). The brief does not have it: without it, signing depends on Kira's set-up."},

	{Name: "id", Type: cty.String, Computed: true, Doc: `Always "webhook": Kira gives none.`},
}

var webhookRules = []schema.Rule{
	{ID: "webhook-secret-short", Check: secretShort, Doc: "A secret of fewer than five characters is refused (observed 9)."},
	{ID: "webhook-secret-missing", Check: secretMissing, Doc: "Without a secret it is not known how, and whether, deliveries are signed (observed 9)."},
	{ID: "webhook-not-https", Check: notHTTPS, Doc: "The documents ask for HTTPS, though http is accepted (documented 9.1, observed 9)."},
}

// register answers with a message and nothing else: no id, no echo (brief).
func register(ctx context.Context, c Call) (Object, error) {
	body := wire.Encode(&webhookSchema, c.Want, nil)
	if _, ok := body["client_uuid"]; !ok {
		body["client_uuid"] = c.ClientID
	}
	answer, err := c.answer(ctx, kira.Request{Method: "POST", Path: "/webhooks/register", Body: body, Note: c.Note})
	if err != nil {
		return Object{}, err
	}
	return constant(&webhookSchema, "webhook", answer), nil
}

// constant is an object of which there is one at most, and that Kira has no id
// for.
func constant(k *schema.Kind, id string, answer map[string]any) Object {
	answer["id"] = id
	return Object{ID: id, Seen: wire.DecodeObject(k, "", answer)}
}

func secretShort(v cty.Value, _ schema.Env) []schema.Problem {
	secret, f := lookText(v, "secret")
	if f != written || utf8.RuneCountInString(secret) >= 5 {
		return nil
	}
	return mistake(path("secret"), "webhook-secret-short", "Secret too short", "Kira refuses a secret of fewer than five characters. Use a long random one.")
}

func secretMissing(v cty.Value, _ schema.Env) []schema.Problem {
	if _, f := look(v, "secret"); f != absent {
		return nil
	}
	return risk(path("secret"), "webhook-secret-missing", "No secret of your own",
		"Without a secret, how deliveries are signed depends on how Kira set up your account. Add secret, or ask your Kira contact for the one that is used.")
}

func notHTTPS(v cty.Value, _ schema.Env) []schema.Problem {
	u, err := url.Parse(known(v, "webhook_url"))
	if err != nil || u.Scheme != "http" || u.Hostname() == "localhost" || net.ParseIP(u.Hostname()).IsLoopback() {
		return nil // to this machine itself is as good as encrypted
	}
	return risk(path("webhook_url"), "webhook-not-https", "Not encrypted",
		"Events hold personal data, and this URL has them sent in clear text. Use https.")
}
