package engine

import (
	"fmt"
	"slices"
	"strings"

	"kiraform/internal/addr"
	"kiraform/internal/graph"
)

// GraphFormats are the formats of [Project.Graph].
var GraphFormats = []string{"dot", "mermaid"}

// Graph writes the graph of needs in the configuration: the resources or, in
// full, also variables, local values, outputs and modules.
func (p *Project) Graph(format string, full bool) string {
	g := p.program.Edges(full)
	if format == "mermaid" {
		return mermaid(g)
	}
	return dot(g)
}

// dot writes a graph in the language of Graphviz, each module as a cluster.
func dot(g *graph.Graph[addr.Resource]) string {
	var b strings.Builder
	b.WriteString("digraph G {\n  rankdir = \"RL\";\n  node [shape = rect, fontname = \"sans-serif\"];\n")
	nodes := g.Nodes()
	for from := 0; from < len(nodes); {
		in, to := nodes[from].Module, from
		for to < len(nodes) && nodes[to].Module == in {
			to++
		}
		indent := "  "
		if in != "" {
			fmt.Fprintf(&b, "  subgraph %q {\n    label = %q\n    fontname = \"sans-serif\"\n", "cluster_"+string(in), string(in))
			indent = "    "
		}
		for _, n := range nodes[from:to] {
			label := n
			label.Module = ""
			fmt.Fprintf(&b, "%s%q [label=%q];\n", indent, n.String(), label.String())
		}
		if in != "" {
			b.WriteString("  }\n")
		}
		from = to
	}
	for _, n := range nodes {
		for _, need := range g.Needs(n) {
			fmt.Fprintf(&b, "  %q -> %q;\n", n.String(), need.String())
		}
	}
	return b.String() + "}\n"
}

// mermaid writes a graph in the language of Mermaid.
func mermaid(g *graph.Graph[addr.Resource]) string {
	var b strings.Builder
	b.WriteString("flowchart RL\n")
	nodes := g.Nodes()
	for i, n := range nodes {
		fmt.Fprintf(&b, "  n%d[%q]\n", i, n.String())
	}
	for i, n := range nodes {
		for _, need := range g.Needs(n) {
			at, _ := slices.BinarySearchFunc(nodes, need, addr.Resource.Compare)
			fmt.Fprintf(&b, "  n%d --> n%d\n", i, at)
		}
	}
	return b.String()
}
