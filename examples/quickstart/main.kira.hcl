# Everything that an integration with Kira starts with, in one folder:
#
#   a person and a business, a US bank account for the business, a Solana
#   sweep account for the person, somebody to pay, and where Kira sends events.
#
# It runs against the embedded simulator, which needs no server and no
# credentials. For Kira's sandbox, write environment = "sandbox" and set
# KIRA_API_KEY, KIRA_CLIENT_ID and KIRA_PASSWORD.

provider "kira" {
  environment = "simulator"

  # The simulator plays the people at Kira: they verify users and activate
  # accounts. At Kira that takes a person, and longer.
  simulator {
    verify_after   = "2s"
    activate_after = "1s"
  }
}

variable "wallet" {
  type        = string
  description = "The Solana wallet that receives what is paid into Maria's account. Kira does not hold it."
  default     = "7EcDhSYGxXyscszYEp35KHN8vvw3svAuLKTzXwCFLtV"
}

variable "webhook_secret" {
  type        = string
  description = "What Kira signs its webhooks with."
  default     = "quickstart-secret"
  sensitive   = true
}

resource "kira_version_pin" "this" {
  target_version = "2026-04-14"
}

resource "kira_webhook" "this" {
  webhook_url = "https://acme.example/kira-webhooks"
  secret      = var.webhook_secret
}

resource "kira_user" "maria" {
  type              = "individual"
  verification_mode = "automatic"
  first_name        = "Maria"
  last_name         = "Gonzalez"
  birth_date        = "1990-05-15"
  gender            = "female"
  email             = "maria@example.com"
  phone             = "+525512345678"
  nationality       = "MEX"

  address_street   = "Av. Reforma 123"
  address_city     = "Ciudad de Mexico"
  address_state    = "CDMX"
  address_zip_code = "06600"
  address_country  = "MEX"

  document_type      = "passport"
  document_number    = "G12345678"
  document_country   = "MEX"
  immigration_status = "Non-Resident of U.S."
  employment_status  = "employed"
  current_employer   = "Self"
  occupation         = "Software Engineer"
  source_of_funds    = "salary"
  account_purpose    = "receive_payments"

  # Kira wants "yes" and "no" here, not booleans.
  additional_info = {
    has_us_bank_account     = "no"
    has_denied_bank_account = "no"
  }

  identifying_information = [
    {
      type            = "passport"
      issuing_country = "MEX"
      number          = "G12345678"
      expiration      = "2030-05-15"
      documents = [
        { type = "front", file = "data:image/png;base64,${filebase64("papers/passport.png")}" },
      ]
    },
    {
      type            = "proof_of_address"
      issuing_country = "MEX"
      documents = [
        { type = "file_proof_of_address", file = "data:image/png;base64,${filebase64("papers/proof-of-address.png")}" },
      ]
    },
    {
      type            = "source_of_wealth"
      issuing_country = "MEX"
      documents = [
        { type = "file_source_of_wealth", file = "data:image/png;base64,${filebase64("papers/source-of-wealth.png")}" },
      ]
    },
  ]

  metadata = {
    team = "treasury"
  }
}

resource "kira_user" "acme" {
  type                = "business"
  verification_mode   = "automatic"
  business_legal_name = "Acme Trading LLC"
  doing_business_as   = "Acme"
  business_type       = "llc"
  business_industry   = ["merchant_wholesalers_nondurable_goods"]
  formation_date      = "2020-01-15"
  formation_country   = "USA"
  email               = "ops@acme.example"
  phone               = "+14155559999"
  ein                 = "12-3456789"
  account_purpose     = "operating_a_company"
  source_of_funds     = "sales_of_goods_and_services"

  address_street   = "1 Market Street"
  address_city     = "San Francisco"
  address_state    = "CA"
  address_zip_code = "94105"
  address_country  = "USA"

  additional_info = {
    has_us_bank_account     = "no"
    has_denied_bank_account = "no"
  }

  associated_persons = [
    {
      first_name      = "Alice"
      last_name       = "Smith"
      birth_date      = "1980-05-15"
      email           = "alice@acme.example"
      nationality     = "USA"
      document_number = "D11111111"
      ssn             = "222-22-2222"
      role            = "control_prong"
    },
  ]
}

# A US bank account at Austin Capital Trust. Kira opens it once it has verified
# the business; until then it is deferred, or waited for with -wait.
resource "kira_virtual_account" "acme_usd" {
  user_id  = kira_user.acme.id
  type     = "US_BANK"
  provider = "act"
  mode     = "fiat"
}

# An account whose deposits are swept to a wallet, as USDC on Solana.
resource "kira_virtual_account" "maria_usdc" {
  user_id = kira_user.maria.id
  type    = "US_BANK"
  mode    = "crypto"
  bank    = "slovak_savings_bank"
  destination = {
    currency = "USDC"
    network  = "solana"
    address  = var.wallet
  }
}

# Whom Acme pays, by international wire. Countries have two letters here, and
# three in users.
resource "kira_recipient" "supplier" {
  user_id    = kira_user.acme.id
  first_name = "Maria"
  last_name  = "Gonzalez"
  email      = "maria@example.com"
  phone      = "+525512345678"
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

output "acme_account_number" {
  description = "Where Acme's customers pay to."
  value       = kira_virtual_account.acme_usd.account_number
}

output "acme_status" {
  value = kira_user.acme.status
}

output "supplier" {
  value = kira_recipient.supplier.id
}
