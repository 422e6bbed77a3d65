resource "kira_webhook" "events" {
  webhook_url = "https://example.com/kira"
  secret      = "a-long-secret"
}

resource "kira_webhook" "more_events" {
  webhook_url = "https://example.org/kira"
  secret      = "a-long-secret"
}
