package record

import "fmt"

// The addresses of the site, relative to its root and without a leading slash.
// They are permanent: a page keeps its address when its unit, topic or kind
// changes, and no address depends on the time of publication.

// CasePath is the page of a case, of its stub, or of its tombstone.
func CasePath(n CaseNumber) string { return "case/" + string(n) + ".html" }

// UnitPath is the page of a unit.
func UnitPath(id UnitID) string { return "unit/" + string(id) + ".html" }

// UnitListPath is the n-th page, from 1, of a unit's cases in the order of
// their numbers.
func UnitListPath(id UnitID, n int) string { return fmt.Sprintf("unit/%s/%d.html", id, n) }

// AreaPath is the home page of an area's edition.
func AreaPath(code AreaCode) string { return "area/" + string(code) + "/index.html" }

// MonthPath is the page of the cases received in a month.
func MonthPath(m Month) string { return "month/" + m.String() + ".html" }

// MonthListPath is the n-th page, from 1, of a month's cases in the order of
// their numbers. Page n holds running numbers 100(n-1)+1 to 100n, so that a
// page's contents never move to another.
func MonthListPath(m Month, n int) string { return fmt.Sprintf("month/%s/%d.html", m, n) }

// ListSize is the number of cases on one list page.
const ListSize = 100

// TopicPath is the page of a topic.
func TopicPath(id TopicID) string { return "topic/" + string(id) + ".html" }

// ChannelPath is the page of a channel.
func ChannelPath(id ChannelID) string { return "channel/" + string(id) + ".html" }

// The pages that stand alone.
const (
	HomePath       = "index.html"
	AreasPath      = "areas.html"
	UnitsPath      = "units.html"
	MonthsPath     = "months.html"
	TopicsPath     = "topics.html"
	ChannelsPath   = "channels.html"
	BreakdownsPath = "breakdowns.html"
	AboutPath      = "about.html"
	MethodPath     = "method.html"
	PrivacyPath    = "privacy.html"
	SiteMapPath    = "site-map.html"
	NotFoundPath   = "404.html"
	GonePath       = "410.html"
	RobotsPath     = "robots.txt"
	SitemapIndex   = "sitemap.xml"
	FeedPath       = "feed.atom"
)

// UnitFeedPath and AreaFeedPath are the Atom feeds of one unit and one area.
func UnitFeedPath(id UnitID) string { return "unit/" + string(id) + ".atom" }

// AreaFeedPath is the Atom feed of an area.
func AreaFeedPath(code AreaCode) string { return "area/" + string(code) + "/feed.atom" }

// RankingsPath is the page that leads to every ranking, RankingPath the ranking of one
// period: a month stands for the twelve months that end with it. asItIs is the view in
// which merged units count for their successors.
const RankingsPath = "rankings.html"

// RankingPath is the page of a ranking.
func RankingPath(p Period, asItIs bool) string {
	if asItIs {
		return "ranking/" + p.Name() + "-as-it-is.html"
	}
	return "ranking/" + p.Name() + ".html"
}

// BulletinPath is the page of the report of a month that is over (通报).
func BulletinPath(m Month) string { return "bulletin/" + m.String() + ".html" }

// RestatedPath is the page of the figures that were published and are others now.
const RestatedPath = "restatements.html"

// RestatedPart is a part of the log of restatements: the page of the release that showed
// them first, by its cut-off, or the list of a year before.
func RestatedPart(of string) string { return "restatements/" + of + ".html" }

// TakedownsPath is the log of cases that were withdrawn, reinstated, corrected for a reason
// or merged.
const TakedownsPath = "takedowns.html"

// AccountabilityPath is the page of what was done about units.
const AccountabilityPath = "accountability.html"

// AssessmentsPath is the page of the results that evaluating bodies delivered, of the
// latest year that there are any of.
const AssessmentsPath = "assessments.html"

// AssessmentsPart is the page of the results of a year before.
func AssessmentsPart(year string) string { return "assessments/" + year + ".html" }

// QualitiesPath is the page of notes on the data of all units, and of what each note means.
const QualitiesPath = "quality.html"

// QualityPath is the page of notes on the data of a unit.
func QualityPath(id UnitID) string { return "unit/" + string(id) + "/quality.html" }

// PromisesPath is the page of the commitments that replies made.
const PromisesPath = "promises.html"

// UnitPromisesPath is the page of the commitments of a unit, where it has any.
func UnitPromisesPath(id UnitID) string { return "unit/" + string(id) + "/promises.html" }

// DataPath is the page that lists the data files, and what each holds.
const DataPath = "data.html"

// DataFile is a data file: the table, and a part of it such as a month, or "" for the
// whole.
func DataFile(table, part string) string {
	if part == "" {
		return "data/" + table + ".csv"
	}
	return "data/" + table + "/" + part + ".csv"
}

// InLanguage returns path in the interface language lang: the office's own
// language, given as "", has no prefix.
func InLanguage(lang, path string) string {
	if lang == "" {
		return path
	}
	return lang + "/" + path
}
