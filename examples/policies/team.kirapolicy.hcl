# At most five people change in one plan.
policy "few at once" {
  resource      = "kira_user"
  condition     = plan.counts.total <= 5
  error_message = "${plan.counts.total} users change in this plan; it may be 5"
}

# Nobody undoes by accident what somebody did at Kira.
policy "no silent revert" {
  level         = "warn"
  condition     = !contains(change.cause, "drifted")
  error_message = "${change.address} goes back to what is written"
}

# Where money goes is never replaced without talking about it first.
policy "payees stay" {
  resource      = "kira_recipient"
  condition     = !contains(["replace", "forget"], change.action) || plan.destroy
  error_message = "${change.address} would be left behind at Kira"
}
