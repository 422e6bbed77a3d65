package cli

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"kiraform/internal/cipher"
	"kiraform/internal/tell"
	"kiraform/state"
)

func (a *app) statePullCommand() *cobra.Command {
	var st stateFlag
	c := &cobra.Command{
		Use:   "pull",
		Short: "Print the state as it is stored, in clear",
		Long: "pull prints the whole state as JSON, wherever it is kept. Secrets are fingerprints in it; names\n" +
			"and other personal data are in clear, also of an encrypted state.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			store, err := a.stateStore(cmd.Context(), st)
			if err != nil {
				return err
			}
			s, err := store.Load(cmd.Context())
			if err != nil {
				return err
			}
			if s == nil {
				return errors.New("there is no state yet")
			}
			data, err := state.Encode(s, Version)
			if err == nil {
				_, err = a.raw.Write(data)
			}
			return err
		},
	}
	st.bind(c)
	return c
}

func (a *app) statePushCommand() *cobra.Command {
	var st stateFlag
	c := &cobra.Command{
		Use:   "push FILE",
		Short: "Take the state in a file for the state",
		Long: "push makes the resources of the state in a file, or with - of standard input, those of the state.\n" +
			"Nothing is changed at Kira, and nothing is forgotten: requests without an answer and the ledger of\n" +
			"objects that were left behind are those of both, and objects that only the state had are entered in\n" +
			"the ledger. A state of another lineage or place is refused.\n" +
			"A file of answers, which a run leaves that has lost its lock, is taken in as well.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			data, err := a.pushed(args[0])
			if err != nil {
				return err
			}
			return a.push(cmd.Context(), st, args[0], data)
		},
	}
	st.bind(c)
	return c
}

// pushed reads the file that is to be pushed.
func (a *app) pushed(name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(a.Stdin)
	}
	dir, err := a.dir()
	if err != nil {
		return nil, err
	}
	return readFile(in(dir, name))
}

func (a *app) push(ctx context.Context, st stateFlag, name string, data []byte) (err error) {
	data, err = a.decrypt(name, data)
	if err != nil {
		return err
	}
	answers, err := state.DecodeAnswers(cipher.Identity(a.identity()), name, data)
	if err != nil {
		return err
	}
	var s *state.State
	if answers == nil {
		if s, err = state.Decode(data); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	store, err := a.stateStore(ctx, st)
	if err != nil {
		return err
	}
	unlock, err := store.Lock(ctx, a.holder("state push"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	now, err := store.Load(ctx)
	if err != nil {
		return err
	}
	if now == nil {
		if err := a.mustBeRead(); err != nil {
			return err
		}
	}
	was := contents(now)
	var said string
	if answers != nil {
		s, said, err = taken(now, answers)
	} else {
		said, err = merged(s, now)
	}
	if err != nil {
		return err
	}
	if err := a.encryptFor(s, st); err != nil {
		return err
	}
	if was == nil || !bytes.Equal(was, contents(s)) {
		if err := store.Save(ctx, s); err != nil {
			return err
		}
	} else {
		s.Serial = now.Serial
	}
	fmt.Fprintf(a.Stdout, "%sThe state has the serial %d.\n", said, s.Serial)
	return nil
}

// contents is a state as it is stored, but for its serial; nil if it cannot be. Two that are
// equal differ in nothing that is worth a write.
func contents(s *state.State) []byte {
	if s == nil {
		return nil
	}
	as := *s
	as.Serial = 0
	text, err := state.Encode(&as, Version)
	if err != nil {
		return nil
	}
	return text
}

// mustBeRead refuses to make a state while the configuration cannot be read: it may have
// a backend block, or say for whom the state is encrypted.
func (a *app) mustBeRead() error {
	dir, err := a.dir()
	if err != nil {
		return err
	}
	if m, _, err := a.written(dir); err != nil || !m.Broken {
		return err
	}
	return errors.New("the configuration cannot be read, so it does not say where the state is kept and for whom it is encrypted, and there is " +
		"none yet. Nothing was changed. \"kiraform validate\" lists the mistakes")
}

// merged makes s ready to be saved in place of now, and says which objects are not managed any more.
func merged(s, now *state.State) (said string, err error) {
	switch {
	case now == nil:
		return "", nil
	case s.Lineage != now.Lineage:
		return "", fmt.Errorf("that is another state: its lineage is %s, and the lineage of the state here is %s. Nothing was changed", s.Lineage, now.Lineage)
	case s.Elsewhere(now):
		return "", fmt.Errorf("that is a state of %s, and the state here is of %s. Nothing was changed",
			tell.Place(s.Place), cmp.Or(tell.Place(now.Place).String(), "no place yet"))
	}
	for _, l := range s.Merge(now) {
		said += fmt.Sprintf("%s is not managed any more. It lives on at Kira as %s.\n", l.Addr, l.ID)
	}
	return said, nil
}

// taken takes answers into now.
func taken(now *state.State, answers *state.Answers) (s *state.State, said string, err error) {
	if now == nil || now.Lineage != answers.Lineage {
		return nil, "", fmt.Errorf("these answers belong to a state of lineage %s, which the state here is not. Nothing was changed", answers.Lineage)
	}
	for _, r := range now.Take(answers) {
		if r.Object != nil {
			said += fmt.Sprintf("%s is %s.\n", r.Addr, r.Object.ID)
		} else {
			said += fmt.Sprintf("A request for %s has its answer.\n", r.Addr)
		}
	}
	if said == "" {
		said = "The state knew all of it already.\n"
	}
	return now, said, nil
}
