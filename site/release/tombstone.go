package release

import (
	"fmt"
	"html"
	"strings"
)

// tombstonePage is the page of a withdrawn case where the program that uses the
// store has none of its own.
func tombstonePage(g Gone) []byte {
	var b strings.Builder
	number := html.EscapeString(g.Number)
	fmt.Fprintf(&b, "<!doctype html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n"+
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"robots\" content=\"noindex\">\n"+
		"<title>诉求件 %[1]s 已撤下</title>\n</head>\n<body>\n<h1>诉求件 %[1]s 已撤下</h1>\n<dl>\n", number)
	for _, row := range [][2]string{{"承办单位", g.Unit}, {"撤下原因", g.Reason}, {"撤下日期", g.Day}} {
		if row[1] != "" {
			fmt.Fprintf(&b, "<dt>%s</dt><dd>%s</dd>\n", row[0], html.EscapeString(row[1]))
		}
	}
	b.WriteString("</dl>\n</body>\n</html>\n")
	return []byte(b.String())
}
