resource "kira_user" "maria" {
  type            = "individual"
  first_name      = "Maria"
  last_name       = "Gonzalez"
  email           = "maria@example.com"
  birth_date      = "1990-05-15"
  nationality     = "MEX"
  source_of_funds = "salary"
}
