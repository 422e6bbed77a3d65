package addr

// Texts writes each of several addresses.
func Texts(all []Resource) (texts []string) {
	for _, a := range all {
		texts = append(texts, a.String())
	}
	return texts
}

// ParseAll reads the addresses that [Texts] wrote, of modules and patterns too.
func ParseAll(texts []string) (all []Resource, err error) {
	for _, s := range texts {
		a, err := ParseTarget(s)
		if err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	return all, nil
}
