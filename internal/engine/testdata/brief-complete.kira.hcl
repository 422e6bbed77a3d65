provider "kira" {
  environment = "simulator"
}

resource "kira_user" "individual" {
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
  gender             = "female"
  source_of_funds    = "salary"
  identifying_information = [
    { type = "passport", issuing_country = "MEX", number = "G12345678", expiration = "2030-05-15",
    documents = [{ type = "front", file = "https://files.example.com/passport.jpg" }] },
    { type = "proof_of_address", issuing_country = "MEX",
    documents = [{ type = "file_proof_of_address", file = "https://files.example.com/address.jpg" }] },
    { type = "source_of_wealth", issuing_country = "MEX",
    documents = [{ type = "file_source_of_wealth", file = "https://files.example.com/wealth.jpg" }] },
  ]
  additional_info = { has_us_bank_account = "no", has_denied_bank_account = "no" }
  account_purpose = "receive_payments"
}

resource "kira_virtual_account" "act" {
  user_id  = kira_user.individual.id
  type     = "US_BANK"
  provider = "act"
  mode     = "fiat"
}

resource "kira_virtual_account" "crypto" {
  user_id = kira_user.individual.id
  type    = "US_BANK"
  mode    = "crypto"
  bank    = "slovak_savings_bank"
  destination = {
    currency = "USDC"
    network  = "solana"
    address  = "7EcDhSYGxXyscszYEp35KHN8vvw3svAuLKTzXwCFLtV"
  }
}
