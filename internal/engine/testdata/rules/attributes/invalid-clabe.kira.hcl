resource "kira_recipient" "ana" {
  user_id    = "0d7f6f0e-5f0a-4c0e-9a53-2c1c8b0d4e11"
  first_name = "Ana"
  last_name  = "Ruiz"
  account = {
    account_type = "SPEI"
    clabe        = "03218000011835971"
  }
}
