action "kira_payout" "rent" {
  config {
    virtual_account_id = "0d7f6f0e-5f0a-4c0e-9a53-2c1c8b0d4e11"
    recipient_id       = "8a1e4f0c-1d0b-4a7d-9a9e-0a5f7a5c9b01"
    amount             = "100.001"
    currency           = "USD"
  }
}
