resource "kira_webhook" "events" {
  webhook_url = "https://example.com/kira"
  secret      = "1234"
}
