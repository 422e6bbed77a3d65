# Where Kira sends its events. A registration can never be read back: what is
# written here is compared with what was sent, and the last registration wins.
variable "secret" {
  type        = string
  description = "What Kira signs with, at least five characters."
  default     = "example-secret"
  sensitive   = true
}

resource "kira_webhook" "events" {
  webhook_url = "https://hooks.example.com/kira"
  secret      = var.secret
}
