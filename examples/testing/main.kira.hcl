# A person with an account and somebody who is paid from it, and the tests of that:
# onboarding.kiratest.hcl. Run "kiraform test" here.

variable "email" {
  type    = string
  default = "maria@example.com"

  validation {
    condition     = endswith(var.email, "example.com")
    error_message = "Only people of example.com have an account."
  }
}

resource "kira_user" "maria" {
  type               = "individual"
  verification_mode  = "automatic"
  first_name         = "Maria"
  last_name          = "Gonzalez"
  birth_date         = "1990-05-15"
  email              = var.email
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
  user_id  = kira_user.maria.id
  type     = "US_BANK"
  provider = "act"
  mode     = "fiat"
}

output "account_number" {
  value = kira_virtual_account.usd.account_number
}
