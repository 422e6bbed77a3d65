package cli

// example is a line to type, and words for its effect.
type example struct{ line, does string }

// examples are those of each command, by its name without that of the program.
var examples = map[string][]example{
	"init": {
		{"kiraform init", "ask, and show each file before it is written"},
		{"kiraform init -environment=sandbox -ci=github", "write without a question"},
		{"kiraform init -migrate-state", "move the state to where the configuration says"},
	},
	"explain": {
		{"kiraform explain", "list the kinds"},
		{"kiraform explain kira_user", "list the attributes of a user"},
		{"kiraform explain kira_recipient.account.clabe", "tell all about one attribute"},
	},
	"validate": {
		{"kiraform validate", "look for mistakes, without Kira"},
		{"kiraform validate -var-file=eu.kiravars.hcl", "with the values of a file"},
		{"kiraform validate -json", "for an editor or a pipeline"},
	},
	"test": {
		{"kiraform test", "carry out every run of every *.kiratest.hcl"},
		{"kiraform test -filter=tests/onboarding.kiratest.hcl -verbose", "one file, with the plan of each run"},
		{"kiraform test -junit-xml=report.xml", "with a report for a pipeline"},
	},
	"fmt": {
		{"kiraform fmt", "format the files here"},
		{"kiraform fmt -check -diff", "show the changes, and exit with 3"},
		{"kiraform fmt - <main.kira.hcl", "format standard input"},
	},
	"plan": {
		{"kiraform plan", "show the changes of an apply"},
		{"kiraform plan -out=monday.plan", "and save it, for apply monday.plan"},
		{`kiraform plan -target='kira_user.staff["ana"]'`, "of one resource and its needs"},
	},
	"apply": {
		{"kiraform apply", "plan, ask, and carry it out"},
		{"kiraform apply -wait=15m", "and wait for people at Kira"},
		{"kiraform apply monday.plan", "exactly this plan"},
	},
	"destroy": {
		{"kiraform destroy", "stop managing everything here"},
		{"kiraform destroy -target=kira_webhook.events", "or one resource, and its dependants"},
		{"kiraform plan -destroy", "see it first"},
	},
	"refresh": {
		{"kiraform refresh", "take the live values into the state"},
		{"kiraform refresh -auto-approve", "without a question"},
		{"kiraform plan -refresh-only", "see it first"},
	},
	"drift": {
		{"kiraform drift", "the changes that were made at Kira"},
		{"kiraform drift -json", "for a nightly job; exits with 2 if something has"},
		{"kiraform drift -var-file=eu.kiravars.hcl", "with the values of a file"},
	},
	"status": {
		{"kiraform status", "where each user and account stands"},
		{"kiraform status kira_user.maria", "or one"},
		{"kiraform status -watch=10s", "look again every ten seconds"},
	},
	"verify": {
		{"kiraform verify kira_user.maria", "have Kira verify her again"},
		{"kiraform verify -type=embedded-link kira_user.maria", "with a link that she opens"},
		{"kiraform status kira_user.maria", "how it stands"},
	},
	"show": {
		{"kiraform show", "everything in the state"},
		{"kiraform show monday.plan", "the changes of a saved plan"},
		{"kiraform show -format=markdown monday.plan", "for the comment of a review"},
	},
	"replay": {
		{"kiraform replay run.jsonl", "show a run again"},
		{"kiraform replay -speed=10 run.jsonl", "ten times as fast"},
		{"kiraform apply -auto-approve -progress=json >run.jsonl", "record one"},
	},
	"output": {
		{"kiraform output", "all outputs"},
		{"kiraform output -raw account_number", "one, for a script"},
		{"kiraform output -json", "for a program"},
	},
	"console": {
		{"kiraform console", "type expressions"},
		{"echo 'kira_user.maria.id' | kiraform console", "ask for one value"},
		{"kiraform console -plan", "with the values that a plan has"},
	},
	"graph": {
		{"kiraform graph", "all dependencies, for dot"},
		{"kiraform graph -format=mermaid", "for a page in Markdown"},
		{"kiraform graph -type=full", "with variables, locals and outputs"},
	},
	"state": {
		{"kiraform state list", "the managed objects"},
		{"kiraform state show kira_user.maria", "all that is known of one"},
		{"kiraform state mv kira_user.maria kira_user.mary", "after a block was renamed"},
	},
	"state list": {
		{"kiraform state list", "all addresses"},
		{"kiraform state list module.eu", "of one module"},
		{"kiraform state list -json", "with ids"},
	},
	"state show": {
		{"kiraform state show kira_user.maria", "all that is known of one"},
		{`kiraform state show 'kira_user.staff["ana"]'`, "of one instance"},
		{"kiraform state show -json kira_user.maria", "for a program"},
	},
	"state mv": {
		{"kiraform state mv kira_user.maria kira_user.mary", "after a block was renamed"},
	},
	"state rm": {
		{"kiraform state rm kira_user.maria", "stop managing; Kira keeps the object"},
		{"kiraform state orphans", "objects that were left behind"},
	},
	"state history": {
		{"kiraform state history", "the states before this one"},
	},
	"state restore": {
		{"kiraform state restore 12", "go back to the one with the serial 12"},
	},
	"state orphans": {
		{"kiraform state orphans", "objects at Kira that nobody manages"},
	},
	"state rebind": {
		{"kiraform state rebind", "after the same Kira got another address"},
	},
	"state rekey": {
		{"kiraform state rekey", "after the key was changed"},
	},
	"state trust": {
		{"kiraform state trust kira_user.maria", "answer for the values that Kira hides"},
	},
	"state pull": {
		{"kiraform state pull >state.json", "a copy of the state"},
	},
	"state push": {
		{"kiraform state push state.json", "bring it back"},
	},
	"simulator": {
		{"kiraform simulator", "a small Kira at 127.0.0.1:8787"},
		{"kiraform simulator -verify-after=5s -activate-after=5s", "where nobody has to be clicked through"},
		{"kiraform simulator reset", "begin again, with an empty world"},
	},
	"simulator reset": {
		{"kiraform simulator reset", "begin again, with an empty world"},
	},
	"version": {
		{"kiraform version", "of kiraform and of the API"},
		{"kiraform version -json", "for a program"},
		{"kiraform -version", "as other tools have it"},
	},
	"schema": {
		{"kiraform schema plan", "of show -json"},
		{"kiraform schema config >kira.schema.json", "of *.kira.json, for an editor"},
		{"kiraform schema events", "of -progress=json"},
	},
	"lock": {
		{"kiraform lock status", "who holds the lock"},
		{"kiraform lock status -json", "for a program"},
		{"kiraform plan -lock-timeout=5m", "wait for another run"},
	},
	"lock status": {
		{"kiraform lock status", "who holds the lock"},
	},
	"force-unlock": {
		{"kiraform lock status", "find the ID"},
		{"kiraform force-unlock ID", "take the lock away, after a question"},
		{"kiraform force-unlock -force ID", "without a question"},
	},
	"readiness": {
		{"kiraform readiness", "the attributes that users lack"},
		{"kiraform readiness kira_user.maria", "those that one lacks"},
		{"kiraform readiness -refresh=false", "without asking Kira"},
	},
	"import": {
		{"kiraform import kira_user.maria ID", "take over one user"},
		{"kiraform import -discover -out=live.kira.hcl", "write blocks for all that is not managed"},
		{"kiraform state trust kira_user.maria", "answer for the values that Kira hides"},
	},
	"workspace": {
		{"kiraform workspace new production", "a state for another place"},
		{"kiraform workspace select default", "back to the first"},
		{"KIRAFORM_WORKSPACE=production kiraform plan", "for one command"},
	},
	"workspace list": {
		{"kiraform workspace list", "the selected one is marked"},
	},
	"workspace new": {
		{"kiraform workspace new production", "make one, and select it"},
	},
	"workspace select": {
		{"kiraform workspace select default", "go back to the first"},
	},
	"workspace show": {
		{"kiraform workspace show", "the name of the selected one"},
	},
	"workspace delete": {
		{"kiraform workspace delete trial", "with its state"},
	},
	"webhook": {
		{"kiraform webhook listen", "take in events and keep them"},
		{"kiraform webhook list", "those that came"},
		{"kiraform webhook send user.verification.failed -user=kira_user.maria", "try your own receiver"},
	},
	"webhook listen": {
		{"kiraform webhook listen", "at 127.0.0.1:8788"},
		{"kiraform webhook listen -forward=http://127.0.0.1:3000/kira", "and pass verified ones on"},
	},
	"webhook list": {
		{"kiraform webhook list -user=kira_user.maria", "of one user"},
	},
	"webhook show": {
		{"kiraform webhook show EVENT_ID", "one event"},
	},
	"webhook replay": {
		{"kiraform webhook replay -to=http://127.0.0.1:3000/kira", "deliver all again"},
	},
	"webhook send": {
		{"kiraform webhook send user.verification.failed -user=kira_user.maria", "try your own receiver"},
	},
	"webhook verify": {
		{"kiraform webhook verify -secret=SECRET", "look at the signatures of those kept"},
	},
	"webhook wait": {
		{"kiraform webhook wait user.verification.accepted -timeout=10m", "for a script"},
	},
	"payouts": {
		{"kiraform payouts list", "those of users that are managed"},
		{"kiraform payouts show PAYOUT_ID", "one as it is now"},
		{"kiraform apply -invoke=action.kira_payout.rent", "make one"},
	},
	"payouts list": {
		{"kiraform payouts list", "the newest first"},
	},
	"payouts show": {
		{"kiraform payouts show PAYOUT_ID", "one as it is now"},
	},
	"certify": {
		{"kiraform certify", "show all fifteen items, and write the pack"},
		{"kiraform certify -resume -wait=30m", "go on, and wait for people at Kira"},
		{"kiraform certify -item=7 -out=seven", "one, and those it needs"},
	},
	"doctor": {
		{"kiraform doctor", "look at all that a run rests on"},
		{"kiraform doctor -json", "for a program"},
		{"kiraform -chdir=production doctor", "in another folder"},
	},
	"lsp": {
		{"kiraform lsp", "for an editor, which starts it: see docs/editors.md"},
		{"kiraform lsp < recorded", "answer what an editor said once"},
		{"kiraform lsp -help", "list what it does"},
	},
}
