provider "kira" {
  environment = "simulator"
}
