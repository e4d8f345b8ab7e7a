package serve

import (
	"strconv"
	"strings"

	"github.com/huiyin/huiyin/search"
)

// searchWords are the words of the search page in one language.
type searchWords struct {
	Label, Button, Types, ChosenOnes, Remove, RemoveAll, ToFacets  string
	NumberName, OpenNumber                                         string
	DidYouMean, AlsoCalled, Instead                                string
	Nothing, Unfiltered, EachWord, FewerWords, OtherWords          string
	Order, BestFirst, Newest, Oldest, Wait                         string
	Replied, Received, Crossing, Pages, PrevPage, NextPage, NoText string
	EveryHit, CSV, JSONL, Atom, Permanent                          string
	Narrow, Fewer, RepliedBetween, From, To, Apply, PerPage        string
	Listings, Areas, Units, Topics, Months, Channels               string
	Colon, Comma, Stop, Gap, Down, DownAdvice, NoIndex             string
	Slow, TooMany                                                  string

	count func(n int, exact bool) string            // a number of cases
	sum   func(n int, exact, everything bool) count // what was found; everything: nothing was asked for
	scope func(search.IndexState) string            // what was searched
	days  func(n int64) string                      // how long an office took
	more  func(n int) string                        // of n values of a facet
	page  func(n int) string
	quote func(q string) string
	lacks func(number string) string // no case has the number
	after func(pages int) string     // the page lies behind the last
	again func(seconds int) string
}

// wordsIn returns the words of an interface language: English, or else Chinese.
func wordsIn(lang string) *searchWords {
	if lang == "en" || strings.HasPrefix(lang, "en-") {
		return english()
	}
	return chinese()
}

func chinese() *searchWords {
	return &searchWords{
		Label: "搜索诉求与答复", Button: "搜索", Types: "类型", ChosenOnes: "已选条件", Remove: "取消", RemoveAll: "全部清除", ToFacets: "筛选结果",
		NumberName: "编号", OpenNumber: "打开这一件",
		DidYouMean: "您要找的是不是：", AlsoCalled: "同一单位的其他名称：", Instead: "没有找到整句，已按其中的词语查找：",
		Nothing: "没有找到符合条件的诉求件。", Unfiltered: "清除筛选条件再找", EachWord: "单独查找每个词：", FewerWords: "减少词语，或去掉引号。", OtherWords: "换一个说法，例如用更常见的词。",
		Order: "排序", BestFirst: "标题优先", Newest: "最新", Oldest: "最早", Wait: "用时最长",
		Replied: "答复", Received: "收到", Crossing: "可能不是这个词", Pages: "分页", PrevPage: "上一页", NextPage: "下一页", NoText: "（无标题）",
		EveryHit: "全部结果：", CSV: "下载 CSV", JSONL: "下载 JSON Lines", Atom: "订阅（Atom）", Permanent: "固定链接",
		Narrow: "筛选", Fewer: "只显示前几项", RepliedBetween: "答复日期", From: "从", To: "到", Apply: "按日期筛选", PerPage: "每页件数",
		Listings: "按清单查找", Areas: "区县", Units: "单位", Topics: "领域", Months: "月份", Channels: "渠道",
		Colon: "：", Comma: "，", Stop: "。", Down: "搜索暂时无法使用，请稍后再试。", DownAdvice: "各清单和诉求件页面不受影响，可以照常查看。",
		NoIndex: "搜索索引尚未建立，请稍后再试。", Slow: "这次搜索用时过长，已停止。请缩小范围，或稍后再试。", TooMany: "您的搜索过于频繁，",
		count: func(n int, exact bool) string { return about(exact, "约 ") + thousands(n) + " 件" },
		sum: func(n int, exact, everything bool) count {
			before := "找到"
			if everything {
				before = "共"
			}
			return count{before + about(exact, "约") + " ", thousands(n), " 件"}
		},
		scope: func(s search.IndexState) string {
			text := "在全文公开的 " + thousands(s.Docs) + " 件中查找"
			if s.Cutoff != "" {
				text += "，统计截止 " + s.Cutoff
			}
			if s.Missing > 0 {
				text += "；另有 " + thousands(s.Missing) + " 件尚未编入索引"
			}
			if s.Behind {
				text += "；索引正在更新"
			}
			return text + "。"
		},
		days:  func(n int64) string { return "用时 " + strconv.FormatInt(n, 10) + " 天" },
		more:  func(n int) string { return "显示全部 " + thousands(n) + " 项" },
		page:  func(n int) string { return "第 " + thousands(n) + " 页" },
		quote: func(q string) string { return "“" + q + "”" },
		lacks: func(number string) string { return "本站没有编号为 " + number + " 的诉求件。" },
		after: func(pages int) string { return "这一页没有结果，共 " + thousands(pages) + " 页。" },
		again: func(n int) string { return "请在 " + strconv.Itoa(n) + " 秒后再试。" },
	}
}

func english() *searchWords {
	cases := func(n int) string {
		if n == 1 {
			return " case"
		}
		return " cases"
	}
	return &searchWords{
		Label: "Search questions and replies", Button: "Search", Types: "Types", ChosenOnes: "Chosen filters", Remove: "Remove", RemoveAll: "Clear all", ToFacets: "Narrow the results",
		NumberName: "Number", OpenNumber: "Open this case",
		DidYouMean: "Did you mean: ", AlsoCalled: "Other names of the same office: ", Instead: "The sentence was not found; its words were searched for instead: ",
		Nothing: "No case matches all of this.", Unfiltered: "Search without filters", EachWord: "Each word by itself: ", FewerWords: "Use fewer words, or leave out the quotation marks.", OtherWords: "Try another, more common word.",
		Order: "Order", BestFirst: "Title first", Newest: "Newest", Oldest: "Oldest", Wait: "Longest wait",
		Replied: "Replied", Received: "Received", Crossing: "may not be this word", Pages: "Pages", PrevPage: "Previous page", NextPage: "Next page", NoText: "(no title)",
		EveryHit: "All results: ", CSV: "Download CSV", JSONL: "Download JSON Lines", Atom: "Subscribe (Atom)", Permanent: "Permanent link",
		Narrow: "Narrow", Fewer: "Show only the first", RepliedBetween: "Date of reply", From: "From", To: "To", Apply: "Apply dates", PerPage: "Cases per page",
		Listings: "Find by list", Areas: "Areas", Units: "Offices", Topics: "Topics", Months: "Months", Channels: "Channels",
		Colon: ": ", Comma: ", ", Stop: ".", Gap: " ", Down: "The search does not work at the moment. Please try again later.", DownAdvice: "The lists and the pages of cases are not affected.",
		NoIndex: "There is no search index yet. Please try again later.", Slow: "This search took too long and was stopped. Please narrow it, or try again later.", TooMany: "You are searching too often. ",
		count: func(n int, exact bool) string { return about(exact, "about ") + thousands(n) + cases(n) },
		sum: func(n int, exact, everything bool) count {
			after := cases(n) + " found"
			if everything {
				after = cases(n) + " in all"
			}
			return count{about(exact, "About "), thousands(n), after}
		},
		scope: func(s search.IndexState) string {
			text := "Among " + thousands(s.Docs) + cases(s.Docs) + " published in full"
			if s.Cutoff != "" {
				text += ", as of " + s.Cutoff
			}
			if s.Missing > 0 {
				text += "; " + thousands(s.Missing) + " more are not in the index yet"
			}
			if s.Behind {
				text += "; the index is being updated"
			}
			return text + "."
		},
		days: func(n int64) string {
			if n == 1 {
				return "1 day"
			}
			return strconv.FormatInt(n, 10) + " days"
		},
		more:  func(n int) string { return "Show all " + thousands(n) },
		page:  func(n int) string { return "Page " + thousands(n) },
		quote: func(q string) string { return "“" + q + "”" },
		lacks: func(number string) string { return "There is no case " + number + " on this site." },
		after: func(pages int) string {
			if pages == 1 {
				return "This page is empty; there is 1 page."
			}
			return "This page is empty; there are " + thousands(pages) + " pages."
		},
		again: func(n int) string { return "Please try again in " + strconv.Itoa(n) + " s." },
	}
}

// about is the word before a number that was estimated.
func about(exact bool, word string) string {
	if exact {
		return ""
	}
	return word
}

// thousands prints a number with a comma between groups of three digits, as
// the pages of the release do.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
