resource "kira_version_pin" "pin" {
  target_version = "2026-06-01"
}
