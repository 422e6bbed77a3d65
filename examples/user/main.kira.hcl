# A person per entry of a map, and a business.
locals {
  staff = {
    ana  = { first = "Ana", last = "Ruiz", born = "1991-02-03" }
    luis = { first = "Luis", last = "Ortega", born = "1988-11-20" }
  }
}

resource "kira_user" "staff" {
  for_each = local.staff

  type               = "individual"
  verification_mode  = "automatic"
  first_name         = each.value.first
  last_name          = each.value.last
  birth_date         = each.value.born
  email              = "${each.key}@example.com"
  phone              = "+525512345678"
  nationality        = "MEX"
  address_street     = "Av. Reforma 123"
  address_city       = "Ciudad de Mexico"
  address_state      = "CDMX"
  address_zip_code   = "06600"
  address_country    = "MEX"
  document_type      = "passport"
  document_number    = "G${substr(sha256(each.key), 0, 8)}"
  document_country   = "MEX"
  immigration_status = "Non-Resident of U.S."
  employment_status  = "self_employed"
  source_of_funds    = "self_employment_income"
  account_purpose    = "receive_payments"
  additional_info = {
    has_us_bank_account     = "no"
    has_denied_bank_account = "no"
  }
  metadata = {
    payroll = each.key
  }

  lifecycle {
    prevent_destroy = false
  }
}

resource "kira_user" "shop" {
  type                      = "business"
  verification_mode         = "automatic"
  business_legal_name       = "Tienda Uno SAS"
  doing_business_as         = "Tienda Uno"
  business_type             = "corporation"
  business_industry         = ["general_merchandise_stores", "nonstore_retailers"]
  formation_date            = "2019-06-01"
  formation_country         = "COL"
  international_entity_type = "SAS"
  email                     = "hola@tienda.example"
  phone                     = "+576012345678"
  address_street            = "Calle 72 10-07"
  address_city              = "Bogota"
  address_state             = "DC"
  address_zip_code          = "110231"
  address_country           = "COL"
  account_purpose           = "receive_payments_for_goods_and_services"
  source_of_funds           = "company_funds"
  additional_info = {
    has_us_bank_account     = "no"
    has_denied_bank_account = "no"
  }
  associated_persons = [
    {
      first_name      = "Camila"
      last_name       = "Rojas"
      birth_date      = "1985-03-09"
      email           = "camila@tienda.example"
      nationality     = "COL"
      document_number = "52345678"
      role            = "control_prong"
    },
  ]
}

output "staff" {
  value = { for name, user in kira_user.staff : name => user.id }
}
