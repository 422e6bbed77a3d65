# A person who has everything that an account at ACT needs.
resource "kira_user" "maria" {
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
