# A company pays its people in two countries. A module says once what a team is,
# and is called for each of them.
provider "kira" {
  environment = "simulator"
  simulator {
    verify_after   = "1s"
    activate_after = "1s"
  }
}

locals {
  teams = {
    mx = { country = "MEX", people = { ana = { first = "Ana", last = "Ruiz", clabe = "032180000118359719" } } }
    co = { country = "COL", people = { eva = { first = "Eva", last = "Rojas", clabe = "012180001234567899" } } }
  }
}

module "team" {
  source   = "./team"
  for_each = local.teams

  country = each.value.country
  people  = each.value.people
}

output "people" {
  value = merge([for team in module.team : team.people]...)
}

check "somebody_everywhere" {
  assert {
    condition     = alltrue([for team in module.team : length(team.people) > 0])
    error_message = "A team has nobody."
  }
}
