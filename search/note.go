package search

import (
	"strconv"
	"strings"
)

// shown cuts what a reader typed to a length that fits a sentence.
func shown(word string) string { return cut(Clean(word), 30) }

func noteDropped(word string) Note {
	w := shown(word)
	return Note{NoteDropped, Label{
		"“" + w + "”中没有文字或数字，未参加检索。",
		"“" + w + "” holds no letter or digit and was left out.",
	}}
}

func noteEmpty(op string) Note {
	name := FieldName(op)
	if op == opNumber {
		name = Label{"编号", "Number"}
	}
	return Note{NoteDropped, Label{
		"“" + name.ZH + "：”后面没有内容，未参加检索。",
		"Nothing follows “" + strings.ToLower(name.EN) + ":”, and it was left out.",
	}}
}

func noteNumber(word string) Note {
	w := shown(word)
	return Note{NoteDropped, Label{
		"“" + w + "”不是编号，编号形如 2611-004217。",
		"“" + w + "” is no case number; those look like 2611-004217.",
	}}
}

func noteOneField(field string) Note {
	name := FieldName(field)
	return Note{NoteOneField, Label{
		"已将全部检索词限定在" + name.ZH + "中。",
		"All words are sought in the " + strings.ToLower(name.EN) + " only.",
	}}
}

func noteUnknown(field, word string) Note {
	name, w := FieldName(field), shown(word)
	return Note{NoteUnknown, Label{
		name.ZH + "中没有“" + w + "”，请改用列表中的名称。",
		"There is no " + strings.ToLower(name.EN) + " “" + w + "”. Please use a name from the list.",
	}}
}

func noteSeveral(field, word string, ids []string, v *Vocabulary) Note {
	const most = 3
	name, w, n := FieldName(field), shown(word), strconv.Itoa(len(ids))
	var zh, en []string
	for i, id := range ids {
		if i == most {
			break
		}
		label := v.Name(field, id)
		zh = append(zh, label.In("zh"))
		en = append(en, label.In("en"))
	}
	restZH, restEN := "", ""
	if len(ids) > most {
		restZH, restEN = "等", " and others"
	}
	return Note{NoteSeveral, Label{
		name.ZH + "“" + w + "”对应 " + n + " 个：" + strings.Join(zh, "、") + restZH + "，已全部包括。",
		"“" + w + "” stands for " + n + " values of " + strings.ToLower(name.EN) + ", and all are included: " + strings.Join(en, ", ") + restEN + ".",
	}}
}

func noteNoTerms() Note {
	return Note{NoteNoTerms, Label{
		"检索词中没有文字或数字，请输入要查找的词。",
		"The query holds no letter or digit. Please enter a word to look for.",
	}}
}

func noteOnlyNot() Note {
	return Note{NoteOnlyNot, Label{
		"只有要排除的词，请再输入一个要查找的词，或选择筛选条件。",
		"The query only excludes words. Please add a word to look for, or choose a filter.",
	}}
}

func noteContradicts(field string) Note {
	name := FieldName(field)
	return Note{NoteContradicts, Label{
		"检索词和筛选条件中的" + name.ZH + "互相矛盾，因此没有结果。请去掉其中一个。",
		"The " + strings.ToLower(name.EN) + " in the query contradicts the one in the filters, and so there are no hits. Please take one away.",
	}}
}

func noteCrossing() Note {
	return Note{NoteCrossing, Label{
		"有些结果中，检索词只是前后两个词的字连在一起（如“产品和服务”中的“和服”），这些结果已排在后面并注明。",
		"In some hits a word of the query comes about only where two other words meet; they stand behind the others and are marked so.",
	}}
}

func noteEstimate() Note {
	return Note{NoteEstimate, Label{"结果数为估计值。", "The number of hits is an estimate."}}
}

func noteWindow() Note {
	n := strconv.Itoa(MaxWindow)
	return Note{NoteWindow, Label{
		"翻页最多显示 " + n + " 条，下载的文件包括全部结果。",
		"Pages show " + n + " hits at most; the files to download hold all of them.",
	}}
}
