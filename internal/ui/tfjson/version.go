package tfjson

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
	return Version{FormatVersion: "1.0", TerraformVersion: Terraform, Platform: platform, ProviderSelections: map[string]string{},
		Kiraform: kiraform, API: api}
}
