package search

import (
	"strconv"
	"strings"
)

func noteDropped(word string) Note { return Note{NoteDropped, sentence("dropped", typed(word))} }

func noteEmpty(op string) Note { return Note{NoteDropped, sentence("empty", called(op))} }

func noteNumber(word string) Note { return Note{NoteDropped, sentence("no-number", typed(word))} }

func noteOneField(field string) Note { return Note{NoteOneField, sentence("one-field", called(field))} }

func noteUnknown(field, word string) Note {
	return Note{NoteUnknown, sentence("unknown", called(field), typed(word))}
}

func noteSeveral(field, word string, ids []string, v *Vocabulary) Note {
	const most = 3
	var zh, en []string
	for _, id := range ids[:min(len(ids), most)] {
		name := v.Name(field, id)
		zh, en = append(zh, name.In("zh")), append(en, name.In("en"))
	}
	comma := sentences["comma"]
	list := Label{strings.Join(zh, comma.ZH), strings.Join(en, comma.EN)}
	if len(ids) > most {
		list.ZH, list.EN = list.ZH+sentences["others"].ZH, list.EN+sentences["others"].EN
	}
	return Note{NoteSeveral, sentence("several", called(field), typed(word), number(len(ids)), part{"{l}", list})}
}

func noteNoTerms() Note { return Note{NoteNoTerms, sentences["no-terms"]} }

func noteOnlyNot() Note { return Note{NoteOnlyNot, sentences["only-not"]} }

func noteContradicts(field string) Note {
	name := FieldName(field)
	return Note{NoteContradicts, Label{
		"搜索词中的" + name.ZH + "与筛选条件中的不一致，因此没有结果。请去掉其中一个。",
		"The " + strings.ToLower(name.EN) + " in the query contradicts the one in the filters, and so there are no results. Please remove one.",
	}}
}

func noteCrossing() Note {
	return Note{NoteCrossing, Label{
		"有些结果中，搜索词只是前后两个词的字连在一起（如“产品和服务”中的“和服”），这些结果已排在后面并注明。",
		"In some results a word of the query only comes about where two other words meet; they stand behind the others and are marked.",
	}}
}

func noteEstimate() Note {
	return Note{NoteEstimate, Label{"结果数为估计值。", "The number of results is an estimate."}}
}

func noteWindow() Note {
	n := strconv.Itoa(MaxWindow)
	return Note{NoteWindow, Label{
		"翻页最多显示 " + n + " 件，下载的文件包括全部结果。",
		"Pages show " + n + " results at most; the files to download hold all of them.",
	}}
}
