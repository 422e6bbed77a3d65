# Runs of a file share a simulated Kira, which begins empty.

run "asks_for_verification" {
  assert {
    condition     = kira_user.maria.status == "CREATED"
    error_message = "Maria is ${kira_user.maria.status} after she was made."
  }
  assert {
    condition     = apply.deferred == 1
    error_message = "The account does not wait for Maria."
  }
}

run "is_rejected" {
  command = plan

  simulator {
    reject  = [kira_user.maria]
    reasons = ["the passport is not legible"]
  }

  assert {
    condition     = plan.empty
    error_message = "Something is done for somebody who is rejected."
  }
  assert {
    condition     = anytrue([for d in diagnostics : strcontains(d.detail, "not legible")])
    error_message = "Nobody is told why Maria was rejected."
  }
}

run "gets_an_account" {
  simulator { verify = [kira_user.maria] }

  assert {
    condition     = apply.done.create == 1
    error_message = "The account was not made."
  }
}

run "has_a_number" {
  simulator { activate = [kira_virtual_account.usd] }

  assert {
    condition     = length(output.account_number) > 0
    error_message = "The account has no number."
  }
}

run "nothing_is_left_to_do" {
  command = plan

  assert {
    condition     = plan.empty
    error_message = "Another apply would do ${jsonencode(plan.counts)}."
  }
}

run "refuses_others" {
  command = plan
  variables { email = "maria@elsewhere.test" }

  expect_failures = [var.email]
}
