# One recipient for each rail that is in daily use. A recipient cannot be
# changed at Kira: a change makes a new one and leaves the old one behind.
resource "kira_user" "payer" {
  type              = "individual"
  verification_mode = "automatic"
  first_name        = "Maria"
  last_name         = "Gonzalez"
  birth_date        = "1990-05-15"
  nationality       = "MEX"
  email             = "maria@example.com"
  source_of_funds   = "salary"
}

locals {
  person = {
    first_name = "Ana"
    last_name  = "Ruiz"
    email      = "ana@example.com"
    phone      = "+14155550100"
  }
  home = { street_name = "1 Main St", city = "Austin", state = "TX", postal_code = "78701", country = "US" }
  bank = { street_name = "383 Madison Ave", city = "New York", state = "NY", postal_code = "10179", country = "US" }
}

resource "kira_recipient" "swift" {
  user_id    = kira_user.payer.id
  first_name = local.person.first_name
  last_name  = local.person.last_name
  email      = local.person.email
  phone      = local.person.phone
  address    = { street_name = "Av. Insurgentes 100", city = "Mexico City", state = "CDMX", postal_code = "06600", country = "MX" }
  account = {
    account_type   = "SWIFT"
    bank_name      = "Banco de Mexico"
    account_number = "012345678901234567"
    swift_code     = "BNMXMXMM"
    bank_address   = { street_name = "Av. Reforma 1", city = "Mexico City", state = "CDMX", postal_code = "06600", country = "MX" }
  }
}

resource "kira_recipient" "wire" {
  user_id    = kira_user.payer.id
  first_name = local.person.first_name
  last_name  = local.person.last_name
  email      = local.person.email
  address    = local.home
  account = {
    account_type   = "WIRE"
    routing_number = "021000021"
    account_number = "123456789"
    type           = "checking"
    bank_name      = "Example Bank"
    bank_address   = local.bank
    doc_type       = "passport"
    doc_number     = "X1234567"
  }
}

# For ACH and INSTANT_PAY the bank's address is a text.
resource "kira_recipient" "domestic" {
  for_each = toset(["ACH", "INSTANT_PAY"])

  user_id    = kira_user.payer.id
  first_name = local.person.first_name
  last_name  = local.person.last_name
  email      = local.person.email
  address    = local.home
  account = {
    account_type   = each.key
    routing_number = "021000021"
    account_number = "123456789"
    type           = "savings"
    bank_name      = "Example Bank"
    bank_address   = "383 Madison Ave, New York, NY 10179"
    doc_type       = "passport"
    doc_number     = "X1234567"
  }
}

resource "kira_recipient" "spei" {
  user_id    = kira_user.payer.id
  first_name = local.person.first_name
  last_name  = local.person.last_name
  email      = local.person.email
  account = {
    account_type = "SPEI"
    clabe        = "032180000118359719"
    doc_type     = "curp"
    doc_number   = "RUAA910203MDFZNN09"
  }
}

resource "kira_recipient" "wallet" {
  user_id      = kira_user.payer.id
  type         = "business"
  company_name = "Acme Trading LLC"
  email        = "ops@acme.example"
  account = {
    account_type = "WALLET"
    token        = "USDC"
    network      = "solana"
    address      = "7EcDhSYGxXyscszYEp35KHN8vvw3svAuLKTzXwCFLtV"
  }
}
