package config_test

import (
	"bytes"
	"testing"

	"kiraform/internal/config"
)

func TestFormat(t *testing.T) {
	const src = `# A comment.
resource   "kira_user" "maria"{
first_name="Maria"   # given
    email = "maria@example.com" # to write to


  tags=["a","b" ,"c"]
  owner={
name="x"
    age =-1+ 2*( 3-1 )
   "quoted key"=true
   }
  address = {city="Paris",zip =  "1"}
  list=[{
    a=1
  },{
    b = !false
  }]
      text = <<EOT
   stays ${ as }  it
     is
EOT
  x =   var.a[0].b[ "k" ]
  y = [for k,v in [1,2]:upper(v)if v>1]
  z = a?b:c
  e = {}
  f = g(h...)
}
variable "empty" {}
`
	const want = `# A comment.
resource "kira_user" "maria" {
  first_name = "Maria"             # given
  email      = "maria@example.com" # to write to


  tags = ["a", "b", "c"]
  owner = {
    name         = "x"
    age          = -1 + 2 * (3 - 1)
    "quoted key" = true
  }
  address = { city = "Paris", zip = "1" }
  list = [{
    a = 1
    }, {
    b = !false
  }]
  text = <<EOT
   stays ${ as }  it
     is
EOT
  x = var.a[0].b["k"]
  y = [for k, v in [1, 2] : upper(v) if v > 1]
  z = a ? b : c
  e = {}
  f = g(h...)
}
variable "empty" {}
`
	got := config.Format([]byte(src))
	if string(got) != want {
		t.Errorf("got\n%s", got)
	}
	if again := config.Format(got); !bytes.Equal(again, got) {
		t.Errorf("formatted again, it becomes\n%s", again)
	}
}

func TestFormatLeavesWhatIsBroken(t *testing.T) {
	for _, src := range []string{"a   = [", "a = b c", "}"} {
		if got := config.Format([]byte(src)); string(got) != src {
			t.Errorf("Format(%q) = %q", src, got)
		}
	}
}

func FuzzFormat(f *testing.F) {
	for _, src := range []string{"a=1\n", "a {\n b=[1,\n2]\n}", "a = <<E\n x\nE\n", "a=\"${b}\" # c\n", "a=-b-c\r\n/* x\n y */ b=1"} {
		f.Add([]byte(src))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		once := config.Format(src)
		if twice := config.Format(once); !bytes.Equal(once, twice) {
			t.Errorf("%q becomes %q, and then %q", src, once, twice)
		}
	})
}
