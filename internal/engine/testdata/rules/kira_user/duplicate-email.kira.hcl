resource "kira_user" "maria" {
  type              = "individual"
  verification_mode = "verification_link"
  first_name        = "Maria"
  last_name         = "Gonzalez"
  email             = "maria@example.com"
  source_of_funds   = "salary"
}

resource "kira_user" "maria_again" {
  type              = "individual"
  verification_mode = "verification_link"
  first_name        = "Maria"
  last_name         = "Gonzalez"
  email             = "maria@example.com"
  source_of_funds   = "salary"
}
