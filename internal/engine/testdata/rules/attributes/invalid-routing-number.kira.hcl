resource "kira_recipient" "ana" {
  user_id    = "0d7f6f0e-5f0a-4c0e-9a53-2c1c8b0d4e11"
  first_name = "Ana"
  last_name  = "Ruiz"
  email      = "ana@example.com"
  phone      = "+525512345678"
  address    = { street_name = "Calle 1", city = "Mexico City", state = "CDMX", postal_code = "06600", country = "MX" }
  account = {
    account_type   = "WIRE"
    bank_name      = "Bank"
    account_number = "0123456789"
    routing_number = "02100002"
    type           = "checking"
    bank_address   = { street_name = "Calle 2", city = "Mexico City", state = "CDMX", postal_code = "06600", country = "MX" }
  }
}
