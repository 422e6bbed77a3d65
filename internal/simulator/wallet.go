package simulator

import (
	"bytes"
	"crypto/sha256"
	"math/big"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// walletPairs are the tokens and networks that a WALLET recipient can be paid
// in: not USDT on solana, though an account can be swept into that
// (documented.md 12.2).
var walletPairs = []string{"USDC solana", "USDC polygon", "USDT tron", "USDT polygon", "COPm polygon"}

var evmAddress = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^0x[0-9a-fA-F]{40}$`) })

func checkWallet(at string, account doc) []issue {
	pair := account["token"].(string) + " " + account["network"].(string)
	if !slices.Contains(walletPairs, pair) {
		return one(at+"network", "custom", "Unsupported token and network: %s", pair)
	}
	if address := account["address"].(string); !validAddress(account["network"].(string), address) {
		return one(at+"address", "custom", "Invalid %s address", account["network"])
	}
	return nil
}

// validAddress reports whether an address belongs to a network by its form.
// For tron it must also have the right checksum (observed.md 6).
func validAddress(network, address string) bool {
	switch network {
	case "polygon":
		return evmAddress().MatchString(address)
	case "solana":
		return len(fromBase58(address)) == 32
	case "tron":
		raw := fromBase58(address)
		return len(raw) == 25 && raw[0] == tronPrefix && bytes.Equal(raw[21:], checksum(raw[:21]))
	default:
		return false
	}
}

const tronPrefix = 0x41

// makeAddress makes an address for a network out of a text. It is well formed
// and belongs to nobody.
func makeAddress(network, seed string) string {
	sum := sha256.Sum256([]byte(seed))
	switch network {
	case "polygon":
		return "0x" + idMark + digest([]byte(seed))[:32]
	case "tron":
		raw := append([]byte{tronPrefix}, sum[:20]...)
		return toBase58(append(raw, checksum(raw)...))
	default:
		return toBase58(sum[:])
	}
}

func checksum(raw []byte) []byte {
	once := sha256.Sum256(raw)
	twice := sha256.Sum256(once[:])
	return twice[:4]
}

const base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

// fromBase58 decodes a text; nil means that it is not base58.
func fromBase58(text string) []byte {
	if text == "" || len(text) > 64 {
		return nil
	}
	n := new(big.Int)
	for _, r := range text {
		digit := strings.IndexRune(base58, r)
		if digit < 0 {
			return nil
		}
		n.Add(n.Mul(n, big.NewInt(58)), big.NewInt(int64(digit)))
	}
	zeros := len(text) - len(strings.TrimLeft(text, base58[:1]))
	return append(make([]byte, zeros), n.Bytes()...)
}

func toBase58(raw []byte) string {
	n, digit := new(big.Int).SetBytes(raw), new(big.Int)
	var text []byte
	for n.Sign() > 0 {
		n.DivMod(n, big.NewInt(58), digit)
		text = append([]byte{base58[digit.Int64()]}, text...)
	}
	zeros := len(raw) - len(bytes.TrimLeft(raw, "\x00"))
	return strings.Repeat(base58[:1], zeros) + string(text)
}
