resource "kira_user" "maria" {
  type              = "individual"
  verification_mode = "verification_link"
  first_name        = "Maria"
  last_name         = "Gonzalez"
  email             = "maria@example.com"
  source_of_funds   = "salary"
  identifying_information = [
    { type = "passport", number = "G1" },
    { type = "passport", number = "G2" },
  ]
}
