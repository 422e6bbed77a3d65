package diag

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/hcl/v2"
)

// phrase is a text of the libraries that read configurations, and ours for it. In ours,
// $1 is the part of theirs that differs from one message to the other.
type phrase struct{ theirs, ours string }

func whole(theirs, ours string) phrase { return phrase{theirs, ours} }

// compiled has the expression of each phrase by its text. Most runs need none.
var compiled = sync.OnceValue(func() map[string]*regexp.Regexp {
	all := make(map[string]*regexp.Regexp)
	for _, p := range slices.Concat(summaries, details) {
		all[p.theirs] = regexp.MustCompile(`(?s)^` + p.theirs + `$`)
	}
	return all
})

// summaries and details are the texts of the libraries that are misspelt, or that name
// parts of the library's own grammar.
var summaries = []phrase{
	whole(`Missing attribute seperator comma`, "Missing comma between attributes"),
	whole(`Missing attribute separator`, "Missing comma between attributes"),
	whole(`Missing item separator`, "Missing comma between items"),
	whole(`Missing argument separator`, "Missing comma between arguments"),
	whole(`Missing key/value separator`, "Missing equals sign"),
	whole(`Missing property value colon`, "Missing colon"),
	whole(`Unterminated tuple constructor expression`, "List without its end"),
	whole(`Unterminated object constructor expression`, "Object without its end"),
	whole(`Unterminated function call`, "Call without its end"),
	whole(`Unterminated template string`, "Text without its end"),
	whole(`Unterminated string literal`, "Text without its end"),
	whole(`Unclosed template interpolation sequence`, "Missing brace behind ${"),
	whole(`Extra characters after interpolation expression`, "Missing brace behind ${"),
	whole(`Extraneous label for (\S+)`, "Label too many for $1"),
	whole(`Extraneous data after value`, "Text behind the end of the JSON"),
	whole(`Extraneous JSON object property`, "Unknown JSON property"),
	whole(`Invalid legacy index syntax`, "Index in an old form"),
	whole(`Invalid expanding argument value`, "Invalid list before \"...\""),
	whole(`Invalid template interpolation value`, "Invalid value in a text"),
	whole(`Invalid operand`, "Invalid value beside an operator"),
	whole(`Invalid string literal`, "Invalid text"),
	whole(`Invalid number literal`, "Invalid number"),
	whole(`Invalid object key expression`, "Invalid object key"),
	whole(`Invalid template control keyword`, "Invalid word behind %{"),
	whole(`Invalid template directive`, "Invalid word behind %{"),
	whole(`Splat of null value`, "[*] of a null value"),
	whole(`Nested splat expression not allowed`, "[*] inside of another one"),
	whole(`Invalid nested splat expressions`, "Items of different types"),
	whole(`Missing close bracket on splat index`, "Missing bracket behind *"),
	whole(`Missing close bracket on index`, "Missing bracket behind an index"),
}

var details = []phrase{
	whole(`There is no closing brace for this interpolation sequence before the end of the (?:file|quoted template)\. .*`,
		"There is no closing brace for this \"${\". Add it, or look for a brace too few in the expression."),
	whole(`Expected a closing brace to end the interpolation expression, but found extra characters\..*`,
		"The expression behind \"${\" ends here, and no closing brace follows. Add it. If the text is meant for another language, such as a shell, write \"$${\" for \"${\"."),
	whole(`Template interpolation doesn't expect a colon at this location\. .*`,
		"No colon can stand here. If the text is meant for another language, such as a shell, write \"$${\" for \"${\"."),
	whole(`(Expected an equals sign \("="\) to mark the beginning of the attribute value\.) If you intended to given an attribute name .*`,
		"$1 If the name of the attribute has dots or spaces in it, write it in quotes."),
	whole(`If this expression is intended to be a reference, wrap it in parentheses\. .*`,
		"If this is meant to be the value of something else, write it in parentheses. If it is meant to be a name with dots in it, write it in quotes."),
	whole(`Expected the start of an expression, but found an invalid expression token\.`, "A value belongs here, and this is none."),
	whole(`Expected the start of an expression, but found the end of the file\.`, "A value belongs here, and the file ends."),
	whole(`Cannot include one of the interpolation results into the string template: (.*)`, "A value in this text does not fit: $1"),
	whole(`The expression result is null\. Cannot include a null value in a string template\.`, "This value is null, which cannot be a part of a text."),
	whole(`An iteration result is null\. Cannot include a null value in a string template\.`, "A value of the \"for\" is null, which cannot be a part of a text."),
	whole(`Template sequences are not allowed in this string\. To include a literal (".*"), double it \(as (".*")\) to escape it\.`,
		"This has to be a plain text. For the sign $1 itself, write $2."),
	whole(`Two different items produced the key (".*") in this 'for' expression\. .*`,
		"Two items of this \"for\" have the key $1. If that is meant, write \"...\" behind the value, which groups them."),
	whole(`Index brackets must contain either a literal number or a literal string\.`, "A number, or a text in quotes, belongs in the brackets."),
	whole(`Unsuitable value for left operand: (.*)`, "The value to the left of the operator does not fit: $1"),
	whole(`Unsuitable value for right operand: (.*)`, "The value to the right of the operator does not fit: $1"),
	whole(`Unsuitable value for unary operand: (.*)`, "The value behind the operator does not fit: $1"),
	whole(`Can't access attributes on a primitive-typed value \((.*)\)\.`, "This is a $1, and has no attributes."),
	whole(`Splat expressions \(with the \* symbol\) cannot be applied to null sequences\.`, "This value is null, so \"[*]\" has nothing to take an attribute of."),
	whole(`Splat expressions \(\.\*\) may not be used here\.`, "\".*\" cannot be used here."),
	whole(`Splat expressions \(\[\*\]\) may not be used here\.`, "\"[*]\" cannot be used here."),
	whole(`A splat expression \(\*\) cannot be used inside another attribute-only splat expression\.`, "\".*\" cannot stand behind another one. Write \"[*]\"."),
	whole(`The second level of splat expression produced elements of different types, .*`,
		"The second \"[*]\" gives items of different types, which are no list. Write a \"for\" expression instead."),
	whole(`The star for a full splat operator must be immediately followed by a closing bracket \("\]"\)\.`, "A closing bracket (\"]\") belongs right behind the star."),
	whole(`When using the legacy index syntax, chaining two indexes together is not permitted\. .*, like (.*)\.`,
		"Two indexes in the old form with dots cannot follow each other. Write them in brackets: $1."),
	whole(`Function scope resolution symbol :: must be followed by a function name in this scope\.`, "The name of a function belongs behind \"::\"."),
	whole(`Function selector must be followed by an open parenthesis to begin the function call\.`, "An opening parenthesis belongs behind the name of a function."),
	whole(`The expanding argument \(indicated by \.\.\.\) must not be null\.`, "The value before \"...\" is null. Write a list."),
	whole(`The expanding argument \(indicated by \.\.\.\) must be of a tuple, list, or set type\.`, "The value before \"...\" is no list and no set. Write one."),
	whole(`An expanded function argument \(with \.\.\.\) must be immediately followed by closing parentheses\.`, "The closing parenthesis belongs right behind \"...\"."),
	whole(`Backslash must be followed by an escape sequence selector character\.`, "A backslash stands before another sign: \\n is a new line, \\\" a quote and \\\\ a backslash."),
	whole(`The symbol (".*") is not a valid escape sequence selector\.`, "No $1 can follow a backslash: \\n is a new line, \\\" a quote and \\\\ a backslash."),
	whole(`Failed to recognize the value of this number literal\.`, "This is no number."),
	whole(`This item is not valid in a string literal\.`, "This cannot stand in a text here."),
	whole(`Key expression is not valid when building a tuple\.`, "A \"for\" in brackets makes a list, which has no keys. Take \"=>\" away, or write braces."),
	whole(`Key expression is required when building an object\.`, "A \"for\" in braces makes an object. Write KEY => VALUE, or write brackets for a list."),
	whole(`Key expression in 'for' expression must not produce a null value\.`, "The key of a \"for\" is null. Give each item a key."),
	whole(`The key expression produced an invalid result: (.*)`, "The key of a \"for\" does not fit: $1"),
	whole(`Grouping ellipsis \(\.\.\.\) cannot be used when building a tuple\.`, "\"...\" groups the values of an object. A \"for\" in brackets makes a list, which has no groups."),
	whole(`A template directive keyword \("if", "for", etc\) is expected at the beginning of a %\{ sequence\.`, "\"if\", \"else\", \"endif\", \"for\" or \"endfor\" belongs behind \"%{\"."),
	whole(`(".*") is not a valid template control keyword\.(.*)`, "$1 cannot stand behind \"%{\".$2"),
	whole(`The (\S+) type constructor requires one argument specifying the element type\.`, "The type $1 needs the type of its elements, as in $1(string)."),
	whole(`The object type constructor requires one argument specifying the attribute types and values as a map\.`, "The type object needs its attributes, as in object({ name = string })."),
	whole(`The tuple type constructor requires one argument specifying the element types as a list\.`, "The type tuple needs the types of its elements, as in tuple([string, number])."),
	whole(`A type specification is either a primitive type keyword \(bool, number, string\) or a complex type constructor call, like list\(string\)\.`,
		"A type is bool, number or string, or one made of others, as in list(string)."),
	whole(`Object type constructor requires a map whose keys are attribute names and whose values are the corresponding attribute types\.`,
		"The type object needs its attributes with their types, as in object({ name = string })."),
	whole(`Object constructor map keys must be attribute names\.`, "A name belongs here, as in object({ name = string })."),
	whole(`Object constructor map keys must be unique\.`, "There is such an attribute already."),
	whole(`Tuple type constructor requires a list of element types\.`, "The type tuple needs the types of its elements, as in tuple([string, number])."),
	whole(`Keyword ("\S+") is not a valid type constructor\.`, "There is no type $1. Types are bool, number, string, any, list(), set(), map(), object() and tuple()."),
	whole(`Keyword ("\S+") is valid only as a modifier for object type attributes\.`, "$1 belongs to the attributes of the type object, as in object({ name = optional(string) })."),
	whole(`(?:Primitive type|Type constraint) keyword "(\S+)" does not expect arguments\.`, "The type $1 stands alone, without parentheses."),
	whole(`Optional attribute modifier is only for type constraints, not for exact types\.`, "optional() cannot be used here."),
	whole(`Optional attribute modifier requires the attribute type as its argument\.`, "The type of the attribute belongs in the parentheses, as in optional(string)."),
	whole(`Optional attribute modifier expects .*`, "The type of the attribute and a default may stand in the parentheses, as in optional(string, \"none\")."),
}

// Worded returns d in words of ours where a library has misspelt it, or named parts of
// its own grammar. It does not change d.
func Worded(d *hcl.Diagnostic) *hcl.Diagnostic {
	said := *d
	said.Summary, said.Detail = worded(summaries, d.Summary), worded(details, d.Detail)
	return &said
}

func worded(all []phrase, text string) string {
	for _, p := range all {
		parts := compiled()[p.theirs].FindStringSubmatch(text)
		if parts == nil {
			continue
		}
		said := p.ours
		for i, part := range parts[1:] {
			said = strings.ReplaceAll(said, fmt.Sprint("$", i+1), part)
		}
		return said
	}
	return text
}
