# An address for stablecoins that are paid out to a bank account.
#
# It belongs to a virtual account, and that must be ready for use: with -wait,
# kiraform waits until Kira has verified the user and given the account its
# number; without it, what has to wait is deferred and the next apply takes it
# up. It cannot be changed, and there is one for each bank account.
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

resource "kira_liquidation_address" "payroll" {
  virtual_account_id = kira_virtual_account.usd.id
  network            = "polygon"
  token              = "USDC"
  recipient = {
    type       = "individual"
    first_name = "Maria"
    last_name  = "Gonzalez"
    email      = "maria@example.com"
    account = {
      account_type   = "ACH"
      routing_number = "021000021"
      account_number = "000123456789"
      type           = "checking"
      bank_name      = "Example Bank"
      bank_address   = "1 Main Street, New York, NY 10001, US"
      doc_type       = "passport"
      doc_number     = "G12345678"
    }
  }
}

output "deposit_to" {
  value = kira_liquidation_address.payroll.address
}
