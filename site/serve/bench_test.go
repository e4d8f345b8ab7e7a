package serve_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func BenchmarkPage(b *testing.B) {
	s := newSite(b)
	var page strings.Builder
	for i := range 200 {
		fmt.Fprintf(&page, "<p>第%d条:%x</p>\n", i, i*2654435761)
	}
	s.publish(b, map[string]string{"index.html": page.String()})
	h := s.handler(b, "")
	for _, coding := range []string{"gzip", "identity"} {
		b.Run(coding, func(b *testing.B) {
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				req := httptest.NewRequest("GET", "/", nil)
				req.Header.Set("Accept-Encoding", coding)
				for pb.Next() {
					h.ServeHTTP(&nobody{header: http.Header{}}, req)
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "req/s")
		})
	}
	b.Run("not-modified", func(b *testing.B) {
		req := httptest.NewRequest("GET", "/", nil)
		req.Header.Set("If-None-Match", get(h, "/").Header().Get("ETag"))
		for b.Loop() {
			h.ServeHTTP(&nobody{header: http.Header{}}, req)
		}
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "req/s")
	})
	b.Run("connection", func(b *testing.B) {
		server := httptest.NewServer(h)
		defer server.Close()
		b.RunParallel(func(pb *testing.PB) {
			client := &http.Client{Transport: &http.Transport{DisableCompression: true}}
			for pb.Next() {
				if _, err := fetch(client, server.URL); err != nil {
					b.Error(err)
					return
				}
			}
		})
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "req/s")
	})
}

// nobody takes an answer and keeps nothing.
type nobody struct{ header http.Header }

func (n *nobody) Header() http.Header         { return n.header }
func (n *nobody) Write(p []byte) (int, error) { return len(p), nil }
func (n *nobody) WriteHeader(int)             {}
