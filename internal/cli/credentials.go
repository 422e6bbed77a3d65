package cli

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os/exec"
	"slices"
	"strings"
	"time"

	"kiraform/internal/kira"
)

// credentials are the proofs that Kira wants to see of who signs in.
type credentials struct {
	APIKey   string `json:"api_key"`
	ClientID string `json:"client_id"`
	Password string `json:"password"`
}

const (
	// credentialsTime is how long a password manager may take, with a person
	// who has to touch a key.
	credentialsTime = time.Minute
	// credentialsSize bounds the part that is read of its output, and of its
	// complaints.
	credentialsSize = 64 << 10
)

// signIn gives k the credentials that the environment has, and those that it
// has not from the command, if there is one.
func (c connector) signIn(ctx context.Context, k *kira.Client, command []string) error {
	k.APIKey, k.ClientID, k.Password = c.env["KIRA_API_KEY"], c.env["KIRA_CLIENT_ID"], c.env["KIRA_PASSWORD"]
	if len(command) == 0 || k.APIKey != "" && k.ClientID != "" && k.Password != "" {
		return nil
	}
	got, err := c.ask(ctx, command)
	if err != nil {
		return fmt.Errorf("credentials_command (%s): %w", command[0], err)
	}
	k.APIKey = cmp.Or(k.APIKey, got.APIKey)
	k.ClientID = cmp.Or(k.ClientID, got.ClientID)
	k.Password = cmp.Or(k.Password, got.Password)
	return nil
}

// ask runs the command. Its output is never shown: no error quotes it.
func (c connector) ask(ctx context.Context, command []string) (got credentials, err error) {
	ctx, cancel := context.WithTimeout(ctx, credentialsTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Dir = c.dir
	for _, name := range slices.Sorted(maps.Keys(c.env)) {
		cmd.Env = append(cmd.Env, name+"="+c.env[name])
	}
	out, complaints := &head{most: credentialsSize}, &head{most: credentialsSize}
	cmd.Stdout, cmd.Stderr = out, complaints
	cmd.WaitDelay = time.Second // for processes that it started and left behind
	if err := cmd.Run(); err != nil {
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			err = fmt.Errorf("it did not end within %v", credentialsTime)
		}
		if said := strings.TrimSpace(complaints.String()); said != "" {
			err = fmt.Errorf("%w: %s", err, said)
		}
		return got, err
	}
	if json.Unmarshal(out.Bytes(), &got) != nil {
		return got, errors.New("what it prints has to be one JSON object with the strings api_key, client_id and password, and is not")
	}
	return got, nil
}

// head keeps the beginning of the text that is written to it, and takes the
// rest.
type head struct {
	bytes.Buffer
	most int
}

func (h *head) Write(p []byte) (int, error) {
	h.Buffer.Write(p[:min(len(p), h.most-h.Len())])
	return len(p), nil
}
