package explain

import "strings"

// block describes a block of the language: its attributes as "name: form: words",
// where a name with an asterisk has to be written.
type block struct {
	name, doc, example string
	attrs              []string
}

// blocks are the topics of the blocks that are of no kind. Package config decides
// about their arguments: a test compares.
var blocks = blockTopics(
	block{"kiraform", "Settings of the folder. It stands once, in the root module.", "kiraform {\n  required_version = \">= 0.1\"\n  max_changes      = 20\n}", []string{
		"required_version: a text: Which versions of kiraform may read this folder.",
		"max_changes: a number: The most resources that one apply may touch, unless -force is given.",
		"max_payout: a text: The most that payouts of a run and of the last 24 hours may come to, such as \"500.00\".",
	}},
	block{"kiraform.backend", "Keeps the state of all workspaces in Postgres, so that several people share it. The label is \"postgres\". The address of the database is in KIRAFORM_DATABASE_URL.", "backend \"postgres\" {\n  workspace = \"default\"\n}", []string{
		"workspace: a text: The name under which the states of this folder are kept.",
		"lease: a text: How long a run that died keeps others waiting, such as \"1m\".",
	}},
	block{"kiraform.encryption", "Encrypts state, journal, saved plans and kept events. They are read with KIRAFORM_AGE_IDENTITY.", "encryption {\n  recipients = [\"age1...\"]\n}", []string{
		"recipients*: a list of texts: The age recipients that may read them.",
	}},
	block{"kiraform.rules", "Turns offline rules of values down, by their ids, which \"kiraform explain kiraform.rules.off\" lists. docs/rules.md explains them. In production it needs -allow=rules.", "rules {\n  warn = [\"wallet-address\"]\n}", []string{
		"warn: a list of texts: Rules that warn instead of stopping the plan.",
		"off: a list of texts: Rules that say nothing.",
	}},
	block{"provider", "Which Kira the folder is for. The label is \"kira\". Keys never stand in files: KIRA_API_KEY, KIRA_CLIENT_ID and KIRA_PASSWORD.", "provider \"kira\" {\n  environment = \"sandbox\"\n}", []string{
		"environment: a text: simulator, sandbox or production.",
		"api_version: a text: The version of Kira's API that is asked for, \"2026-04-14\" if nothing is written.",
		"base_url: a text: Another address, for a host that is neither Kira's nor this machine. KIRA_BASE_URL goes before it.",
		"ownership_marks: true or false: Notes at Kira, in the metadata of a user, which state it belongs to.",
		"requests_per_second: a number: The rate at which requests are sent, from 1 to 1000.",
		"email_tag: a text: Turns a@x into a+TAG@x in users, so that one configuration can be tried several times. It is an error in production.",
		"credentials_command: a list of texts: A program that prints the keys as JSON: api_key, client_id and password.",
	}},
	block{"provider.simulator", "How the small Kira of environment = \"simulator\" plays the people at Kira.", "simulator {\n  verify_after   = \"2s\"\n  activate_after = \"1s\"\n}", []string{
		"verify_after: a text: Verifies complete users after this long; nobody does without it.",
		"activate_after: a text: Gives accounts their number after this long; nobody does without it.",
		"payout_after: a text: Completes payouts after this long.",
	}},
	block{"variable", "A value that is given from outside. The label is its name: var.NAME.", "variable \"email\" {\n  type = string\n}", []string{
		"type: a type: Such as string, number, bool, list(string) or object({ name = string, age = optional(number) }).",
		"default: any value: The value where none is given.",
		"description: a text: Words for people.",
		"sensitive: true or false: Hides the value in every output.",
		"nullable: true or false: Whether null is a value of it; true if nothing is written.",
		"ephemeral: true or false: Keeps the value out of plans and states.",
		"deprecated: a text: Warns whoever gives it a value.",
	}},
	condition("variable.validation", "Refuses values of the variable."),
	block{"locals", "Values with names of their own: local.NAME. Every attribute is one.", "locals {\n  country = \"MEX\"\n}", nil},
	block{"output", "A value to show and keep. The label is its name.", "output \"account_number\" {\n  value = kira_virtual_account.usd.account_number\n}", []string{
		"value*: any value: The value.",
		"description: a text: Words for people.",
		"sensitive: true or false: Hides the value; needed for one that is sensitive.",
		"depends_on: a list of references: Resources that have to be ready before.",
		"type: a type: The type that the value must have.",
		"ephemeral: true or false: Keeps the value out of the state; in called modules only.",
		"deprecated: a text: Warns whoever uses it.",
	}},
	condition("output.precondition", "Has to hold before the output gets its value."),
	block{"resource", "An object at Kira. The labels are its kind and its name. Its kind says which attributes it has.", "resource \"kira_user\" \"maria\" {\n  type  = \"individual\"\n  email = \"maria@example.com\"\n}", meta},
	block{"resource.lifecycle", "Rules for the life of the resource.", "lifecycle {\n  prevent_destroy = true\n}", []string{
		"prevent_destroy: true or false: Makes a plan that forgets or replaces the resource an error.",
		"enabled: true or false: Whether there is the resource at all.",
		"ignore_changes: a list of attributes, or all: Leaves attributes as they are at Kira.",
		"replace_triggered_by: a list of references: Replaces the resource if one of them changes.",
		"create_before_destroy: true or false: Is accepted, and always so: Kira deletes nothing.",
	}},
	condition("resource.lifecycle.precondition", "Has to hold before the resource is planned."),
	condition("resource.lifecycle.postcondition", "Has to hold after the resource was made or changed; self is the resource."),
	block{"resource.lifecycle.action_trigger", "Runs actions after the resource was made. In production none may pay.", "action_trigger {\n  events  = [after_create]\n  actions = [action.kira_verification.maria]\n}", []string{
		"events*: a list of names: Which events run them, such as after_create.",
		"actions*: a list of references: The actions.",
	}},
	block{"data", "Something that is only looked at. The labels are its kind and its name: data.KIND.NAME.", "data \"kira_countries\" \"all\" {}", nil},
	block{"action", "Something that is done once, by apply -invoke=action.KIND.NAME or by an action_trigger. The labels are its kind and its name.", "action \"kira_verification\" \"maria\" {\n  config {\n    user_id = kira_user.maria.id\n  }\n}", meta},
	block{"module", "The blocks of another folder. The label is its name: module.NAME. Its variables are attributes of the block, too.", "module \"eu\" {\n  source = \"./modules/staff\"\n}", append([]string{
		"source*: a text: The folder, beginning with ./ or ../.",
		"version: nothing: Is an error: modules are folders here.",
		"providers: nothing: Is an error: there is one provider.",
	}, meta...)},
	block{"import", "Takes an object that lives at Kira into the state.", "import {\n  to = kira_user.maria\n  id = \"0d7f6f0e-5f0a-4c0e-9a53-2c1c8b0d4e11\"\n}", []string{
		"to*: an address: The resource that it becomes.",
		"id*: a text: Its id at Kira.",
		"for_each: a map or set: Imports one object for each entry.",
	}},
	block{"moved", "Says that a resource or module has another address now. It sends nothing.", "moved {\n  from = kira_user.maria\n  to   = kira_user.mary\n}", []string{
		"from*: an address: The former one.",
		"to*: an address: The one of now.",
	}},
	block{"removed", "Says that a resource is no longer managed here. Kira keeps the object.", "removed {\n  from = kira_user.maria\n}", []string{
		"from*: an address: The resource.",
	}},
	block{"removed.lifecycle", "Is there for those who come from Terraform.", "lifecycle {\n  destroy = false\n}", []string{
		"destroy: true or false: May only be false: Kira deletes nothing.",
	}},
	block{"check", "Looks at something in every plan and apply, and warns. The label is its name. It may have a data block of its own, and has assert blocks with condition and error_message.", "check \"balance\" {\n  assert {\n    condition     = length(local.people) < 100\n    error_message = \"This folder is for fewer than a hundred people.\"\n  }\n}", nil},
	block{"policy", "Judges each change of a plan. It stands in *.kirapolicy.hcl, of this folder or of -policies=DIR. The label is its name.", "policy \"no-new-users\" {\n  resource      = \"kira_user\"\n  condition     = change.action != \"create\"\n  error_message = \"Users are made by the back office.\"\n}", []string{
		"resource: a text: The kind whose changes it judges; all if nothing is written.",
		"condition*: true or false: Has to hold; change and plan are its values.",
		"error_message*: a text: Words for whoever is refused.",
		"level: a text: \"deny\", or \"warn\".",
	}},
)

var meta = []string{
	"count: a number: Makes that many of it, NAME[0] and on.",
	"for_each: a map or set: Makes one for each entry, NAME[\"key\"].",
	"depends_on: a list of references: Resources that have to be ready before.",
}

func condition(name, doc string) block {
	_, kind, _ := cutLast(name)
	return block{name, doc, kind + " {\n  condition     = var.age >= 18\n  error_message = \"Only adults.\"\n}", []string{
		"condition*: true or false: Has to hold.",
		"error_message*: a text: Words for where it does not.",
	}}
}

func cutLast(name string) (before, last string, found bool) {
	i := strings.LastIndex(name, ".")
	return name[:max(i, 0)], name[i+1:], i >= 0
}

func blockTopics(all ...block) (topics []Topic) {
	for _, b := range all {
		t := Topic{Name: b.name, Sort: "block", Doc: b.doc, Example: b.example}
		for _, a := range b.attrs {
			parts := strings.SplitN(a, ": ", 3)
			name, must := strings.CutSuffix(parts[0], "*")
			needed := "no"
			if must {
				needed = "always"
			}
			t.Attrs = append(t.Attrs, Topic{Name: b.name + "." + name, Sort: "attribute", Form: parts[1], Doc: parts[2], Needed: needed})
		}
		topics = append(topics, t)
	}
	return topics
}
