# Pins the account to the API version that kiraform speaks. A pin only moves
# forward.
resource "kira_version_pin" "this" {
  target_version = "2026-04-14"
}
