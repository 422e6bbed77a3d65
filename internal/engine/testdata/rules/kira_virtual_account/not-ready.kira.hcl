resource "kira_user" "maria" {
  type               = "individual"
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
  immigration_status = "Non-Resident of U.S."
  employment_status  = "employed"
  current_employer   = "Self"
  source_of_funds    = "salary"
  account_purpose    = "receive_payments"
  additional_info    = { has_us_bank_account = "no", has_denied_bank_account = "no" }
  # occupation: Kira asks the employed for it
}

resource "kira_virtual_account" "usd" {
  user_id  = kira_user.maria.id
  type     = "US_BANK"
  mode     = "fiat"
  provider = "act"
}
