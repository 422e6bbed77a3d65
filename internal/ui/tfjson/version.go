package tfjson

import "kiraform/internal/event"

// Version is the versions of a program, in Terraform's format.
type Version struct {
	FormatVersion      string            `json:"format_version"`
	TerraformVersion   string            `json:"terraform_version"` // whose formats are written
	Platform           string            `json:"platform"`
	ProviderSelections map[string]string `json:"provider_selections"`
	Outdated           bool              `json:"terraform_outdated"`
	Kiraform           string            `json:"kiraform_version"`
	API                string            `json:"api_version"` // of Kira
}

// OfVersion returns the versions of kiraform and of the API that it speaks.
func OfVersion(kiraform, api, platform string) Version {
	return Version{FormatVersion: "1.0", TerraformVersion: terraformVersion, Platform: platform, ProviderSelections: map[string]string{},
		Kiraform: kiraform, API: api}
}

// Workspaces lists workspaces, in Terraform's format.
type Workspaces struct {
	FormatVersion string       `json:"format_version"`
	Workspaces    []Workspace  `json:"workspaces"`
	Diagnostics   []Diagnostic `json:"diagnostics"`
}

// Workspace is a state with a name.
type Workspace struct {
	Name      string      `json:"name"`
	IsCurrent bool        `json:"is_current"`
	Place     event.Place `json:"place"`           // empty until a run binds the state
	Error     string      `json:"error,omitempty"` // why the state cannot be read
}

// OfWorkspaces returns a list of workspaces.
func OfWorkspaces(all []Workspace) Workspaces {
	return Workspaces{FormatVersion: "1.0", Workspaces: all, Diagnostics: []Diagnostic{}}
}
