package state_test
import ("testing";"fmt";"kiraform/state";"kiraform/internal/addr";"github.com/zclconf/go-cty/cty")
func big() *state.State {
 s:=state.New("x")
 for i:=range 10000 {
  m:=map[string]cty.Value{}
  for j:=range 25 { m[fmt.Sprint("attr_",j)]=cty.StringVal(fmt.Sprint("value number ",i,j)); if j>15 {m[fmt.Sprint("attr_",j)]=cty.NullVal(cty.DynamicPseudoType)} }
  m["l"]=cty.TupleVal([]cty.Value{cty.ObjectVal(map[string]cty.Value{"a":cty.NumberIntVal(5)})})
  s.Resources[user("u").Instance(addr.Int(i))]=state.Object{ID:"x",Sent:cty.ObjectVal(m),Seen:cty.ObjectVal(m),Needs:[]addr.Resource{user("a")}}
 }
 return s
}
func BenchmarkEncode(b *testing.B){ s:=big(); b.ResetTimer(); for b.Loop() { state.Encode(s,"") } }
func BenchmarkDecode(b *testing.B){ s:=big(); d,_:=state.Encode(s,""); for b.Loop() { state.Decode(d) } }
