package serve

import (
	"path"
	"regexp"
	"strings"
)

// contentTypes is the whole table of what is served as what. It is fixed, and
// not the machine's, so that the same release is the same everywhere; a name
// that it does not hold is a download.
var contentTypes = map[string]string{
	".atom":        "application/atom+xml; charset=utf-8",
	".avif":        "image/avif",
	".css":         "text/css; charset=utf-8",
	".csv":         "text/csv; charset=utf-8",
	".docx":        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	".geojson":     "application/geo+json",
	".gif":         "image/gif",
	".gz":          "application/gzip",
	".html":        "text/html; charset=utf-8",
	".ico":         "image/x-icon",
	".ics":         "text/calendar; charset=utf-8",
	".jpeg":        "image/jpeg",
	".jpg":         "image/jpeg",
	".js":          "text/javascript; charset=utf-8",
	".json":        "application/json; charset=utf-8",
	".jsonl":       "application/jsonl; charset=utf-8",
	".jsonld":      "application/ld+json; charset=utf-8",
	".md":          "text/markdown; charset=utf-8",
	".mjs":         "text/javascript; charset=utf-8",
	".mp3":         "audio/mpeg",
	".mp4":         "video/mp4",
	".ods":         "application/vnd.oasis.opendocument.spreadsheet",
	".ofd":         "application/ofd",
	".parquet":     "application/vnd.apache.parquet",
	".pdf":         "application/pdf",
	".png":         "image/png",
	".rdf":         "application/rdf+xml; charset=utf-8",
	".rss":         "application/rss+xml; charset=utf-8",
	".svg":         "image/svg+xml; charset=utf-8",
	".ttl":         "text/turtle; charset=utf-8",
	".tsv":         "text/tab-separated-values; charset=utf-8",
	".txt":         "text/plain; charset=utf-8",
	".webmanifest": "application/manifest+json; charset=utf-8",
	".webp":        "image/webp",
	".woff2":       "font/woff2",
	".xlsx":        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	".xml":         "application/xml; charset=utf-8",
	".xsl":         "text/xsl; charset=utf-8",
	".yaml":        "application/yaml; charset=utf-8",
	".zip":         "application/zip",
}

// contentType is the media type of a file by its name.
func contentType(name string) string {
	if t, ok := contentTypes[strings.ToLower(path.Ext(name))]; ok {
		return t
	}
	return "application/octet-stream"
}

// openData is what other sites' pages may read: data and feeds, never pages.
var openData = map[string]bool{
	".atom": true, ".csv": true, ".json": true, ".jsonl": true, ".jsonld": true,
	".parquet": true, ".tsv": true, ".xml": true, ".xlsx": true, ".gz": true,
}

// fingerprinted matches an asset whose name holds a hash of its bytes, such as
// assets/style.4f9c1d2e.css: its bytes never change.
var fingerprinted = regexp.MustCompile(`(^|/)assets/(.*/)?[^/]+[.-][0-9a-f]{8,64}(\.min)?\.[a-z0-9]+$`)

// How long a copy may be kept. A withdrawn case has to be gone everywhere
// within a minute, and a cache in between may use a copy for max-age and
// stale-while-revalidate together.
const (
	cacheForever = "public, max-age=31536000, immutable"
	cacheShort   = "public, max-age=30, stale-while-revalidate=30"
	cacheNever   = "no-store"
)

// cacheControl is how long a copy of a file may be kept.
func cacheControl(name string) string {
	if fingerprinted.MatchString(name) {
		return cacheForever
	}
	return cacheShort
}

// isOpen says whether other sites' pages may read the file.
func isOpen(name string) bool { return openData[strings.ToLower(path.Ext(name))] }
