package config

import "github.com/hashicorp/hcl/v2"

// TestWords returns the names that may stand in the blocks of a file of tests, by the type
// of the innermost one; "" is the file itself.
func TestWords() map[string][]string {
	return map[string][]string{
		"": offered(testSchema), "test": {"parallel"}, "run": offered(runSchema), "plan_options": offered(planOptionsSchema),
		"simulator": offered(stepSchema), "module": {"source"}, "assert": {"condition", "error_message"},
	}
}

// PolicyWords returns the same of a file of policies.
func PolicyWords() map[string][]string {
	return map[string][]string{"": {"policy"}, "policy": offered(policySchema)}
}

// offered returns the names of a schema without those that are there to be refused.
func offered(s *hcl.BodySchema) (all []string) {
	for _, a := range s.Attributes {
		if a.Name != "providers" {
			all = append(all, a.Name)
		}
	}
	for _, b := range s.Blocks {
		if testAdvice[b.Type] == "" {
			all = append(all, b.Type)
		}
	}
	return all
}
