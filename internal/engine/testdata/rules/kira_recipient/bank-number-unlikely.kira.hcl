resource "kira_recipient" "ana" {
  user_id    = "0d7f6f0e-5f0a-4c0e-9a53-2c1c8b0d4e11"
  first_name = "Ana"
  last_name  = "Ruiz"
  email      = "ana@example.com"
  address    = { street_name = "1 Main Street", city = "Austin", state = "TX", postal_code = "78701", country = "US" }
  account = {
    account_type   = "ACH"
    bank_name      = "Bank"
    account_number = "0123456789"
    routing_number = "021000022"
    type           = "checking"
    bank_address   = "2 Main Street, Austin"
    doc_type       = "passport"
    doc_number     = "G12345678"
  }
}
