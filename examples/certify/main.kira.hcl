# The fifteen items that Kira asks for before production, at the simulator:
#
#   kiraform apply -wait=1m
#   kiraform certify -wait=1m
#
# certify uses this person, who is the individual of item 4, the one whom Kira
# has verified (6), and the owner of the account (7). It makes the business (5)
# and what else it lacks by itself, and writes the evidence to certification/.
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
  user_id  = kira_user.owner.id
  type     = "US_BANK"
  provider = "act"
  mode     = "fiat"
}
