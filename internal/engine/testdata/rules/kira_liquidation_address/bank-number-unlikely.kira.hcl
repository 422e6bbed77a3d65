resource "kira_liquidation_address" "payout" {
  virtual_account_id = "5b0e8a3e-0b7e-4a53-8f39-6f2f0a9f1c22"
  network            = "solana"
  token              = "USDC"
  recipient = {
    type         = "business"
    company_name = "Acme"
    account = {
      account_type   = "ACH"
      bank_name      = "Bank"
      account_number = "0123456789"
      routing_number = "021000022"
      type           = "checking"
      bank_address   = "1 Main Street, New York"
      doc_type       = "ein"
      doc_number     = "12-3456789"
    }
  }
}
