# Money that is paid out, and an account that is tried out with a deposit.
#
#   kiraform apply -wait=1m
#   kiraform plan  -invoke=action.kira_payout.rent
#   kiraform apply -invoke=action.kira_payout.rent -wait=1m
#   kiraform payouts list
#
# A payout is made once, however often it is asked for. Next month has another
# period.
kiraform {
  max_payout = "500.00"
}

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
  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.kira_simulated_deposit.first]
    }
  }
}

resource "kira_recipient" "landlord" {
  user_id    = kira_user.owner.id
  first_name = "Ana"
  last_name  = "Ruiz"
  account = {
    account_type = "SPEI"
    clabe        = "032180000118359719"
    doc_type     = "curp"
    doc_number   = "RUAA910203MDFZNN09"
  }
}

action "kira_payout" "rent" {
  config {
    virtual_account_id = kira_virtual_account.usd.id
    recipient_id       = kira_recipient.landlord.id
    amount             = "100.00"
    currency           = "USD"
    period             = "2026-03"
  }
}

action "kira_simulated_deposit" "first" {
  config {
    virtual_account_id = kira_virtual_account.usd.id
    amount             = "250.00"
    payment_type       = "wire"
  }
}

action "kira_verification" "again" {
  config {
    user_id = kira_user.owner.id
  }
}
