# The request bodies of Kira's brief for AI agents, turned into HCL: every ":"
# became "=", and ids became references. Nothing else was changed, so both users
# still lack a source_of_funds, of which kiraform warns: verification rejects
# them for it.
provider "kira" {
  environment = "simulator"
}

resource "kira_version_pin" "pin" {
  target_version = "2026-04-14"
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
  identifying_information = [
    { type = "passport", issuing_country = "MEX", number = "G12345678", expiration = "2030-05-15" }
  ]
  additional_info = { has_us_bank_account = "no", has_denied_bank_account = "no" }
  account_purpose = "receive_payments"
}

resource "kira_user" "business" {
  type                = "business"
  verification_mode   = "automatic"
  business_legal_name = "Acme Trading LLC"
  doing_business_as   = "Acme"
  business_type       = "llc"
  business_industry   = ["merchant_wholesalers_nondurable_goods"]
  formation_date      = "2020-01-15"
  formation_country   = "USA"
  email               = "ops@acme.com"
  phone               = "+14155559999"
  address_street      = "1 Market Street"
  address_city        = "San Francisco"
  address_state       = "CA"
  address_zip_code    = "94105"
  address_country     = "USA"
  ein                 = "12-3456789"
  associated_persons = [
    {
      first_name      = "Alice"
      last_name       = "Smith"
      birth_date      = "1980-05-15"
      email           = "alice@acme.com"
      nationality     = "USA"
      document_number = "D11111111"
      ssn             = "222-22-2222"
      role            = "control_prong"
    }
  ]
}

# The bodies of the accounts leave open whose they are. It has to be somebody
# with all that the products ask for, as in ../virtual-account; the person above
# lacks an occupation and documents.
variable "verified_user" {
  type        = string
  description = "The id of a user whom Kira has verified. Without one, there are no accounts."
  default     = null
}

resource "kira_virtual_account" "act" {
  count = var.verified_user == null ? 0 : 1

  user_id  = var.verified_user
  type     = "US_BANK"
  provider = "act"
  mode     = "fiat"
}

resource "kira_virtual_account" "crypto" {
  count = var.verified_user == null ? 0 : 1

  user_id = var.verified_user
  type    = "US_BANK"
  mode    = "crypto"
  bank    = "slovak_savings_bank"
  destination = {
    currency = "USDC"
    network  = "solana"
    address  = "7EcDhSYGxXyscszYEp35KHN8vvw3svAuLKTzXwCFLtV"
  }
}

resource "kira_recipient" "swift" {
  user_id    = kira_user.individual.id
  first_name = "Maria"
  last_name  = "Gonzalez"
  email      = "maria@example.com"
  phone      = "+5215512345678"
  address = {
    street_name = "Av. Insurgentes 100"
    city        = "Mexico City"
    state       = "CDMX"
    postal_code = "06600"
    country     = "MX"
  }
  account = {
    account_type   = "SWIFT"
    bank_name      = "Banco de Mexico"
    account_number = "012345678901234567"
    swift_code     = "BNMXMXMM"
    bank_address = {
      street_name = "Av. Reforma 1"
      city        = "Mexico City"
      state       = "CDMX"
      postal_code = "06600"
      country     = "MX"
    }
  }
}

resource "kira_webhook" "events" {
  client_uuid = "51000000-0000-4000-8000-000000000000"
  webhook_url = "https://your-domain.com/kira-webhooks"
}
