package assemble

import (
	"os"
	"slices"

	"github.com/huiyin/huiyin/cmd/internal/config"
	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/search/lexicon"
)

// synonymsHead is the first line of the published file.
const synonymsHead = "# 含义相同的单位名称，每行一组。Names of offices that mean the same, one group a line.\n"

// synonyms returns the text of the published file of names that mean the same:
// those that Huiyin knows, and those of the office's own file.
func synonyms(c *config.Config) (string, error) {
	groups := lexicon.DefaultSynonyms()
	if c.Search.Synonyms != "" {
		path := c.Path(c.Search.Synonyms)
		f, err := os.Open(path)
		if err != nil {
			return "", fault.Coded(fault.ExitConfig, "the file of synonyms "+path+" cannot be read", "correct search.synonyms, or leave it out", err)
		}
		defer f.Close() // only read: nothing can be lost
		own, err := lexicon.ParseSynonyms(f)
		if err != nil {
			return "", fault.Coded(fault.ExitConfig, path+": "+err.Error(), "one group a line, names parted by =, such as 住建局 = 住房和城乡建设局; lines that begin with # are comments", err)
		}
		groups = slices.Concat(groups, own)
	}
	return synonymsHead + lexicon.NewSynonyms(groups).String(), nil
}
