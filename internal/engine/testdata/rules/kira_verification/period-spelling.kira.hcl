action "kira_verification" "again" {
  config {
    user_id = "0d7f6f0e-5f0a-4c0e-9a53-2c1c8b0d4e11"
    period  = " second try"
  }
}
