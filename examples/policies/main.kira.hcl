# A person, and the rules that plans for this folder are judged by: team.kirapolicy.hcl.

provider "kira" {
  environment = "simulator"
}

resource "kira_user" "ana" {
  type            = "individual"
  first_name      = "Ana"
  last_name       = "Ruiz"
  birth_date      = "1991-02-03"
  nationality     = "MEX"
  email           = "ana@example.com"
  source_of_funds = "salary"

  additional_info = {
    has_us_bank_account     = "no"
    has_denied_bank_account = "no"
  }
}
