# A US bank account, for a person who is complete for it.
#
# Kira opens it once a person there has verified the user. Without -wait the
# account is deferred until then, and the next apply takes it up. If the user
# has an ACT account already, it is adopted: there is one at most.
resource "kira_user" "owner" {
  type               = "individual"
  verification_mode  = "automatic"
  first_name         = "Maria"
  last_name          = "Gonzalez"
  birth_date         = "1990-05-15"
  email              = "maria@example.com"
  phone              = "+525512345678"
  nationality        = "MEX"
  address_street     = "Av. Reforma 123"
  address_city       = "Ciudad de Mexico"
  address_state      = "CDMX"
  address_zip_code   = "06600"
  address_country    = "MEX"
  document_type      = "passport"
  document_number    = "G12345678"
  document_country   = "MEX"
  immigration_status = "Non-Resident of U.S."
  employment_status  = "employed"
  current_employer   = "Self"
  occupation         = "Software Engineer"
  source_of_funds    = "salary"
  account_purpose    = "receive_payments"
  additional_info = {
    has_us_bank_account     = "no"
    has_denied_bank_account = "no"
  }
}

resource "kira_virtual_account" "usd" {
  user_id = kira_user.owner.id
  type    = "US_BANK"
  bank    = "austin_capital_trust"
  mode    = "fiat"
}

output "pay_to" {
  value = {
    account = kira_virtual_account.usd.account_number
    routing = kira_virtual_account.usd.routing_number
  }
}
