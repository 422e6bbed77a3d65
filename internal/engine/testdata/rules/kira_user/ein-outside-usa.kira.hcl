resource "kira_user" "acme" {
  type                = "business"
  business_legal_name = "Acme"
  business_type       = "llc"
  email               = "ops@acme.com"
  source_of_funds     = "company_funds"
  associated_persons  = [{ first_name = "Alice", last_name = "Smith", email = "alice@acme.com", role = "control_prong", ssn = "222-22-2222" }]
  formation_country   = "COL"
  address_country     = "COL"
  ein                 = "12-3456789"
}
