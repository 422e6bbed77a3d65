provider "kira" {
  environment = "simulator"
  simulator {
    verify_after   = "1s"
    activate_after = "1s"
    payout_after   = "1s"
  }
}
