# A business in the United States, with one person in control.
resource "kira_user" "acme" {
  type                = "business"
  verification_mode   = "automatic"
  business_legal_name = "Acme Trading LLC"
  doing_business_as   = "Acme"
  business_type       = "llc"
  business_industry   = ["merchant_wholesalers_nondurable_goods"]
  formation_date      = "2020-01-15"
  formation_country   = "USA"
  email               = "ops@acme.example"
  phone               = "+14155559999"
  ein                 = "12-3456789"
  account_purpose     = "operating_a_company"
  source_of_funds     = "sales_of_goods_and_services"

  address_street   = "1 Market Street"
  address_city     = "San Francisco"
  address_state    = "CA"
  address_zip_code = "94105"
  address_country  = "USA"

  additional_info = {
    has_us_bank_account     = "no"
    has_denied_bank_account = "no"
  }

  associated_persons = [
    {
      first_name      = "Alice"
      last_name       = "Smith"
      birth_date      = "1980-05-15"
      email           = "alice@acme.example"
      nationality     = "USA"
      document_number = "D11111111"
      ssn             = "222-22-2222"
      role            = "control_prong"
    },
  ]
}
