resource "kira_user" "acme" {
  type                = "business"
  business_legal_name = "Acme"
  business_type       = "llc"
  email               = "ops@acme.com"
  source_of_funds     = "company_funds"
  associated_persons  = [{ first_name = "Alice", last_name = "Smith", email = "alice@acme.com", role = "control_prong" }]
  address_country     = "USA"
}
