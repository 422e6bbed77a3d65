resource "kira_user" "acme" {
  type                = "business"
  business_legal_name = "Acme"
  business_type       = "llc"
  email               = "ops@acme.com"
  source_of_funds     = "salary"
  associated_persons  = [{ first_name = "Alice", last_name = "Smith", email = "alice@acme.com", role = "control_prong", ssn = "222-22-2222" }]
}
