package config

import "github.com/hashicorp/hcl/v2"

// Forms returns the form of every block that is not of a kind, by its name behind
// that of the block around it, such as "provider.simulator". A block that takes any
// name is not among them: locals.
func Forms() map[string]*hcl.BodySchema {
	return map[string]*hcl.BodySchema{
		"kiraform": kiraformSchema, "kiraform.backend": backendSchema, "kiraform.encryption": encryptionSchema, "kiraform.rules": rulesSchema,
		"provider": providerSchema, "provider.simulator": simulatorSchema,
		"variable": variableSchema, "variable.validation": conditionSchema, "output": outputSchema, "output.precondition": conditionSchema,
		"resource": resourceSchema, "resource.lifecycle": lifecycleSchema, "resource.lifecycle.precondition": conditionSchema,
		"resource.lifecycle.postcondition": conditionSchema, "resource.lifecycle.action_trigger": triggerSchema,
		"action": actionSchema, "module": callSchema, "import": importSchema, "moved": movedSchema,
		"removed": removedSchema, "removed.lifecycle": removedLifecycle, "check": checkSchema, "policy": policySchema,
	}
}

// Blocks returns the types of the blocks that may stand in a file, those of which it
// is said that they are not supported included, each with a sentence that says so.
func Blocks() (offered []string, refused map[string]string) {
	for _, b := range rootSchema.Blocks {
		if _, no := notOffered[b.Type]; !no {
			offered = append(offered, b.Type)
		}
	}
	return offered, notOffered
}
