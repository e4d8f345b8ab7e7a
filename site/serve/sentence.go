package serve

import (
	"io"
	"net/http"
	"strconv"
)

// sentences are what is said where no page of the release can say it.
var sentences = map[int]string{
	http.StatusNotFound:                     "没有找到这个页面。\nThere is no such page.\n",
	http.StatusMethodNotAllowed:             "本站只供阅读，只接受 GET 和 HEAD 请求。\nThis site is for reading: only GET and HEAD are taken.\n",
	http.StatusNotAcceptable:                "请求不接受本站能够提供的编码。\nNone of the codings in Accept-Encoding can be given.\n",
	http.StatusGone:                         "该诉求件已撤下，不再公开。\nThis case has been withdrawn.\n",
	http.StatusPreconditionFailed:           "请求的条件不成立：该文件已经更新。\nThe condition does not hold: the file has changed.\n",
	http.StatusRequestedRangeNotSatisfiable: "请求的范围超出文件长度。\nThe range lies outside the file.\n",
	http.StatusInternalServerError:          "读取文件时出错，请稍后再试。\nThe file could not be read; please try again later.\n",
	http.StatusServiceUnavailable:           "该文件正在重新生成，请稍后再试。\nThe file is being made anew; please try again later.\n",
}

// nothingYet is said while the folder holds no release.
const nothingYet = "本站尚未发布内容，请稍后再试。\nNothing has been published here yet; please try again later.\n"

// say answers with a sentence.
func say(w http.ResponseWriter, r *http.Request, status int) {
	sayText(w, r, status, sentences[status])
}

func sayText(w http.ResponseWriter, r *http.Request, status int, text string) {
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(text)))
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", cacheNever)
	}
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		// The client may be gone; there is nobody to tell.
		_, _ = io.WriteString(w, text)
	}
}
