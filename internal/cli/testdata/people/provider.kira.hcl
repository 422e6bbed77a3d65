provider "kira" {
  environment = "sandbox"
}
