resource "kira_liquidation_address" "payroll" {
  virtual_account_id = "0b0b7a5e-3f0e-4b8e-9a4e-2f8b1c9d7e61"
  network            = "polygon"
  token              = "USDC"
  recipient = {
    type       = "individual"
    first_name = "Maria"
    last_name  = "Gonzalez"
    account = {
      account_type   = "ACH"
      routing_number = "021000021"
      account_number = "000123456789"
      type           = "checking"
      bank_name      = "Example Bank"
      bank_address   = { street_name = "1 Main Street", city = "New York", state = "NY", postal_code = "10001", country = "US" }
      doc_type       = "passport"
      doc_number     = "G12345678"
    }
  }
}
