package attach

// sentences says for each code why a file or a text of it is not published, and
// what to do.
var sentences = map[string]struct{ zh, en string }{
	"archive":               {"不接收压缩包或未知的打包文件。请解压后逐个上传。", "Archives are not accepted. Unpack it and send the files one by one."},
	"archive-bomb":          {"文件解压后过大或内部文件过多。请拆分后重新上传。", "Unpacked, the file is too large or holds too many parts. Split it and send it again."},
	"damaged-archive":       {"文件已损坏或结构异常。请用办公软件打开并另存后重新上传。", "The file is damaged or oddly built. Open it, save it anew and send it again."},
	"damaged-document":      {"文档已损坏，无法读取。请另存为 DOCX 后重新上传。", "The document is damaged. Save it anew as DOCX and send it again."},
	"damaged-pdf":           {"PDF 已损坏或结构异常。请重新导出 PDF。", "The PDF is damaged or oddly built. Export it again."},
	"damaged-picture":       {"图片已损坏，无法读取。请另存为 JPEG 或 PNG 后重新上传。", "The picture is damaged. Save it anew as JPEG or PNG and send it again."},
	"damaged-table":         {"表格已损坏，无法读取。请另存为 XLSX 或 CSV 后重新上传。", "The table is damaged. Save it anew as XLSX or CSV and send it again."},
	"empty":                 {"文件是空的。", "The file is empty."},
	"encrypted":             {"文件已加密或有密码。请去除密码后重新上传。", "The file is encrypted. Remove the password and send it again."},
	"image-unread":          {"图片中的内容无法自动检查，请人工确认没有个人信息后再公开。", "What the picture shows cannot be checked by the program. A person must look at it first."},
	"internal-error":        {"处理文件时程序出错，文件不公开。请另存后重新上传。", "The program failed on this file, so it is not published. Save it anew and send it again."},
	"macros":                {"文件含有宏。请另存为不含宏的 DOCX 或 XLSX。", "The file holds macros. Save it as DOCX or XLSX without macros."},
	"markup":                {"不接收网页、SVG 和 XML 文件。请另存为 PDF 或 DOCX。", "Web pages, SVG and XML files are not accepted. Save it as PDF or DOCX."},
	"media":                 {"不接收音频、视频和 HEIC 图片。图片请另存为 JPEG；录音、录像请改为文字说明。", "Sound, video and HEIC pictures are not accepted. Save pictures as JPEG; put recordings into words."},
	"nothing-visible":       {"工作簿中没有可见的工作表。", "The workbook has no visible sheet."},
	"ofd":                   {"暂不支持 OFD。请用 OFD 阅读器另存为（打印为）PDF 后重新上传。", "OFD is not supported. Save or print it as PDF with an OFD reader and send it again."},
	"old-office":            {"不支持 DOC、WPS、XLS、ET、PPT、RTF、ODF 等格式，也不支持加密的办公文件。请另存为 DOCX、XLSX 或 PDF（不设密码）后重新上传。", "DOC, WPS, XLS, ET, PPT, RTF and ODF files and encrypted office files are not supported. Save it as DOCX, XLSX or PDF without a password and send it again."},
	"other-picture":         {"不支持这种图片格式。请另存为 JPEG 或 PNG。", "This kind of picture is not supported. Save it as JPEG or PNG."},
	"pdf-actions":           {"PDF 含有会启动程序、打开外部内容或提交数据的动作。请重新导出不含动作的 PDF。", "The PDF starts programs, opens other content or submits data. Export it without actions."},
	"pdf-covered-picture":   {"PDF 中的图片有一部分被色块、白底或其他图片遮住，但仍可从文件中取出。请直接修改图片后重新导出，不要只用色块遮盖。", "A part of a picture in the PDF lies under a box or another picture, and can still be taken out of the file. Change the picture itself and export again; a box does not remove it."},
	"pdf-cropped-picture":   {"PDF 中的图片有一部分在页面或裁剪框之外，但仍可从文件中取出。请先裁剪图片（删除裁剪区域）后重新导出。", "A part of a picture in the PDF lies outside of the page or its frame, and can still be taken out of the file. Delete the cropped areas and export again."},
	"pdf-covered-text":      {"PDF 中有文字被色块、图片或白底遮住，但仍可复制出来。请删除这些文字后重新导出，不要只用色块遮盖。", "The PDF has text under boxes or pictures that can still be copied. Delete the text and export again; a box does not remove it."},
	"pdf-drawing-unread":    {"PDF 中有大量图形，可能是转成曲线的文字，无法自动检查，请人工确认。", "The PDF has many drawn shapes, which may be letters turned into outlines. A person must look at it first."},
	"pdf-embedded-file":     {"PDF 内嵌了其他文件。请去除内嵌文件后重新导出。", "The PDF holds other files. Export it without them."},
	"pdf-features":          {"PDF 使用了本程序不能安全重建的功能（如特殊压缩、三维、多媒体）。请用“打印为 PDF”重新生成。", "The PDF uses features that cannot be rebuilt safely, such as rare compression, 3D or media. Print it to PDF again."},
	"pdf-font-missing":      {"PDF 没有嵌入中文字体，无法核对看到的和能复制的是否一致。请嵌入字体后重新导出。", "The PDF does not hold its fonts, so what is seen cannot be compared with what can be copied. Export it with its fonts embedded."},
	"pdf-form":              {"PDF 含有表单。请打印为不含表单的 PDF。", "The PDF holds a form. Print it to PDF without one."},
	"pdf-hidden-text":       {"PDF 中有看不见的文字（透明、过小、与底色相同或在页面之外）。请删除后重新导出。", "The PDF has text that cannot be seen: transparent, tiny, in the colour of the paper or outside the page. Delete it and export again."},
	"pdf-image-unread":      {"PDF 页面含有图片，图片内容无法自动检查，请人工确认没有个人信息后再公开。", "A page of the PDF has pictures, which the program cannot check. A person must look at it first."},
	"pdf-incremental":       {"PDF 含有修改历史（增量保存），旧版本可能被还原。请用“另存为”或“打印为 PDF”重新生成。", "The PDF holds earlier versions of itself. Save it anew or print it to PDF again."},
	"pdf-javascript":        {"PDF 含有脚本。请重新导出不含脚本的 PDF。", "The PDF holds scripts. Export it without them."},
	"pdf-layers":            {"PDF 含有可隐藏的图层。请合并图层后重新导出。", "The PDF has layers that can be hidden. Flatten them and export again."},
	"pdf-no-text":           {"PDF 有没有文字层的页面（如扫描件），无法自动检查，请人工确认没有个人信息后再公开。", "The PDF has pages without text, such as scans. The program cannot check them; a person must look first."},
	"pdf-personal":          {"PDF 中发现疑似个人信息，PDF 不能就地打码。请在原文件中删除后重新导出，或上传 DOCX。", "Personal data was found in the PDF, and a PDF cannot be masked in place. Delete it in the source and export again, or send a DOCX."},
	"pdf-redaction-pending": {"PDF 中有尚未应用的密文标记。请先应用密文再导出。", "The PDF has redaction marks that were not applied. Apply them and export again."},
	"pdf-time":              {"检查 PDF 超过时限，文件不公开。请拆分后重新上传。", "Checking the PDF took too long. Split it and send it again."},
	"pdf-too-complex":       {"PDF 过于复杂。请拆分或打印为 PDF 后重新上传。", "The PDF is too complex. Split it or print it to PDF and send it again."},
	"pdf-unreadable-text":   {"PDF 中的文字没有字符编码，无法检查。请用嵌入字体的方式重新导出。", "Text of the PDF cannot be read as characters. Export it again with its fonts."},
	"pictures-left-out":     {"文件中的图片不随文件公开，只保留文字和表格。请人工确认缺少图片后内容仍然完整，再决定是否公开。", "The pictures of the file are left behind; its text and tables are kept. A person must look whether it still says what it should."},
	"plain-text":            {"不接收纯文本文件。请另存为 DOCX，表格请另存为 CSV 或 XLSX。", "Plain text files are not accepted. Save it as DOCX, or as CSV or XLSX if it is a table."},
	"program":               {"不接收程序文件。", "Programs are not accepted."},
	"slides":                {"不支持演示文稿。请导出为 PDF 后重新上传。", "Slides are not supported. Export them as PDF and send them again."},
	"text-encoding":         {"文本编码无法识别。请另存为 UTF-8 编码的 CSV。", "The encoding of the text is not known. Save it as CSV in UTF-8."},
	"text-held":             {"文件中的文字需要人工处理，不能原样公开。", "Text of the file is held by the gate and cannot be published as it is."},
	"text-over-lines":       {"文件中的个人信息跨行或跨单元格，无法逐处打码。请在原文件中删除后重新上传。", "Personal data runs over lines or cells and cannot be masked place by place. Delete it in the source and send it again."},
	"too-large":             {"文件过大。请压缩图片或拆分后重新上传。", "The file is too large. Make its pictures smaller or split it."},
	"too-many":              {"附件过多，每件最多公开二十个。请合并或减少附件后重新上传。", "There are too many files: a case has at most 20. Join or leave out some and send them again."},
	"too-many-cells":        {"表格过大。请拆分后重新上传。", "The table is too large. Split it and send it again."},
	"too-many-pages":        {"PDF 页数过多。请拆分后重新上传。", "The PDF has too many pages. Split it and send it again."},
	"too-many-pixels":       {"图片像素过多。请缩小后重新上传。", "The picture has too many pixels. Make it smaller and send it again."},
	"too-much-text":         {"文件文字过多。请拆分后重新上传。", "The file holds too much text. Split it and send it again."},
	"type-mismatch":         {"文件内容与文件名后缀或声明的类型不符。请用办公软件另存为正确的格式。", "The content is not what the name or the stated type says. Save it in the right format."},
	"unknown-kind":          {"不支持这种文件。只接收 PDF、DOCX、XLSX、CSV、JPEG、PNG。", "This kind of file is not supported. PDF, DOCX, XLSX, CSV, JPEG and PNG are."},
	"unreadable":            {"文件无法读取。请另存后重新上传。", "The file cannot be read. Save it anew and send it again."},
}

// Explain returns one or two sentences in Chinese and in English for a code in
// [Result.Held], saying what is wrong and what to do. Codes that the gate itself
// gave are explained as text that needs a person.
func Explain(code string) (zh, en string) {
	s, ok := sentences[code]
	if !ok {
		s.zh, s.en = "文件中的文字有存疑之处，需要人工确认。", "Text of the file is doubtful and needs a person."
	}
	return s.zh, s.en
}
