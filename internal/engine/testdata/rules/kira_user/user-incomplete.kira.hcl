resource "kira_user" "maria" {
  type            = "individual"
  first_name      = "Maria"
  last_name       = "Gonzalez"
  email           = "maria@example.com"
  nationality     = "MEX"
  source_of_funds = "salary"
}
