# The policies of this folder, as its plans are judged by them.

run "a_person_may_be_made" {
  assert {
    condition     = apply.done.create == 1
    error_message = "Ana was not made."
  }
}

run "nobody_undoes_what_kira_did" {
  command = plan

  assert {
    condition     = !contains(diagnostics[*].code, "policy")
    error_message = "A policy is against a plan that changes nothing."
  }
}
