// Package huiyin holds the files that every installation starts from.
package huiyin

import "embed"

// Files are the hand-written pages of content/ and the theme in themes/.
//
// The prefix all: keeps files whose names begin with an underscore, such as the
// folder of partials, which embedding leaves out otherwise.
//
//go:embed all:content all:themes
var Files embed.FS
