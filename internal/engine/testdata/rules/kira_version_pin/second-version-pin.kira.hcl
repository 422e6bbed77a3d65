resource "kira_version_pin" "this" {
  target_version = "2026-04-14"
}

resource "kira_version_pin" "again" {
  target_version = "2026-06-01"
}
