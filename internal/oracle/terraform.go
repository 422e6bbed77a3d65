package oracle

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// Terraform asks a terraform or a tofu binary.
type Terraform struct {
	Path string // of the binary
	Dir  string // a folder for its files
	n    int    // of folders so far
}

// run runs a command of Terraform in a folder and returns the standard output.
// A command that fails has said why there, or returns an error.
func (t *Terraform) run(dir, stdin string, args ...string) (string, error) {
	c := exec.Command(t.Path, args...)
	c.Dir, c.Stdin = dir, strings.NewReader(stdin)
	c.Env = append(c.Environ(), "TF_IN_AUTOMATION=1", "CHECKPOINT_DISABLE=1", "TF_CLI_CONFIG_FILE=/dev/null")
	var stderr bytes.Buffer
	c.Stderr = &stderr
	out, err := c.Output()
	if err != nil && len(out) == 0 {
		return "", fmt.Errorf("%s: %w\n%s", strings.Join(args, " "), err, stderr.Bytes())
	}
	return string(out), nil
}

// folder makes a folder with files.
func (t *Terraform) folder(files map[string]string) (string, error) {
	t.n++
	dir := filepath.Join(t.Dir, fmt.Sprint("asked", t.n))
	for name, src := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return "", err
		}
		if err := os.WriteFile(path, []byte(src), 0o644); err != nil {
			return "", err
		}
	}
	return dir, nil
}

// Version returns the version of the binary, such as "1.11.4".
func (t *Terraform) Version() (string, error) {
	out, err := t.run(t.Dir, "", "version", "-json")
	var v struct {
		Version string `json:"terraform_version"`
	}
	if err == nil {
		err = json.Unmarshal([]byte(out), &v)
	}
	return v.Version, err
}

// mistake is a diagnostic of Terraform.
type mistake struct {
	Severity, Summary, Detail string
	Range                     *struct {
		Filename string
		Start    struct{ Line int }
	}
}

// mistakes returns the errors among the lines that a command with -json said.
func mistakes(out string) (all []mistake) {
	lines := bufio.NewScanner(strings.NewReader(out))
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var line struct{ Diagnostic *mistake }
		if json.Unmarshal(lines.Bytes(), &line) == nil && line.Diagnostic != nil && line.Diagnostic.Severity == "error" {
			all = append(all, *line.Diagnostic)
		}
	}
	return all
}

// tfplan is the part of a plan in JSON that answers are read from.
type tfplan struct {
	Planned struct {
		Outputs map[string]struct{ Type json.RawMessage }
	} `json:"planned_values"`
	Resources []struct {
		Address, Type, Mode string
		Change              tfchange
	} `json:"resource_changes"`
	Outputs map[string]tfchange `json:"output_changes"`
}

type tfchange struct {
	Actions                             []string
	After, AfterUnknown, AfterSensitive json.RawMessage
}

// UnmarshalJSON reads the names with underscores.
func (c *tfchange) UnmarshalJSON(src []byte) error {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(src, &raw); err != nil {
		return err
	}
	c.After, c.AfterUnknown, c.AfterSensitive = raw["after"], raw["after_unknown"], raw["after_sensitive"]
	return json.Unmarshal(raw["actions"], &c.Actions)
}

// plan plans a folder. Without a plan there are mistakes.
func (t *Terraform) plan(dir string) (*tfplan, []mistake, error) {
	out, err := t.run(dir, "", "plan", "-json", "-input=false", "-out=planned")
	if err != nil {
		return nil, nil, err
	}
	if wrong := mistakes(out); len(wrong) > 0 {
		return nil, wrong, nil
	}
	out, err = t.run(dir, "", "show", "-json", "planned")
	if err != nil {
		return nil, nil, err
	}
	p := new(tfplan)
	return p, nil, json.Unmarshal([]byte(out), p)
}

// paths returns the paths at which src, as a plan has it, says true.
func paths(src json.RawMessage) (all []string) {
	var v any
	if len(src) == 0 || json.Unmarshal(src, &v) != nil {
		return nil
	}
	var walk func(v any, path string)
	walk = func(v any, path string) {
		switch v := v.(type) {
		case bool:
			if v && path == "" {
				path = "."
			}
			if v {
				all = append(all, path)
			}
		case []any:
			for i, e := range v {
				walk(e, fmt.Sprintf("%s[%d]", path, i))
			}
		case map[string]any:
			for name, e := range v {
				walk(e, path+"."+name)
			}
		}
	}
	walk(v, "")
	slices.Sort(all)
	return all
}

// member returns a member of an object in JSON; nil if there is none.
func member(src json.RawMessage, name string) json.RawMessage {
	var all map[string]json.RawMessage
	if json.Unmarshal(src, &all) != nil {
		return nil
	}
	return all[name]
}

// compact writes JSON without spaces, names sorted and digits kept.
func compact(src json.RawMessage) json.RawMessage {
	if len(src) == 0 {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(src))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return src
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(v) != nil {
		return src
	}
	return bytes.TrimSpace(b.Bytes())
}

// typeOf reads the type of an output; "" if the plan does not have it.
func typeOf(src json.RawMessage) (string, error) {
	if len(src) == 0 {
		return "", nil
	}
	ty, err := ctyjson.UnmarshalType(src)
	if err != nil {
		return "", err
	}
	return TypeText(ty), nil
}
