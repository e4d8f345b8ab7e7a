package gate

import (
	"maps"
	"slices"

	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
)

// Filled returns raw with the title, the question and the reply of was, the case as it is
// published, where raw carries none of its own: for a case whose original is erased and of
// which the office has stated something since. What it states is then judged beside the
// rest of the case, as ever: a question is published with its reply alone, and whom one
// names is sought in the other. A title that follows the question is left to the gate.
func Filled(raw source.Raw, was record.Case) source.Raw {
	fields := maps.Clone(raw.Fields)
	for field, text := range map[string]string{
		source.FieldTitle: was.Title, source.FieldQuestion: was.Question, source.FieldReply: was.Reply.Text,
	} {
		if _, carried := fields[field]; carried || text == "" || slices.Contains(raw.Void, field) || field == source.FieldTitle && text == titleFrom(was.Question) {
			continue
		}
		fields[field] = text
	}
	raw.Fields = fields
	return raw
}
