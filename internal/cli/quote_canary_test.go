package cli_test

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/url"
	"strings"
	"testing"

	"kiraform/internal/norace"
)

// told is a secret and the ways in which it may be written down.
const told = "QZX7K9W4VJ2P"

// spellings are the forms in which a secret is still the secret.
func spellings(secret string) []string {
	b, quoted := []byte(secret), []byte(nil)
	quoted, _ = json.Marshal(secret)
	return []string{secret, string(quoted[1 : len(quoted)-1]), url.QueryEscape(secret), url.PathEscape(secret),
		base64.RawStdEncoding.EncodeToString(b), base64.RawURLEncoding.EncodeToString(b)}
}

// betrays returns the part of text that gives secret away: six characters of
// it are enough.
func betrays(text, secret string) string {
	const enough = 6
	for _, s := range spellings(secret) {
		for i := 0; i+enough <= len(s); i++ {
			if at := strings.Index(text, s[i:i+enough]); at >= 0 {
				return text[max(0, at-200):min(len(text), at+60)]
			}
		}
	}
	return ""
}

// mistake is an input in which a secret stands beside something that is wrong.
type mistake struct {
	name   string
	files  map[string]string
	args   []string // for commands that take variables
	env    map[string]string
	secret string // "" means told
}

const embedded = "provider \"kira\" {\n  environment = \"simulator\"\n}\n"

// user is a user with one attribute more.
func user(attr string) map[string]string {
	return map[string]string{"main.kira.hcl": embedded + "resource \"kira_user\" \"a\" {\n  type = \"individual\"\n  first_name = \"Ana\"\n  " + attr + "\n}\n"}
}

// taker is a configuration that is right, and takes its secret from a variable.
const taker = embedded + "resource \"kira_webhook\" \"w\" {\n  webhook_url = \"https://hooks.example.com/\"\n  secret = var.sec\n}\n"

// sec declares the sensitive variable sec.
const sec = "variable \"sec\" {\n  type = string\n  sensitive = true\n}\n"

func with(main string, more ...string) map[string]string {
	files := map[string]string{"main.kira.hcl": main}
	for i := 0; i < len(more); i += 2 {
		files[more[i]] = more[i+1]
	}
	return files
}

func addressed(to string) map[string]string {
	return with(embedded + "resource \"kira_webhook\" \"w\" {\n  webhook_url = \"" + to + "\"\n  secret = \"long enough\"\n}\noutput \"x\" {\n  value = kira_webhook.w.webhook_url\n}\n")
}

var long = strings.Repeat(`{ first_name = "Ana", last_name = "Gonzalez", email = "ana@example.com" }, `, 5)

var mistakes = []mistake{
	{name: "a list where a text belongs", files: user(`document_number = ["` + told + `"]`)},
	{name: "an object where a text belongs", files: user(`document_number = { value = "` + told + `" }`)},
	{name: "a function that fails", files: user(`document_number = tonumber("` + told + `")`)},
	{name: "a function that fails on a part", files: user(`document_number = tonumber(join("-", ["QZX7K9", "W4VJ2P"]))`), secret: "QZX7K9-W4VJ2P"},
	{name: "a function that fails on what it decoded", files: user(`document_number = tonumber(base64encode("` + told + `"))`)},
	{name: "a function that fails on a URL's part", files: user(`document_number = tonumber(urlencode("QZX7 K9W4 VJ2P"))`), secret: "QZX7 K9W4 VJ2P"},
	{name: "a function that quotes its pattern", files: user(`document_number = regex("` + told + `(", "x")`)},
	{name: "a function that parses", files: user(`document_number = parseint("` + told + `", 10)`)},
	{name: "a function that adds times", files: user(`document_number = timeadd("` + told + `", "1h")`)},
	{name: "a function that looks up", files: user(`document_number = lookup({}, "` + told + `")`)},
	{name: "a file that is not there", files: user(`document_number = file("` + told + `")`)},
	{name: "a template that is not there", files: user(`document_number = templatefile("` + told + `", {})`)},
	{name: "an unknown function", files: user(`document_number = ` + told + `("x")`)},
	{name: "an index", files: user(`document_number = {}["` + told + `"]`)},
	{name: "an operator", files: user(`document_number = "` + told + `" + 1`)},
	{name: "a sum over several lines", files: user("document_number = join(\"-\", [\n    \"" + told + "\" + 1,\n  ])")},
	{name: "a condition over several lines", files: user("document_number = (\n    true\n    ? \"" + told + "\" : nope.x\n  )")},
	{name: "a heredoc", files: user("document_number = <<EOT\n" + told + " ${nope.x}\nEOT")},
	{name: "an indented heredoc without an end", files: user("document_number = <<-EOT\n    " + told + "\n    ${nope.x}\n")},
	{name: "a heredoc with a quote in its template", files: user("document_number = <<EOT\n${\"abc\n" + told + "\nEOT")},
	{name: "a template in a template", files: user(`document_number = "${upper("` + told + `") + 1}"`)},
	{name: "a misspelt name", files: user(`document_numbr = "` + told + `"`)},
	{name: "a misspelt name of several lines", files: user("document_numbr = join(\"\", [\n    \"" + told + "\",\n    nope.x])")},
	{name: "a misspelt name in an entry", files: user(`identifying_information = [{ type = "passport", issuing_country = "MEX", numbr = "` + told + `" }]`)},
	{name: "a misspelt name in a person", files: user(`associated_persons = [{ first_name = "Eva", documnt_number = "` + told + `" }]`)},
	{name: "a misspelt name in what a loop makes", files: user(`identifying_information = [for n in ["` + told + `"] : { type = "passport", numbr = n }]`)},
	{name: "an entry that is no list", files: user(`identifying_information = { type = "passport", number = "` + told + `" }`)},
	{name: "an entry that is a text", files: user(`identifying_information = [{ type = "passport", number = ["` + told + `"] }, 7]`)},
	{name: "a block in place of a list", files: user("identifying_information {\n    number = \"" + told + "\"\n  }")},
	{name: "a block in place of a text", files: user("document_number {\n    value = \"" + told + "\"\n  }")},
	{name: "a long line that is cut", files: user(`associated_persons = [` + long + `{ ssn = "` + told + `" }, ` + long + `{ x = ] }]`)},
	{name: "a long line that is cut in the number", files: user(`associated_persons = [` + long + `{ ssn = "` + strings.Repeat(told, 40) + `" }, { first_name = nope.x }]`)},
	{name: "a long line with a rule that is broken", files: user(`associated_persons = [{ ssn = "` + told + `", email = "eva@example.com", phone_number = "+525512345678", first_name = "` + strings.Repeat("E", 300) + `" }, { email = "eva@example.com", document_number = "` + told + `" }]`)},
	{name: "a text without an end", files: user(`ssn = "` + told)},
	{name: "a text without a beginning", files: user(`ssn = ` + told + `"`)},
	{name: "no quotes", files: user(`ssn = ` + told)},
	{name: "no quotes and a dash", files: user(`ssn = QZX7K9-W4VJ2P.x`), secret: "QZX7K9-W4VJ2P"},
	{name: "single quotes", files: user(`ssn = '` + told + `'`)},
	{name: "curly quotes", files: user(`ssn = “` + told + `”`)},
	{name: "a colon", files: user(`ssn: "` + told + `",`)},
	{name: "a name in quotes", files: user(`"ssn": "` + told + `",`)},
	{name: "no equals sign", files: user(`ssn "` + told + `"`)},
	{name: "neither quotes nor an equals sign", files: user(`ssn ` + told)},
	{name: "the value on the next line", files: user("ssn =\n    \"" + told + "\"")},
	{name: "something behind it", files: user(`ssn = "` + told + `" oops`)},
	{name: "a comment behind it", files: user(`ssn = nope.x # was "` + told + `"`)},
	{name: "two on a line", files: user(`first_name = "Ana" ssn = "` + told + `"`)},
	{name: "two on a line with a comma", files: user(`email = "a@example.com", ssn = "` + told + `"`)},
	{name: "two equals signs", files: user(`email = ssn = "` + told + `"`)},
	{name: "an unknown reference beside it", files: user("ssn = nothing.such + \"" + told + "\"")},
	{name: "a bracket that is not closed", files: user("ssn = [\n    \"" + told + "\"")},
	{name: "a bracket too many", files: user("ssn = ]\n    \"" + told + "\"")},
	{name: "windows line ends", files: user("ssn = [\r\n    \"" + told + "\" oops\r\n  ]")},
	{name: "a number", files: user(`document_number = 736451928364 + nope.x`), secret: "736451928364"},
	{name: "a local value that flows there", files: with(embedded + "locals {\n  n = tonumber(\"" + told + "\")\n}\nresource \"kira_user\" \"a\" {\n  ssn = local.n\n}\n")},
	{name: "a local value made of parts", files: with(embedded + "locals {\n  n = join(\"-\", [\"QZX7K9\", \"W4VJ2P\"])\n}\nresource \"kira_user\" \"a\" {\n  ssn = local.n + 1\n}\n"), secret: "QZX7K9-W4VJ2P"},
	{name: "a local value by way of another", files: with(embedded + "locals {\n  m = upper(\"" + told + "\") + 1\n  n = local.m\n}\nresource \"kira_user\" \"a\" {\n  ssn = local.n\n}\n")},
	{name: "an object of local values", files: with(embedded + "locals {\n  p = { a = { ssn = \"" + told + "\" + 1 } }\n}\n")},
	{name: "what is called sensitive", files: with(embedded + "locals {\n  n = sensitive(tonumber(\"" + told + "\"))\n}\n")},
	{name: "a local value that is called sensitive", files: with(embedded + "locals {\n  m = upper(\"" + told + "\") + 1\n  n = sensitive(local.m)\n}\n")},
	{name: "a key of age in quotes", files: with(sec + taker), args: []string{"-var=sec=other"}, env: map[string]string{"KIRAFORM_AGE_IDENTITY": " \"AGE-SECRET-KEY-" + told + "\""}},
	{name: "a key of age that is none", files: with(sec + taker), args: []string{"-var=sec=other"}, env: map[string]string{"KIRAFORM_AGE_IDENTITY": "AGE-SECRET-KEY-" + told}},
	{name: "a key for fingerprints that is too short", files: with(sec + taker), args: []string{"-var=sec=other"}, env: map[string]string{"KIRAFORM_KEY": told}},
	{name: "a default beside a mistake", files: with(taker + "variable \"sec\" {\n  sensitive = true\n  default = \"" + told + "\" oops\n}\n")},
	{name: "a default that is calculated", files: with(taker + "variable \"sec\" {\n  sensitive = true\n  default = upper(\"" + told + "\")\n}\n")},
	{name: "a default of the wrong type", files: with(taker + "variable \"sec\" {\n  default = \"" + told + "\"\n  type = number\n  sensitive = true\n}\n")},
	{name: "a default of several lines", files: with(taker + "variable \"sec\" {\n  sensitive = true\n  default = <<EOT\n" + told + "\n${nope.x}\nEOT\n}\n")},
	{name: "a default of a variable that misspells sensitive", files: with(taker + "variable \"sec\" {\n  sensitve = true\n  type = number\n  default = \"" + told + "\"\n}\n")},
	{name: "a default of a variable that is sensitive in quotes", files: with(taker + "variable \"sec\" {\n  sensitive = \"certainly\"\n  type = number\n  default = \"" + told + "\"\n}\n")},
	{name: "a misspelt default", files: with(taker + "variable \"sec\" {\n  sensitive = true\n  defualt = \"" + told + "\"\n}\n")},
	{name: "a variable that is declared twice", files: with(taker + "variable \"sec\" {\n  type = number\n  default = \"" + told + "\"\n}\nvariable \"sec\" {\n  sensitive = true\n}\n")},
	{name: "a rule that names it", files: with(taker + "variable \"sec\" {\n  sensitive = true\n  validation {\n    condition = var.sec == \"" + told + "\"\n    error_message = \"no\"\n  }\n}\n"), args: []string{"-var=sec=other"}},
	{name: "a condition that compares with it", files: with(sec + strings.Replace(taker, "secret =", "lifecycle {\n    precondition {\n      condition = var.sec == \""+told+"\"\n      error_message = \"no\"\n    }\n  }\n  secret =", 1)), args: []string{"-var=sec=other"}},
	{name: "a file of variables without quotes", files: with(sec+taker, "a.auto.kiravars.hcl", "sec = "+told+"\n")},
	{name: "a file of variables without quotes and with a dash", files: with(sec+taker, "a.auto.kiravars.hcl", "sec = QZX7K9-W4VJ2P.bar\n"), secret: "QZX7K9-W4VJ2P"},
	{name: "a file of variables in JSON without quotes", files: with(sec+taker, "a.auto.kiravars.json", "{\"sec\": "+told+"}\n")},
	{name: "a file of variables with a misspelt name", files: with(sec+taker, "a.auto.kiravars.hcl", "secc = \""+told+"\"\n")},
	{name: "a file of variables with an unknown name", files: with(sec+taker, "a.auto.kiravars.hcl", "other = \""+told+"\"\n")},
	{name: "a file of variables with an unknown name and a mistake", files: with(sec+taker, "a.auto.kiravars.hcl", "other = upper(\""+told+"\")\n")},
	{name: "a file of variables with a text without an end", files: with(sec+taker, "a.auto.kiravars.hcl", "sec = \""+told+"\nother = 1\n")},
	{name: "a file of variables with a heredoc without an end", files: with(sec+taker, "a.auto.kiravars.hcl", "sec = <<EOT\n"+told+"\n")},
	{name: "a file of variables with nothing but the secret", files: with(sec+taker, "a.auto.kiravars.hcl", told+"\n")},
	{name: "a file of variables with a colon", files: with(sec+taker, "a.auto.kiravars.hcl", "sec: "+told+"\n")},
	{name: "a file of variables with a calculated value", files: with(sec+taker, "a.auto.kiravars.hcl", "sec = base64encode(\""+told+"\")\n")},
	{name: "a file of variables with an object", files: with(strings.Replace(sec, "string", "object({ a = string })", 1)+taker, "a.auto.kiravars.hcl", "sec = {\n  b = "+told+"\n}\n")},
	{name: "a file of variables with a list too much", files: with(sec+taker, "a.auto.kiravars.hcl", "sec = [\n  \""+told+"\",\n]\n")},
	{name: "a file of variables of another name", files: with(sec+taker, "secrets.txt", "sec = "+told+"\n"), args: []string{"-var-file=secrets.txt"}},
	{name: "a file of variables in JSON that is cut", files: with(sec+taker, "a.auto.kiravars.json", "{\"sec\": \""+told)},
	{name: "-var without a name", files: with(sec + taker), args: []string{"-var=" + told}},
	{name: "-var with an empty name", files: with(sec + taker), args: []string{"-var==" + told}},
	{name: "-var with the secret as a name", files: with(sec + taker), args: []string{"-var=" + told + "=="}},
	{name: "-var with a colon", files: with(sec + taker), args: []string{"-var=sec:" + told}},
	{name: "-var with a space in place of the equals sign", files: with(sec + taker), args: []string{"-var=sec " + told}},
	{name: "-var with a space behind the equals sign", files: with(sec + taker), args: []string{"-var=sec=", told}},
	{name: "-var with spaces around the equals sign", files: with(sec + taker), args: []string{"-var", "sec", "=", told}},
	{name: "-var with a misspelt name", files: with(sec + taker), args: []string{"-var=secc=" + told}},
	{name: "-var that is misspelt", files: with(sec + taker), args: []string{"-vra=sec=" + told}},
	{name: "-var without its name", files: with(sec + taker), args: []string{"-=" + told}},
	{name: "-v in place of -var", files: with(sec + taker), args: []string{"-v=" + told}},
	{name: "-var with a list that does not parse", files: with(strings.Replace(sec, "string", "list(string)", 1) + taker), args: []string{"-var=sec=[" + told + "(1)]"}},
	{name: "the environment with a list that does not parse", files: with(strings.Replace(sec, "string", "list(string)", 1) + taker), env: map[string]string{"KIRAFORM_VAR_sec": "[" + told + "(1), QZX"}},
	{name: "a password in a URL", files: addressed("https://user:" + told + "@hooks.example.com/kira")},
	{name: "a password with a slash in a URL", files: addressed("https://user:a/" + told + "@hooks.example.com/kira")},
	{name: "a password in a URL that breaks a rule", files: addressed("http://user:" + told + "@hooks.example.com:99999/kira")},
	{name: "a token in a URL", files: addressed("https://hooks.example.com/kira?token=" + told)},
	{name: "a token in a URL that breaks a rule", files: addressed("http://hooks.example.com/kira?a=b&token=" + told + "#x")},
	{name: "a password in the address of Kira", files: with("provider \"kira\" {\n  environment = \"sandbox\"\n  base_url = \"http://user:" + told + "@127.0.0.1:1/%zz\"\n}\n" + sec + strings.TrimPrefix(taker, embedded)), args: []string{"-var=sec=other"}},
	{name: "a password in KIRA_BASE_URL", files: with(strings.Replace(taker, "simulator", "sandbox", 1) + sec), args: []string{"-var=sec=other"}, env: map[string]string{"KIRA_BASE_URL": "http://user:" + told + "@127.0.0.1:1/x?token=" + told, "KIRA_API_KEY": "k", "KIRA_CLIENT_ID": "51000000-0000-4000-8000-000000000000", "KIRA_PASSWORD": "p"}},
	{name: "credentials in the provider block", files: with("provider \"kira\" {\n  environment = \"simulator\"\n  password = \"" + told + "\"\n}\n")},
	{name: "an argument of credentials_command", files: with("provider \"kira\" {\n  environment = \"simulator\"\n  credentials_command = [\"pass\", \"-token=" + told + "\", nope.x]\n}\n")},
	{name: "a sensitive output that fails", files: with(embedded + "output \"x\" {\n  value = tonumber(\"" + told + "\")\n  sensitive = true\n}\n")},
	{name: "JSON with an unknown name", files: map[string]string{"main.kira.json": `{"provider":{"kira":{"environment":"simulator"}},"resource":{"kira_user":{"a":{"ssn":"` + told + `","nope":1,"document_numbr":"` + told + `"}}}}`}},
	{name: "JSON with a template that fails", files: map[string]string{"main.kira.json": `{"resource":{"kira_user":{"a":{"ssn":"${tonumber(\"` + told + `\")}"}}}}`}},
	{name: "JSON without quotes", files: map[string]string{"main.kira.json": `{"resource":{"kira_user":{"a":{"ssn": ` + told + `}}}}`}},
	{name: "JSON that is cut", files: map[string]string{"main.kira.json": `{"resource":{"kira_user":{"a":{"ssn": "` + told}},
	{name: "a secret that is too short to be one", files: with(embedded + "resource \"kira_webhook\" \"w\" {\n  webhook_url = \"https://hooks.example.com/\"\n  secrt = \"" + told + "\"\n  secret = 1\n}\n")},
	{name: "an unknown kind", files: with(embedded + "resource \"kira_usr\" \"a\" {\n  ssn = \"" + told + "\" + 1\n  whatever = \"" + told + "\" + 1\n}\n")},
	{name: "an unknown block", files: with(embedded + "user \"a\" {\n  whatever = \"" + told + "\" oops\n}\n")},
	{name: "an attribute at the top", files: with(embedded + "token = \"" + told + "\"\n")},
}

// Law 7, for mistakes: no secret is in a command's words about a file, whatever
// the mistake in it, in whatever form.
func TestLawNoMistakeIsToldWithItsSecret(t *testing.T) {
	if norace.Run(t, plain) {
		return
	}
	if len(mistakes) < 60 {
		t.Fatalf("there are %d mistakes", len(mistakes))
	}
	for _, m := range mistakes {
		t.Run(m.name, func(t *testing.T) {
			secret := m.secret
			if secret == "" {
				secret = told
			}
			f := newFolder(t, m.files)
			maps.Copy(f.environ, m.env)
			listen := func(r result, args ...string) {
				t.Helper()
				if part := betrays(r.out+"\n"+r.err, secret); part != "" {
					t.Errorf("kiraform %s (exit code %d) says\n%s", strings.Join(args[:1], " "), r.code, part)
				}
			}
			for _, command := range [][]string{{"validate"}, {"plan"}, {"plan", "-progress=json"}, {"drift"}, {"drift", "-json"},
				{"readiness", "-refresh=false"}, {"apply", "-auto-approve"}, {"plan", "-destroy", "-progress=quiet"}} {
				args := append(command, m.args...)
				listen(f.run(args...), args...)
			}
			for _, args := range [][]string{{"fmt", "-check", "-diff"}, {"show"}, {"state", "list"}, {"output"}, {"state", "show", "kira_webhook.w"}} {
				listen(f.run(args...), args...)
			}
			for _, content := range m.files {
				f.stdin = content
				if r := f.run("fmt", "-"); r.code != 0 {
					listen(r, "fmt")
				}
			}
		})
	}
}
