resource "kira_webhook" "events" {
  webhook_url = "example.com/kira"
  secret      = "a-long-secret"
}
