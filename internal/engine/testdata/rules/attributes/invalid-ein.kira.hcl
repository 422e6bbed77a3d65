resource "kira_user" "acme" {
  type                = "business"
  verification_mode   = "verification_link"
  business_legal_name = "Acme"
  email               = "ops@acme.com"
  source_of_funds     = "company_funds"
  ein                 = "12345678"
}
