package serve

import (
	"net/http"
	"testing"
)

func TestAcceptable(t *testing.T) {
	tests := []struct {
		header []string
		gzip   bool
		plain  bool
		prefer coding
	}{
		{nil, false, true, identity},
		{[]string{""}, false, true, identity},
		{[]string{"gzip"}, true, true, gzipped},
		{[]string{"x-gzip"}, true, true, gzipped},
		{[]string{"GZIP"}, true, true, gzipped},
		{[]string{"gzip, deflate, br, zstd"}, true, true, gzipped},
		{[]string{"br", "gzip"}, true, true, gzipped},
		{[]string{"br"}, false, true, identity},
		{[]string{"*"}, true, true, gzipped},
		{[]string{"gzip;q=0"}, false, true, identity},
		{[]string{"gzip ; q=0.001"}, true, true, gzipped},
		{[]string{"gzip;q=0, *"}, false, true, identity},
		{[]string{"gzip;q=0.5, identity"}, true, true, identity},
		{[]string{"gzip;q=0.5, identity;q=0.5"}, true, true, gzipped},
		{[]string{"identity;q=0"}, false, false, none},
		{[]string{"identity;q=0, gzip"}, true, false, gzipped},
		{[]string{"identity;q=0, gzip;q=0"}, false, false, none},
		{[]string{"*;q=0"}, false, false, none},
		{[]string{"*;q=0, identity;q=0.1"}, false, true, identity},
		{[]string{"*;q=0, gzip"}, true, false, gzipped},
		{[]string{"gzip;q=1.5"}, false, true, identity},
		{[]string{"gzip;q=x, ,;;,=,gzip;q=0.1234"}, false, true, identity},
		{[]string{"gzip;level=9;Q=0.2"}, true, true, gzipped},
		{[]string{"gzip;q=1.001"}, false, true, identity},
		{[]string{"gzip;q=0."}, false, true, identity},
	}
	for _, tt := range tests {
		h := http.Header{}
		if tt.header != nil {
			h["Accept-Encoding"] = tt.header
		}
		gzip, plain, prefer := acceptable(h)
		if gzip != tt.gzip || plain != tt.plain || prefer != tt.prefer {
			t.Errorf("%q: gzip %t, plain %t, prefer %d; want %t, %t, %d", tt.header, gzip, plain, prefer, tt.gzip, tt.plain, tt.prefer)
		}
	}
}
