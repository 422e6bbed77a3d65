resource "kira_recipient" "ana" {
  user_id    = "0d7f6f0e-5f0a-4c0e-9a53-2c1c8b0d4e11"
  first_name = "Ana"
  last_name  = "Ruiz"
  account = {
    account_type = "WALLET"
    token        = "USDC"
    network      = "solana"
    address      = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
  }
}
