package kinds

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/mr-tron/base58"
	"github.com/zclconf/go-cty/cty"
	"golang.org/x/crypto/sha3"

	"kiraform/schema"
)

// addresses says of each network how its addresses are recognised. Money that
// is sent to a mistyped address is lost, and Kira checks only some of them:
// those of tron were seen to be (observed 6).
var addresses = []struct {
	network string
	ok      func(string) bool
	what    string
}{
	{"solana", isSolana, "32 bytes in base58"},
	{"polygon", isEVM, `"0x" and 40 hexadecimal digits, of which upper and lower case are a checksum (EIP-55) unless all are of one case`},
	{"tron", isTron, `34 characters that begin with "T", of which the last are a checksum`},
}

// walletAddress checks the address that stands beside a network in the object
// called name. It is silent where the coin is not on that network at all, which
// is a mistake of its own.
func walletAddress(name, coin string, networks map[string][]string) func(cty.Value, schema.Env) []schema.Problem {
	return func(v cty.Value, _ schema.Env) []schema.Problem {
		network, address := known(v, name, "network"), known(v, name, "address")
		on, ok := networks[known(v, name, coin)]
		if address == "" || ok && !slices.Contains(on, network) {
			return nil
		}
		for _, a := range addresses {
			if a.network != network || a.ok(address) {
				continue
			}
			return mistake(path(name, "address"), "wallet-address", "Not an address on "+network,
				fmt.Sprintf("An address on %s is %s, and this is none.%s What is sent to a wrong address is lost: copy it from the wallet.",
					network, a.what, otherNetwork(address)))
		}
		return nil
	}
}

func otherNetwork(address string) string {
	for _, a := range addresses {
		if a.ok(address) {
			return fmt.Sprintf(" It is one on %s.", a.network)
		}
	}
	return ""
}

func isSolana(s string) bool { return len(fromBase58(s)) == 32 }

// longestBase58 is more than any address has. Decoding takes time that grows
// with the square of the length, and a configuration may say anything.
const longestBase58 = 64

// fromBase58 returns the bytes that s writes, or nil if it is no base58.
func fromBase58(s string) []byte {
	if len(s) > longestBase58 {
		return nil
	}
	raw, err := base58.Decode(s)
	if err != nil {
		return nil
	}
	return raw
}

// tronPrefix begins the 21 bytes of an address on tron's main network, which
// are followed by the first four of their double SHA-256.
const tronPrefix = 0x41

func isTron(s string) bool {
	raw := fromBase58(s)
	if len(raw) != 25 || raw[0] != tronPrefix {
		return false
	}
	once := sha256.Sum256(raw[:21])
	twice := sha256.Sum256(once[:])
	return bytes.Equal(raw[21:], twice[:4])
}

var hexAddress = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^0x[0-9a-fA-F]{40}$`) })

// isEVM follows EIP-55: a letter is upper case where the digit of the Keccak
// hash in its place is 8 or more.
func isEVM(s string) bool {
	if !hexAddress().MatchString(s) {
		return false
	}
	digits, lower := s[2:], strings.ToLower(s[2:])
	if digits == lower || digits == strings.ToUpper(digits) {
		return true
	}
	keccak := sha3.NewLegacyKeccak256()
	keccak.Write([]byte(lower))
	hash := hex.EncodeToString(keccak.Sum(nil))
	for i := range digits {
		if upper := digits[i] >= 'A' && digits[i] <= 'F'; digits[i] > '9' && upper != (hash[i] >= '8') {
			return false
		}
	}
	return true
}
