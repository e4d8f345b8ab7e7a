package demo

import (
	"embed"
	"io/fs"
	"strconv"
)

// What the office sets beside the mapping: by what rules cases are due that come
// without a due day, and the holiday notices of the years.
//
//go:embed office
var officeFiles embed.FS

const (
	rulesFile      = "deadlines.yaml"
	holidaysFolder = "holidays"
	undatedChannel = "app" // whose cases come without a due day
)

// officeSettings returns the files of the office for the years first to last, by the
// names that they have beside the configuration, and the section of the configuration
// that names them. There are none where the notice of a year is missing.
func officeSettings(first, last int) (files map[string]string, section string) {
	names := []string{rulesFile}
	for y := first; y <= last; y++ {
		names = append(names, holidaysFolder+"/"+strconv.Itoa(y)+".yaml")
	}
	files = map[string]string{}
	list := ""
	for i, name := range names {
		body, err := fs.ReadFile(officeFiles, "office/"+name)
		if err != nil {
			return nil, ""
		}
		files[name] = string(body)
		if i > 0 {
			list += "  - " + name + "\n"
		}
	}
	return files, "rules: " + rulesFile + "\nholidays:\n" + list + "channels: {" + undatedChannel + ": " + undatedChannel + "}\n"
}

// due is the due day that exports have of m: none where a rule of the office finds it.
func (w *writer) due(m *message) stamp {
	if w.plan.Files != nil && channels[m.channel].id == undatedChannel {
		return 0
	}
	return m.due
}
