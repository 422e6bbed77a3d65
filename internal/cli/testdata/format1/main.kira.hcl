provider "kira" {
  environment = "simulator"
}

resource "kira_user" "maria" {
  type            = "individual"
  first_name      = "Marie"
  last_name       = "Gonzalez"
  birth_date      = "1990-05-15"
  nationality     = "MEX"
  email           = "maria@example.com"
  source_of_funds = "salary"
  document_number = "G12345678"
  document_type   = "passport"
}

resource "kira_webhook" "events" {
  webhook_url = "http://127.0.0.1:9/"
  secret      = "canary-secret"
}

resource "kira_version_pin" "this" {
  target_version = "2026-04-14"
}

output "maria" {
  value = kira_user.maria.id
}
