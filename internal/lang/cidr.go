package lang

import (
	"errors"
	"fmt"
	"math/big"
	"net/netip"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

var cidrPrefix = function.Parameter{Name: "prefix", Type: cty.String}

// network returns the function that calculates with the addresses of a network.
func network(params []function.Parameter, f func(netip.Prefix, []*big.Int) (string, error)) function.Function {
	return function.New(&function.Spec{
		Params: append([]function.Parameter{cidrPrefix}, params...),
		Type:   function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			p, numbers, err := networkOf(args)
			if err != nil {
				return cty.NilVal, err
			}
			s, err := f(p, numbers)
			return cty.StringVal(s), err
		},
	})
}

func networkOf(args []cty.Value) (p netip.Prefix, numbers []*big.Int, err error) {
	if p, err = parsePrefix(args[0].AsString()); err != nil {
		return p, nil, function.NewArgError(0, err)
	}
	for i, arg := range args[1:] {
		n, exact := arg.AsBigFloat().Int(nil)
		if exact != big.Exact {
			return p, nil, function.NewArgErrorf(i+1, "must be a whole number")
		}
		numbers = append(numbers, n)
	}
	return p, numbers, nil
}

// parsePrefix reads an address with the length of its prefix. Zeros in front of
// a number do not make it octal.
func parsePrefix(s string) (netip.Prefix, error) {
	ip, bits, _ := strings.Cut(s, "/")
	if !strings.Contains(ip, ":") {
		parts := strings.Split(ip, ".")
		for i, part := range parts {
			if short := strings.TrimLeft(part, "0"); part != "" {
				parts[i] = short
				if short == "" {
					parts[i] = "0"
				}
			}
		}
		ip = strings.Join(parts, ".")
	}
	p, err := netip.ParsePrefix(ip + "/" + bits)
	if err != nil {
		return p, fmt.Errorf("%q is not a network such as \"10.1.0.0/16\"", s)
	}
	return p.Masked(), nil
}

var (
	hostNumber = function.Parameter{Name: "hostnum", Type: cty.Number}
	newBits    = function.Parameter{Name: "newbits", Type: cty.Number}
	netNumber  = function.Parameter{Name: "netnum", Type: cty.Number}
)

var cidrHost = network([]function.Parameter{hostNumber}, func(p netip.Prefix, n []*big.Int) (string, error) {
	size := new(big.Int).Lsh(big.NewInt(1), uint(p.Addr().BitLen()-p.Bits()))
	host := n[0]
	if host.Sign() < 0 { // from the end
		host = new(big.Int).Add(host, size)
	}
	if host.Sign() < 0 || host.Cmp(size) >= 0 {
		return "", fmt.Errorf("a prefix of %d bits has no host number %s", p.Bits(), n[0])
	}
	return plus(p.Addr(), host).String(), nil
})

var cidrNetmask = network(nil, func(p netip.Prefix, _ []*big.Int) (string, error) {
	if !p.Addr().Is4() {
		return "", errors.New("a network of IPv6 has no netmask")
	}
	mask := uint32(0xffffffff) << (32 - p.Bits())
	return netip.AddrFrom4([4]byte{byte(mask >> 24), byte(mask >> 16), byte(mask >> 8), byte(mask)}).String(), nil
})

var cidrSubnet = network([]function.Parameter{newBits, netNumber}, func(p netip.Prefix, n []*big.Int) (string, error) {
	bits, number := n[0], n[1]
	length := new(big.Int).Add(big.NewInt(int64(p.Bits())), bits)
	if length.Sign() < 0 || length.Cmp(big.NewInt(int64(p.Addr().BitLen()))) > 0 {
		return "", fmt.Errorf("a prefix of %d bits cannot be made longer by %s", p.Bits(), bits)
	}
	last := new(big.Int).Lsh(big.NewInt(1), uint(max(0, bits.Int64())))
	if number.Sign() < 0 || number.Cmp(last) >= 0 {
		return "", fmt.Errorf("with %s more bits, there is no network number %s", bits, number)
	}
	shift := uint(p.Addr().BitLen()) - uint(length.Int64())
	return netip.PrefixFrom(plus(p.Addr(), new(big.Int).Lsh(number, shift)), int(length.Int64())).String(), nil
})

// cidrSubnets puts networks of several sizes one after another.
var cidrSubnets = function.New(&function.Spec{
	Params:   []function.Parameter{cidrPrefix},
	VarParam: &newBits,
	Type:     function.StaticReturnType(cty.List(cty.String)),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		p, sizes, err := networkOf(args)
		if err != nil {
			return cty.NilVal, err
		}
		if len(sizes) == 0 {
			return cty.ListValEmpty(cty.String), nil
		}
		total, used := p.Addr().BitLen(), new(big.Int)
		space := new(big.Int).Lsh(big.NewInt(1), uint(total-p.Bits()))
		var all []cty.Value
		for i, size := range sizes {
			length := p.Bits() + int(size.Int64())
			if size.Sign() <= 0 || !size.IsInt64() || length > total || length < 0 {
				return cty.NilVal, function.NewArgErrorf(i+1, "must be at least 1, and at most the %d bits that are left", total-p.Bits())
			}
			each := new(big.Int).Lsh(big.NewInt(1), uint(total-length))
			if rest := new(big.Int).Mod(used, each); rest.Sign() > 0 { // networks begin at a multiple of their size
				used.Add(used, each).Sub(used, rest)
			}
			if new(big.Int).Add(used, each).Cmp(space) > 0 {
				return cty.NilVal, function.NewArgErrorf(i+1, "there is no room left for a network with a prefix of %d bits", length)
			}
			all = append(all, cty.StringVal(netip.PrefixFrom(plus(p.Addr(), used), length).String()))
			used.Add(used, each)
		}
		return cty.ListVal(all), nil
	},
})

// plus returns the address that is n after a.
func plus(a netip.Addr, n *big.Int) netip.Addr {
	sum := new(big.Int).Add(new(big.Int).SetBytes(a.AsSlice()), n)
	out, _ := netip.AddrFromSlice(sum.FillBytes(make([]byte, a.BitLen()/8)))
	return out
}
