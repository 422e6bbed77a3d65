provider "kira" {
  environment = "simulator"
  simulator {
    verify_after   = "1s"
    activate_after = "1s"
  }
}
