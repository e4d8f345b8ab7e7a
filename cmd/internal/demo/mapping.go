package demo

import _ "embed"

// The mappings are files, so that they can be read as an example of a mapping.
// docs/mapping.md explains their parts.

//go:embed mapping.yaml
var cityMapping string

//go:embed plain.yaml
var plainMapping string

func mappingText(plain bool) string {
	if plain {
		return plainMapping
	}
	return cityMapping
}
