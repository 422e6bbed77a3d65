package config

import (
	"bytes"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"kiraform/internal/budget"
)

// parts is a file that was parsed without a mistake, cut at its blocks, so that the next
// version of it is parsed where it differs only. The zero parts are of no file.
type parts struct {
	all        []part // the last one is the end of the file
	start, end hcl.Pos
}

// part is a block with the lines above it, or the end of the file behind the last block.
type part struct {
	text    []byte
	lines   int              // in it
	block   *hclsyntax.Block // nil of the end; it stands where some version of the file had it
	lead    hcl.Pos          // the place of the block in the part; lines are counted from 0
	numbers []*hclsyntax.LiteralValueExpr
}

var newline = []byte("\n")

// cut cuts a file at blocks that begin at a place or behind it. It returns nil if it
// cannot.
func cut(src []byte, from int, blocks []*hclsyntax.Block) []part {
	all := make([]part, 0, len(blocks)+1)
	for _, b := range blocks {
		end, ok := lineBehind(src, b)
		if !ok {
			return nil
		}
		begin := b.TypeRange.Start.Byte
		all = append(all, part{text: src[from:end], lines: bytes.Count(src[from:end], newline), block: b, numbers: numbersIn(b),
			lead: hcl.Pos{Byte: begin - from, Line: bytes.Count(src[from:begin], newline)}})
		from = end
	}
	return all
}

// lineBehind is the place of the line behind a block, or of the end of the file. It is not
// known if a comment that may go over lines is between them.
func lineBehind(src []byte, b *hclsyntax.Block) (at int, known bool) {
	at = b.CloseBraceRange.End.Byte
	rest := bytes.TrimLeft(src[at:], " \t\r")
	if len(rest) > 0 && rest[0] != '\n' && rest[0] != '#' && !bytes.HasPrefix(rest, []byte("//")) {
		return 0, false
	}
	if i := bytes.IndexByte(src[at:], '\n'); i >= 0 {
		return at + i + 1, true
	}
	return len(src), true
}

// Cut cuts a file in native syntax that was parsed without a mistake behind the lines of
// its blocks. The texts make up the file.
func Cut(f *hcl.File) (texts [][]byte) {
	at := 0
	if body, ok := f.Body.(*hclsyntax.Body); ok {
		for _, b := range body.Blocks {
			if end, ok := lineBehind(f.Bytes, b); ok {
				texts, at = append(texts, f.Bytes[at:end]), end
			}
		}
	}
	return append(texts, f.Bytes[at:])
}

// partsOf cuts a whole file. Of one that has more than blocks there are none.
func partsOf(src []byte, body *hclsyntax.Body) parts {
	all := cut(src, 0, body.Blocks)
	if all == nil || len(body.Attributes) > 0 {
		return parts{}
	}
	return parts{append(all, behind(src, 0, all)), body.SrcRange.Start, body.EndRange.Start}
}

// behind is the part behind others, which begin at a place.
func behind(src []byte, from int, others []part) part {
	for _, p := range others {
		from += len(p.text)
	}
	return part{text: src[from:], lines: bytes.Count(src[from:], newline)}
}

// difference is the place at which a text differs from the parts of an older one.
type difference struct {
	before, after int // so many parts are as they were; those from after on, too
	from, to      int // the bytes between them, with a part that is as it was at their end
	line          int // of from
	next          *part
}

// differ compares the parts with a text. It reports whether they are of any use.
func (p *parts) differ(src []byte) (d difference, ok bool) {
	d = difference{after: len(p.all), to: len(src), line: 1}
	for d.before < len(p.all) && p.all[d.before].closed() && bytes.HasPrefix(src[d.from:], p.all[d.before].text) {
		d.from += len(p.all[d.before].text)
		d.line += p.all[d.before].lines
		d.before++
	}
	for d.after > d.before && d.to-len(p.all[d.after-1].text) >= d.from && bytes.HasSuffix(src[:d.to], p.all[d.after-1].text) {
		d.after--
		d.to -= len(p.all[d.after].text)
	}
	if d.after < len(p.all) {
		d.next = &p.all[d.after]
		d.to += len(d.next.text)
		d.after++
	}
	// At the beginning of a file, and nowhere else, these bytes mean nothing.
	marked := d.from > 0 && bytes.HasPrefix(src[d.from:], []byte("\ufeff"))
	return d, len(p.all) > 0 && !marked
}

// closed reports whether another part may begin behind this one, whatever it is.
func (p *part) closed() bool { return p.block != nil && bytes.HasSuffix(p.text, newline) }

// inStep reports whether the block of a part that did not change is the last one of a body,
// and nothing is wrong with it. The part begins at a byte.
func (p *part) inStep(body *hclsyntax.Body, diags hcl.Diagnostics, at int) bool {
	if p.block == nil { // the end of the file, which every parser reaches
		return true
	}
	for _, d := range diags {
		if d.Subject == nil || d.Subject.End.Byte > at {
			return false
		}
	}
	if len(body.Blocks) == 0 {
		return false
	}
	last, was := body.Blocks[len(body.Blocks)-1], p.block
	return last.TypeRange.Start.Byte == at+p.lead.Byte &&
		last.CloseBraceRange.End.Byte-last.TypeRange.Start.Byte == was.CloseBraceRange.End.Byte-was.TypeRange.Start.Byte
}

// parse parses the next version of the file: the blocks that changed, and the one behind
// them, at which it shows whether the parser is in step with the file again. It returns nil
// if the file has to be parsed whole. The file has the blocks of p, which the next call
// moves. Without a mistake p becomes the parts of this version.
func (p *parts) parse(src []byte, name string) (*hcl.File, []*hclsyntax.LiteralValueExpr, hcl.Diagnostics) {
	d, ok := p.differ(src)
	if !ok {
		return nil, nil, nil
	}
	middle := src[d.from:d.to]
	tokens, _ := hclsyntax.LexConfig(middle, name, hcl.InitialPos) // the parser reports the mistakes in them
	if guardTokens(tokens) != nil || openComment(tokens) {
		return nil, nil, nil
	}
	f, diags := hclsyntax.ParseConfig(middle, name, hcl.Pos{Byte: d.from, Line: d.line, Column: 1})
	body, ok := f.Body.(*hclsyntax.Body)
	if !ok || d.next != nil && !d.next.inStep(body, diags, d.to-len(d.next.text)) {
		return nil, nil, nil
	}
	budget.Watch(body, middle)
	var now []part
	if len(body.Attributes) == 0 && !diags.HasErrors() {
		now = cut(src, d.from, body.Blocks)
	}
	sound := now != nil
	end := body.EndRange.Start
	if d.before > 0 {
		body.SrcRange.Start = p.start
	}
	blocks := p.place(make([]*hclsyntax.Block, 0, len(body.Blocks)+len(p.all)), 0, d.before, hcl.InitialPos, name)
	blocks = append(blocks, body.Blocks...)
	if d.after < len(p.all) {
		end = hcl.Pos{Byte: len(src), Line: 1 + bytes.Count(src, newline), Column: p.end.Column}
		body.SrcRange.End, body.EndRange.Start, body.EndRange.End = end, end, end
		blocks = p.place(blocks, d.after, len(p.all), hcl.Pos{Byte: d.to, Line: d.line + bytes.Count(middle, newline)}, name)
	} else if sound {
		now = append(now, behind(src, d.from, now))
	}
	numbers := numbersOf(p.all[:d.before], numbersIn(body), p.all[d.after:])
	f.Bytes, body.Blocks = src, blocks
	if sound {
		p.all = append(append(append(make([]part, 0, d.before+len(now)+len(p.all)-d.after), p.all[:d.before]...), now...), p.all[d.after:]...)
		p.start, p.end = body.SrcRange.Start, end
		at := 0
		for i := range p.all { // or the parts would keep older versions
			n := len(p.all[i].text)
			p.all[i].text, at = src[at:at+n], at+n
		}
	}
	return f, numbers, diags
}

// openComment reports whether a comment begins in a text and does not end in it: it may end
// behind it.
func openComment(tokens hclsyntax.Tokens) bool {
	for i := 1; i < len(tokens); i++ {
		if tokens[i].Type == hclsyntax.TokenStar && tokens[i-1].Type == hclsyntax.TokenSlash && tokens[i].Range.Start.Byte == tokens[i-1].Range.End.Byte {
			return true
		}
	}
	return false
}

// place appends the blocks of parts that did not change, at the places that they have now.
func (p *parts) place(blocks []*hclsyntax.Block, from, to int, at hcl.Pos, name string) []*hclsyntax.Block {
	for i := from; i < to; i++ {
		part := &p.all[i]
		if b := part.block; b != nil {
			if !move(b, at.Byte+part.lead.Byte-b.TypeRange.Start.Byte, at.Line+part.lead.Line-b.TypeRange.Start.Line) {
				f, _ := hclsyntax.ParseConfig(part.text, name, hcl.Pos{Byte: at.Byte, Line: at.Line, Column: 1})
				body := f.Body.(*hclsyntax.Body)
				budget.Watch(body, part.text)
				part.block, part.numbers = body.Blocks[0], numbersIn(body)
			}
			blocks = append(blocks, part.block)
		}
		at.Byte, at.Line = at.Byte+len(part.text), at.Line+part.lines
	}
	return blocks
}

// numbersOf gathers the numbers of parts, with others between them.
func numbersOf(before []part, between []*hclsyntax.LiteralValueExpr, after []part) (all []*hclsyntax.LiteralValueExpr) {
	for _, p := range before {
		all = append(all, p.numbers...)
	}
	all = append(all, between...)
	for _, p := range after {
		all = append(all, p.numbers...)
	}
	return all
}
