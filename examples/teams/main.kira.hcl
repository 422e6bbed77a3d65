# A configuration that a team and its CI work on: the state is kept in a Postgres,
# and whoever runs kiraform has its address in KIRAFORM_DATABASE_URL.
#
#   docker compose up --detach --wait     # or any other Postgres
#   export KIRAFORM_DATABASE_URL=postgres://kiraform:$POSTGRES_PASSWORD@127.0.0.1:5432/kiraform?sslmode=disable
#   kiraform apply
#
# docs/teams.md says the rest: the key that all share, locks, backups, rotation.

kiraform {
  backend "postgres" {
    workspace = "teams"
    lease     = "1m" # how long a run that died keeps the others waiting
  }
}

provider "kira" {
  environment = var.environment
}

variable "environment" {
  type        = string
  description = "The simulator of each working copy, or a Kira that all share. In CI: KIRAFORM_VAR_environment."
  default     = "simulator"
}

resource "kira_webhook" "this" {
  webhook_url = "https://acme.example/kira-webhooks"
  secret      = var.webhook_secret
}

resource "kira_version_pin" "this" {
  target_version = "2026-04-14"
}

variable "webhook_secret" {
  type        = string
  description = "What Kira signs its webhooks with. In CI: KIRAFORM_VAR_webhook_secret."
  default     = "canary-secret"
  sensitive   = true
}
