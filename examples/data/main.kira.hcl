# Data sources look at what lives at Kira and is managed elsewhere. They change
# nothing there. One whose arguments are known is looked at by plan, one that
# needs something that is yet to be made by apply.
#
# In a project of your own, the user, the account and the recipient would be in
# somebody else's configuration; here they are made first, so that there is
# something to look at.
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

resource "kira_virtual_account" "usd" {
  user_id  = kira_user.maria.id
  type     = "US_BANK"
  provider = "act"
  mode     = "fiat"
}

resource "kira_recipient" "pension" {
  user_id    = kira_user.maria.id
  first_name = "Maria"
  last_name  = "Gonzalez"
  account = {
    account_type = "SPEI"
    clabe        = "032180000118359719"
  }
}

# A user by id, or by e-mail: email = "maria@example.com".
data "kira_user" "maria" {
  id = kira_user.maria.id
}

# An account by id, or by user and bank.
data "kira_virtual_account" "usd" {
  user_id    = data.kira_user.maria.id
  bank       = "austin_capital_trust"
  depends_on = [kira_virtual_account.usd]
}

# What is on it: null until the account can be used.
data "kira_balance" "usd" {
  virtual_account_id = data.kira_virtual_account.usd.id
}

# All recipients of a user, and one of them.
data "kira_recipients" "all" {
  user_id    = data.kira_user.maria.id
  depends_on = [kira_recipient.pension]
}

data "kira_recipient" "first" {
  id = data.kira_recipients.all.recipients[0].recipient_id
}

# The countries that Kira knows.
data "kira_countries" "all" {}

output "name" {
  value = "${data.kira_user.maria.first_name} ${data.kira_user.maria.last_name}"
}

output "account_number" {
  value = data.kira_virtual_account.usd.account_number
}

output "balance" {
  value = data.kira_balance.usd.available_balance
}

output "rail" {
  value = data.kira_recipient.first.account.account_type
}

output "countries" {
  value = length(data.kira_countries.all.countries)
}
