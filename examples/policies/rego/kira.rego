# The same for those who have Rego already:
#   kiraform show -json p.plan | conftest test -p rego -
package main

import rego.v1

deny contains text if {
	input.kiraform.counts.update > 5
	text := sprintf("%d resources change in this plan; it may be 5", [input.kiraform.counts.update])
}

deny contains text if {
	some change in input.resource_changes
	change.type == "kira_recipient"
	change.kiraform.action in {"replace", "forget"}
	text := sprintf("%s would be left behind at Kira", [change.address])
}
