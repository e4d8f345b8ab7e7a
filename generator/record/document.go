package record

import "slices"

// The kinds of record beside cases. All of them pass the gate like cases do.

// Assessment is a result as delivered by an evaluating body (考核结果); it is
// shown beside Huiyin's own figures and never merged with them.
type Assessment struct {
	ID         string     `json:"id"`
	Unit       UnitID     `json:"unit,omitempty"`
	Area       AreaCode   `json:"area,omitempty"`
	Period     Period     `json:"period"`
	Assessor   string     `json:"assessor"`
	Method     string     `json:"method,omitempty"`
	ThirdParty Tri        `json:"third_party"`
	Scores     []Score    `json:"scores"`
	Sample     *Sample    `json:"sample,omitempty"`
	Issued     Day        `json:"issued"`
	Document   DocumentID `json:"document,omitempty"`

	// Missing names, sorted, the parts that were delivered and could not be used, by
	// field of the mapping, such as "scores".
	Missing []string `json:"missing,omitempty"`
}

// Astray reports whether what it is a result of was delivered and could not be used, such as
// a name that no register has. It is then of nothing that is known, and not of the whole site.
func (a *Assessment) Astray() bool {
	return a.Unit == "" && (slices.Contains(a.Missing, "unit") || a.Area == "" && slices.Contains(a.Missing, "area"))
}

// Score is one dimension of an assessment. Value is a decimal as delivered.
type Score struct {
	Dimension string `json:"dimension"`
	Value     string `json:"value"`
	Max       string `json:"max,omitempty"`
}

// Sample is the draw behind a third-party assessment, as its assessor delivered it, and
// what the panel said of the cases drawn. Package assess/sample explains the draw.
type Sample struct {
	Cases        string       `json:"cases,omitempty"` // full or rows: which cases the frame holds
	By           string       `json:"by,omitempty"`    // unit or kind, where the frame is divided
	Committed    Day          `json:"committed"`
	SeedSHA256   string       `json:"seed_sha256,omitempty"`
	Seed         string       `json:"seed,omitempty"`
	Frame        Count        `json:"frame"` // cases in it
	FrameSHA256  string       `json:"frame_sha256,omitempty"`
	Drawn        []CaseNumber `json:"drawn,omitempty"` // sorted
	Panel        []PanelPart  `json:"panel,omitempty"`
	Rubric       string       `json:"rubric,omitempty"` // its text
	RubricSHA256 string       `json:"rubric_sha256,omitempty"`
	Scale        RatingScale  `json:"scale,omitempty"` // of Scores
	Scores       []PanelScore `json:"scores,omitempty"`
}

// PanelPart is a category of the people on a panel, such as residents, without names.
type PanelPart struct {
	Category string `json:"category"`
	Members  int    `json:"members"`
}

// PanelScore is how one category of a panel judged a case, from 1, the worst.
type PanelScore struct {
	Number   CaseNumber `json:"number"`
	Category string     `json:"category"` // of Panel
	Level    int8       `json:"level"`
}

// DocumentID names a published document. Same alphabet as [UnitID].
type DocumentID string

// Document is what all published texts share.
type Document struct {
	ID        DocumentID `json:"id"`
	Title     string     `json:"title"`
	Unit      UnitID     `json:"unit,omitempty"`
	Area      AreaCode   `json:"area,omitempty"`
	Published Day        `json:"published"`
	Updated   Day        `json:"updated"`
	Body      string     `json:"body,omitempty"`
}

// Supervision is a step taken over a case or a unit (督办).
type Supervision struct {
	Day    Day    `json:"day"`
	By     UnitID `json:"by,omitempty"`
	What   string `json:"what"`
	Result string `json:"result,omitempty"`
}

// Special is a drive on one subject (专项). Appraisal is a yearly examination
// (考评).
type (
	Special struct {
		Document
		Topic TopicID `json:"topic,omitempty"`
	}
	Appraisal struct {
		Document
		Year int `json:"year"`
	}
)

// Accountability is an entry of 问责: 约谈, 诫勉谈话, 效能问责, 曝光 or 扣分.
type Accountability struct {
	ID      string `json:"id"`
	Unit    UnitID `json:"unit"`
	Trigger string `json:"trigger"`
	Measure string `json:"measure"`
	Day     Day    `json:"day"`
	Basis   string `json:"basis,omitempty"`
}

// Dialogue is an online interview (在线访谈), Consultation a call for opinions
// (征集调查), Response an answer to public concern (回应关切), Column a standing
// series (专栏) and ThankYou a letter of thanks (表扬感谢).
type (
	Dialogue     struct{ Document }
	Consultation struct {
		Document
		Closes Day `json:"closes"`
	}
	Response struct{ Document }
	Column   struct{ Document }
	ThankYou struct{ Document }
)

// Disclosure is a piece of open government information (政府信息) and
// Interprets, where set, the document that it explains (解读).
type Disclosure struct {
	Document
	Index      string     `json:"index,omitempty"`  // 索引号
	Symbol     string     `json:"symbol,omitempty"` // 发文字号
	Topic      string     `json:"topic,omitempty"`  // 主题分类
	Summary    string     `json:"summary,omitempty"`
	Created    Day        `json:"created"`            // 成文日期
	Validity   string     `json:"validity,omitempty"` // 有效性
	Interprets DocumentID `json:"interprets,omitempty"`
}

// AnnualReport is a unit's yearly report on open government (年度报告): Cells
// holds its tables, keyed by row and column code.
type AnnualReport struct {
	Document
	Year  int               `json:"year"`
	Cells map[string]string `json:"cells,omitempty"`
}

// Application is a count line of disclosure on request (依申请公开); Account is an
// official account (政务新媒体); ServiceItem is a public service (办事事项).
type (
	Application struct {
		Unit   UnitID           `json:"unit"`
		Period Period           `json:"period"`
		Counts map[string]Count `json:"counts"`
	}
	Account struct {
		Unit     UnitID `json:"unit"`
		Name     string `json:"name"`
		Platform string `json:"platform"`
	}
	ServiceItem struct {
		Document
		Code string `json:"code,omitempty"`
	}
)
