resource "kira_webhook" "events" {
  webhook_url = "http://example.com/kira"
  secret      = "a-long-secret"
}
