provider "kira" {
  environment = "simulator"
  simulator {
    verify_after = "0s"
  }
}

variable "token" {
  default   = "canary-token"
  sensitive = true
}

locals {
  people = { ana = "Ana", eva = "Eva" }
}

# Two people with one tax number, and a token of each in metadata.
resource "kira_user" "person" {
  for_each        = local.people
  type            = "individual"
  first_name      = each.value
  last_name       = "Ruiz"
  birth_date      = "1991-02-03"
  nationality     = "USA"
  email           = "${each.key}@x.example"
  ssn             = "222-22-2222"
  source_of_funds = "salary"
  occupation      = "Engineer"
  metadata        = { team = "x", token = var.token }
}

resource "kira_recipient" "payee" {
  user_id    = kira_user.person["ana"].id
  first_name = "Maria"
  last_name  = "Gonzalez"
  account = {
    account_type     = "PSE"
    account_number   = "012345678901234567"
    bank_code        = "1007"
    type             = "savings"
    doc_type         = "nuip"
    doc_number       = "1020304050"
    doc_country_code = "CO"
  }
}

resource "kira_webhook" "events" {
  webhook_url = "https://hooks.example.com/kira"
  secret      = "canary-secret"
}
