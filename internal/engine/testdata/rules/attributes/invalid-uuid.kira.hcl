resource "kira_virtual_account" "usd" {
  user_id  = "maria"
  type     = "US_BANK"
  mode     = "fiat"
  provider = "act"
}
