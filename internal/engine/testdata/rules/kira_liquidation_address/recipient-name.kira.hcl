resource "kira_liquidation_address" "payroll" {
  virtual_account_id = "0b0b7a5e-3f0e-4b8e-9a4e-2f8b1c9d7e61"
  network            = "polygon"
  token              = "USDC"
  recipient = {
    type       = "individual"
    first_name = "Maria"
    account = {
      account_type   = "ACH"
      routing_number = "021000021"
      account_number = "000123456789"
      type           = "checking"
      bank_name      = "Example Bank"
      bank_address   = "1 Main Street, New York, NY 10001, US"
      doc_type       = "passport"
      doc_number     = "G12345678"
    }
  }
}
