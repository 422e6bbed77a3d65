resource "kira_virtual_account" "coins" {
  user_id  = "0d7f6f0e-5f0a-4c0e-9a53-2c1c8b0d4e11"
  type     = "US_BANK"
  mode     = "crypto"
  provider = "act"
  destination = {
    currency = "USDC"
    network  = "solana"
    address  = "7EcDhSYGxXyscszYEp35KHN8vvw3svAuLKTzXwCFLtV"
  }
}
