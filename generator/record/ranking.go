package record

// FirstRanking is what the ranking of a period, as it was, said when it was first
// published. It is kept for good: the page of the period shows where today's differs.
type FirstRanking struct {
	Period  Period      `json:"period"`
	Cutoff  Day         `json:"cutoff"`
	Release int         `json:"release"`
	Lines   []FirstLine `json:"lines"` // by unit
}

// FirstLine is a unit in it. What it says is about a unit and its cases in number alone.
type FirstLine struct {
	Unit     UnitID       `json:"unit"`
	Standing string       `json:"standing"`          // ranked, through, or why it has no band
	Through  UnitID       `json:"through,omitempty"` // of one that is ranked through another: that one
	Band     string       `json:"band,omitempty"`    // identifier, and the names that it then had
	BandZh   string       `json:"band_zh,omitempty"`
	BandEn   string       `json:"band_en,omitempty"`
	Place    int          `json:"place,omitempty"`
	Score    string       `json:"score,omitempty"`
	Notice   string       `json:"notice,omitempty"`
	Counts   []FirstCount `json:"counts"` // in the order of what was compared
}

// FirstCount is one measure of it.
type FirstCount struct {
	Measure string `json:"measure"`
	Version int    `json:"version"`
	Rate
	Unknown int64 `json:"unknown,omitempty"`
}
