variable "user_id" {
  type = string
}

variable "name" {
  type = list(string)
}

variable "clabe" {
  type      = string
  sensitive = true
}

resource "kira_recipient" "salary" {
  user_id    = var.user_id
  first_name = var.name[0]
  last_name  = var.name[1]
  account = {
    account_type = "SPEI"
    clabe        = var.clabe
  }
}

output "recipient_id" {
  type  = string
  value = kira_recipient.salary.id
}
