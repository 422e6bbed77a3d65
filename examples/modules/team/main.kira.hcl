variable "country" {
  type        = string
  description = "The nationality of the people, as three letters."
  validation {
    condition     = contains(["MEX", "COL"], var.country)
    error_message = "There is no team in ${var.country}."
  }
}

variable "people" {
  type = map(object({
    first = string
    last  = string
    born  = optional(string, "1991-02-03")
    clabe = string
  }))
  nullable = false
}

resource "kira_user" "person" {
  for_each = var.people

  type            = "individual"
  first_name      = each.value.first
  last_name       = each.value.last
  birth_date      = each.value.born
  nationality     = var.country
  email           = "${each.key}@example.com"
  source_of_funds = "salary"
  additional_info = {
    has_us_bank_account     = "no"
    has_denied_bank_account = "no"
  }
}

module "pay" {
  source   = "../pay"
  for_each = kira_user.person

  user_id = each.value.id
  name    = [each.value.first_name, each.value.last_name]
  clabe   = var.people[each.key].clabe
}

output "people" {
  description = "The id and the payee of each person."
  value = {
    for key, user in kira_user.person : key => { id = user.id, recipient = module.pay[key].recipient_id }
  }
}
