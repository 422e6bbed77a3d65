resource "kira_user" "maria" {
  type              = "individual"
  verification_mode = "verification_link"
  first_name        = "Maria"
  last_name         = "Gonzalez"
  email             = "maria"
  source_of_funds   = "salary"
}
