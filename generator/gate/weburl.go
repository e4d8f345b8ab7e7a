package gate

import "strings"

// The personal parts of a web address are who signs in (user:password@), the
// values of parameters that name a person or her session, the page of one person
// in a social network, and a mobile number as the fragment or an element of the
// path. Links to one film or post pass, short ones too:
// they lead to a work, and a complaint without its evidence is none. Addresses
// of offices pass whole; numbers in their parameters are found as such.

// personalPages are the beginnings of pages of one person, without scheme and
// www.: what follows is who.
var personalPages = strings.Fields("weibo.com/u/ weibo.com/n/ weibo.cn/u/ m.weibo.cn/u/ m.weibo.cn/profile/ weibo.com/ space.bilibili.com/ " +
	"user.qzone.qq.com/ zhihu.com/people/ douyin.com/user/ xiaohongshu.com/user/profile/ " +
	"kuaishou.com/profile/ live.kuaishou.com/profile/ jianshu.com/u/ tieba.baidu.com/home/main?un= tieba.baidu.com/home/main?id= " +
	"facebook.com/ twitter.com/ x.com/ instagram.com/ linkedin.com/in/ t.me/ wa.me/ wpa.qq.com/msgrd?v=3&uin= blog.sina.com.cn/u/ " +
	"douban.com/people/ toutiao.com/c/user/ ixigua.com/home/")

// networkWords are pages of the networks themselves.
var networkWords = map[string]bool{
	"login": true, "signup": true, "help": true, "about": true, "p": true, "u": true, "n": true, "ttarticle": true, "tv": true,
	"share": true, "sharer": true, "search": true, "intent": true, "home": true, "watch": true, "groups": true, "pages": true,
	"explore": true, "status": true, "i": true, "hashtag": true, "reel": true, "newlogin": true, "topic": true, "people": true,
}

// personalParams are the parameters whose values name a person or a session.
var personalParams = func() map[string]bool {
	m := map[string]bool{}
	for _, name := range strings.Fields("mobile phone tel telephone cellphone mobileno phoneno idcard id_card idno idnumber cardno card_no " +
		"sfz sfzh sfzhm zjhm email mail name realname real_name xm username user_name user uid userid user_id openid open_id unionid " +
		"token access_token accesstoken sessionid session passport password passwd wechat wx wxid qq uin " +
		"account loginname sjh sjhm dh contact") {
		m[name] = true
	}
	return m
}()

// www reports whether www. stands at glyph k, at the start of a word.
func (s *scan) www(k int) bool {
	for n := range 3 {
		if c := s.glyphs[k+n].r; c != 'w' && c != 'W' {
			return false
		}
	}
	return k == 0 || !tight(s.glyphs[k-1]) && s.glyphs[k-1].r != '/' && s.glyphs[k-1].r != '.'
}

// webURL looks through the web address whose host begins at glyph i and whose
// scheme ends at glyph scheme.
func (s *scan) webURL(i, scheme int) {
	var b [maxAddress]byte
	n := 0
	for k := i; k < len(s.glyphs) && n < len(b); k++ {
		g := s.glyphs[k]
		if g.r <= ' ' || g.r >= 0x7f || strings.IndexByte("<>\"'|`", byte(g.r)) >= 0 {
			break
		}
		b[n] = byte(g.r)
		n++
	}
	s.work.spend(n)
	text := strings.ToLower(strings.TrimRight(string(b[:n]), ".,;!?)"))
	authority := text
	if end := strings.IndexAny(text, "/?#"); end >= 0 {
		authority = text[:end]
	}
	host := authority
	if at := strings.LastIndexByte(authority, '@'); at >= 0 {
		host = authority[at+1:]
		if at > 0 {
			s.urlPart(i, i+at, 96) // more certain than an e-mail address of what stands there
		}
	}
	host, _, _ = strings.Cut(host, ":")
	if officeHost(host) {
		return
	}
	if who := personalPage(text); who > 0 {
		end := who
		for end < len(text) && strings.IndexByte("/?#&", text[end]) < 0 {
			end++
		}
		if end-who >= 3 && !networkWords[text[who:end]] {
			s.urlPart(i+who, i+end, 80)
		}
	}
	s.params(i, text)
	s.elements(i, text, len(authority))
}

// personalFolders are elements of a path behind which stands who is meant.
var personalFolders = map[string]bool{
	"u": true, "user": true, "users": true, "member": true, "profile": true, "people": true, "space": true, "home": true,
	"tel": true, "phone": true, "mobile": true, "account": true, "i": true,
}

// workFolders are elements of a path behind which stands the number of a work, as
// does one behind a year or another number.
var workFolders = map[string]bool{
	"a": true, "art": true, "article": true, "articles": true, "content": true, "contents": true, "detail": true, "details": true,
	"news": true, "info": true, "item": true, "items": true, "p": true, "post": true, "posts": true, "thread": true, "topic": true,
	"question": true, "answer": true, "video": true, "v": true, "play": true, "status": true, "show": true, "view": true,
	"goods": true, "product": true, "products": true, "order": true, "file": true, "files": true, "download": true, "image": true, "images": true,
	"zhuanlan": true, "opus": true, "note": true, "explore": true, "live": true, "album": true, "song": true, "book": true, "read": true,
}

// elements finds mobile numbers that are the fragment or an element of the path,
// with or without the ending of a file. Where nothing says that a person follows
// the number may be that of a work: it counts at the end of a path alone, and is for
// a person to judge.
func (s *scan) elements(i int, text string, from int) {
	folder := ""
	for from < len(text) {
		mark, begin := text[from], from+1
		end := begin
		for end < len(text) && strings.IndexByte("/?#", text[end]) < 0 {
			end++
		}
		element, _, _ := strings.Cut(text[begin:end], ".")
		switch {
		case !isMobile(element) || strings.Trim(element, "0123456789") != "":
		case mark == '#' || mark == '/' && personalFolders[folder]:
			s.urlPart(i+begin, i+begin+len(element), 65)
		case mark == '/' && lastElement(text[end:]) && !workFolders[folder] && (folder == "" || strings.Trim(folder, "0123456789-_") != ""):
			s.urlPart(i+begin, i+begin+len(element), 45)
		}
		folder, from = element, end
	}
}

// lastElement reports whether a path ends where rest begins.
func lastElement(rest string) bool {
	rest = strings.TrimPrefix(rest, "/")
	return rest == "" || rest[0] == '?' || rest[0] == '#'
}

// officeHost reports whether a host is an office's.
func officeHost(host string) bool {
	return strings.HasSuffix(host, ".gov.cn") || host == "gov.cn" || strings.HasSuffix(host, ".gov")
}

// personalPage returns where in the address, without scheme, the part begins
// that says whose page it is, or 0.
func personalPage(text string) int {
	skip := 0
	if strings.HasPrefix(text, "www.") {
		skip = 4
	}
	for _, page := range personalPages {
		if rest := text[skip:]; len(rest) > len(page) && strings.HasPrefix(rest, page) {
			if page == "weibo.com/" && strings.Trim(rest[len(page):min(len(rest), len(page)+10)], "0123456789") != "" {
				continue // only accounts by number; names are mostly those of offices and papers
			}
			return skip + len(page)
		}
	}
	return 0
}

// params finds the values of personal parameters. From the first to the last it
// is one finding, since what stands between belongs to the same session.
func (s *scan) params(i int, text string) {
	first, last := -1, -1
	for k := 0; k < len(text); k++ {
		if text[k] != '=' {
			continue
		}
		begin := k
		for begin > 0 && strings.IndexByte("?&;/#", text[begin-1]) < 0 {
			begin--
		}
		end := k + 1
		for end < len(text) && strings.IndexByte("&;#?", text[end]) < 0 {
			end++
		}
		if end-k > 2 && personalParams[text[begin:k]] && !strings.Contains(text[k+1:end], "***") {
			if first < 0 {
				first = k + 1
			}
			last = end
		}
		k = end - 1
	}
	if first >= 0 {
		s.urlPart(i+first, i+last, 80)
	}
}

// urlPart notes a personal part, unless it is a mask.
func (s *scan) urlPart(first, last, confidence int) {
	if !holds(s.glyphs[first:last], '*') {
		s.noteAll(URL, first, last, confidence, "url@1")
	}
}
