// Package config reads the one configuration file of an installation. It is
// strict: an unknown key, a missing required value or a value of the wrong
// kind is refused with its line. Each setting is documented on its field, with
// its unit and default, and huiyin config prints that documentation.
//
// The section "sources" is handed on undecoded to its owner, package source, and the
// section "feeds" to package assemble, which knows the kinds of feed.
package config

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/huiyin/huiyin/generator/assess"
	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/record"
)

// Config is the whole file. Relative paths are relative to the file's folder.
type Config struct {
	Version   int       `yaml:"version" default:"1" doc:"format of this file; always 1"`
	State     string    `yaml:"state" default:"state" doc:"folder of everything Huiyin keeps: store, intake, releases, keys"`
	Key       string    `yaml:"key" default:"state/huiyin.key" doc:"file with the 32-byte key that seals what was received; readable by its owner only (mode 0600); made by huiyin init"`
	Inbox     string    `yaml:"inbox" default:"inbox" doc:"folder in which exports arrive"`
	Site      Site      `yaml:"site" doc:"who publishes, and where"`
	Sources   Section   `yaml:"sources" doc:"what is read and how its columns are mapped; see docs/mapping.md"`
	Feeds     Section   `yaml:"feeds" default:"[]" doc:"sources that grow, a list: what huiyin pull fetches into the folder feeds of the inbox before it reads that; see docs/feeds.md"`
	Intake    Intake    `yaml:"intake" doc:"how long what was received is kept"`
	Gate      Gate      `yaml:"gate" doc:"what may pass to the public"`
	Ranking   Ranking   `yaml:"ranking" doc:"how units are compared"`
	Deadlines Deadlines `yaml:"deadlines" doc:"when a case is due of which no due day is delivered; see docs/configuration.md"`
	Render    Render    `yaml:"render" doc:"how pages are rendered"`
	Release   Release   `yaml:"release" doc:"how releases are kept"`
	Export    Export    `yaml:"export" doc:"plain files for any web server"`
	Withdraw  Withdraw  `yaml:"withdraw" doc:"how a withdrawal is proved"`
	Backup    Backup    `yaml:"backup" doc:"where copies of everything go"`
	Alerts    Alerts    `yaml:"alerts" doc:"who is told when something is wrong"`
	Schedule  Section   `yaml:"schedule" doc:"when huiyin run does what; see docs/timetable.md"`
	Run       Run       `yaml:"run" doc:"how huiyin run is asked"`
	Search    Search    `yaml:"search" doc:"how the published cases are searched"`

	path string
	text string // of the file
}

// Site is the identity of the installation.
type Site struct {
	Name      string   `yaml:"name" required:"true" doc:"name of the site, shown on every page, such as 某市诉求公开"`
	NameEn    string   `yaml:"name_en" doc:"the same in English; default: the name"`
	BaseURL   string   `yaml:"base_url" required:"true" doc:"public address of the site with its sub-path, ending in a slash: https://www.example.gov.cn/zwgk/huiyin/"`
	Languages []string `yaml:"languages" default:"[en]" doc:"interface languages beside zh-CN"`
	Profile   string   `yaml:"profile" default:"" doc:"cn-gov switches on the meta tags and the footer that Chinese government sites must carry; then organiser, contact and site_code are required"`
	Domain    string   `yaml:"domain" doc:"host name for the SiteDomain tag; default: the host of base_url"`
	SiteCode  string   `yaml:"site_code" doc:"ten-digit site identification code (网站标识码)"`
	Organiser string   `yaml:"organiser" doc:"sponsoring body (主办单位)"`
	Operator  string   `yaml:"operator" doc:"operating body (承办单位)"`
	Contact   string   `yaml:"contact" doc:"public contact line or address of the operating body"`
	ICP       string   `yaml:"icp" doc:"ICP record number (备案号)"`
	Police    string   `yaml:"police_record" doc:"public-security record number (公安备案号)"`
}

// Intake is how long what was received is kept.
type Intake struct {
	KeepDays int `yaml:"keep_days" default:"1096" doc:"days for which the sealed original of a case is kept after its last change, once nothing of it waits for a reply or for a person; from 30 days, or 0 to keep all; under other rules of the gate what is published stands in for what is erased, and review records stay their three years all the same"`
}

// Gate is the part of the gate that an installation decides.
type Gate struct {
	Lines           map[string][]string `yaml:"lines" doc:"public telephone lines by unit identifier; they pass in that unit's cases only, as those in the register of units do"`
	ConsentRequired bool                `yaml:"consent_required" default:"false" doc:"withhold the text of a case whose export says nothing of its writer's consent; a consent that is refused always withholds it"`
	Hotlines        []string            `yaml:"hotlines" doc:"public lines of the whole installation, which pass everywhere; numbers of up to six digits need no entry"`
	Policy          string              `yaml:"policy" default:"" doc:"file with the rules of the gate: what is masked, sampled or held, by field and kind; huiyin gate policy prints the rules that hold without one"`
	Allow           string              `yaml:"allow" default:"" doc:"file with what may pass although it looks personal: public lines, addresses and officials, each with its unit, owner, reason and days; huiyin gate suggest adds to it"`
}

// Withdraw is how a withdrawal is proved.
type Withdraw struct {
	Ask []string `yaml:"ask" doc:"addresses under which readers reach the site, each ending in a slash, such as http://127.0.0.1:8080/zwgk/huiyin/; after a withdrawal each is asked for the page of the case until it is gone there as well, for at most ten seconds from the first answer; empty: none is asked"`
}

// Backup is where copies of everything go.
type Backup struct {
	Dir  string `yaml:"dir" default:"" doc:"folder for huiyin backup, on another disk or machine; the newest journal of withdrawals is kept there too; empty: none"`
	Keep int    `yaml:"keep" default:"14" doc:"backups that are kept, from 1 to 1000; the oldest beyond it are removed"`
}

// Alerts is who is told when something is wrong.
type Alerts struct {
	Mail       Mail    `yaml:"mail" doc:"by mail"`
	Webhook    Webhook `yaml:"webhook" doc:"by a request, signed as Standard Webhooks has it"`
	SilentDays int     `yaml:"silent_days" default:"3" doc:"days after which a source is told of that was not fetched whole, or has stated no newer day; an upstream that answers that it has nothing new is not silent; from 1 to 366"`
	QueueDays  int     `yaml:"queue_days" default:"7" doc:"days after which an entry that waits for a person is told of, from 1 to 366"`
	DiskFree   int     `yaml:"disk_free" default:"10" doc:"percentage of a disk below which little room is told of, from 1 to 90"`
}

// Mail is a mail server and who gets mail.
type Mail struct {
	Server       string   `yaml:"server" default:"" doc:"host name of the SMTP server; empty: no mail is sent"`
	Port         int      `yaml:"port" default:"587" doc:"its port"`
	From         string   `yaml:"from" default:"" doc:"address that mail comes from"`
	To           []string `yaml:"to" doc:"addresses that mail goes to"`
	User         string   `yaml:"user" default:"" doc:"name to sign in with; empty: none"`
	PasswordFile string   `yaml:"password_file" default:"" doc:"file with the password; readable by its owner only (mode 0600)"`
	Plain        bool     `yaml:"plain" default:"false" doc:"send without TLS, to a server on this machine; else STARTTLS is demanded"`
}

// Webhook is an address that alerts are posted to.
type Webhook struct {
	URL     string `yaml:"url" default:"" doc:"address that alerts are posted to as JSON; empty: none"`
	KeyFile string `yaml:"key_file" default:"" doc:"file with the key by which they are signed, whsec_ and base64; readable by its owner only (mode 0600)"`
}

// check says what is wrong with the section.
func (a Alerts) check() error {
	for _, s := range []struct {
		key        string
		value, max int
	}{{"silent_days", a.SilentDays, 366}, {"queue_days", a.QueueDays, 366}, {"disk_free", a.DiskFree, 90}} {
		if s.value < 1 || s.value > s.max {
			return bad("alerts."+s.key, fmt.Sprintf("is not from 1 to %d", s.max), "leave it out to have its default")
		}
	}
	if m := a.Mail; m.Server != "" && (m.From == "" || len(m.To) == 0 || m.Port < 1 || m.Port > 65535) {
		return bad("alerts.mail", "lacks from, to or a port", "say from whom mail comes and to whom it goes")
	}
	if w := a.Webhook.URL; w != "" {
		if u, err := url.Parse(w); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil {
			return bad("alerts.webhook.url", "is no address", "write it like https://hooks.example.gov.cn/huiyin")
		}
	}
	return nil
}

// Run is how the daemon is asked.
type Run struct {
	Listen   string `yaml:"listen" default:"127.0.0.1:8412" doc:"address on which huiyin run answers: health, metrics and, with keys, the republish API; empty: none"`
	Keys     string `yaml:"republish_keys" default:"" doc:"file with the keys of the republish API, one on a line and at most two; readable by its owner only (mode 0600); without it the API is not there; see docs/republish.md"`
	Triggers string `yaml:"triggers" default:"" doc:"folder in which a file ending in .json asks for a publication, as a request to the republish API does; see docs/republish.md"`
}

// Ranking is how units are compared; see docs/assessment.md.
type Ranking struct {
	Measures map[string]int64 `yaml:"measures" default:"{on-time-reply: 1}" doc:"rates that are compared, each with its weight from 1 to 1000; several are added up as a weighted mean, which every ranking prints; {} switches rankings off; the identifiers are those of the page on method; rates of what is published in full alone, such as ratings, are refused, since withdrawing a case could lift a unit"`
	Minimum  int64            `yaml:"minimum" default:"30" doc:"cases that a unit needs in the denominator of each measure to be ranked by itself; one with fewer is ranked through the unit above it"`
	Bands    []Band           `yaml:"bands" default:"[{id: first, zh: 好, en: Good, from: 95}, {id: second, zh: 较好, en: Fairly good, from: 85}, {id: third, zh: 一般, en: Fair, from: 70}, {id: last, zh: 待提升, en: To be improved, from: 0}]" doc:"the bands, the best first: identifier, name in both languages, and the lowest percentage that is in it, with up to two decimals"`
	Unknown  Percent          `yaml:"unknown" default:"20" doc:"the largest percentage of cases, of those that a measure asks of, that may be unknown; a unit with more is listed apart as incomplete and has no band"`
	Places   bool             `yaml:"places" default:"false" doc:"print ordinal places in each peer group; without them, bands alone are shown"`
}

// Band is one band of a ranking.
type Band struct {
	ID   string  `yaml:"id"`
	Zh   string  `yaml:"zh"`
	En   string  `yaml:"en"`
	From Percent `yaml:"from"`
}

// Percent is a percentage from 0 to 100 in hundredths of a percent, written with up to
// two decimals.
type Percent int64

// UnmarshalText reads the percentage.
func (p *Percent) UnmarshalText(b []byte) error {
	whole, part, point := strings.Cut(string(b), ".")
	n, err := strconv.ParseUint(whole+(part + "00")[:2], 10, 16)
	if err != nil || len(part) > 2 || point && part == "" || n > 10000 {
		return errors.New("a percentage looks like 95 or 97.5, from 0 to 100, with up to two decimals")
	}
	*p = Percent(n)
	return nil
}

// MarshalText writes the percentage without decimals that are nought.
func (p Percent) MarshalText() ([]byte, error) {
	s := strconv.FormatInt(int64(p/100), 10)
	if p%100 != 0 {
		s += "." + strings.TrimSuffix(fmt.Sprintf("%02d", p%100), "0")
	}
	return []byte(s), nil
}

// Rules returns the rules of rankings, which are none where no measure is named.
func (r Ranking) Rules() assess.RankRules {
	rules := assess.RankRules{Minimum: r.Minimum, Unknown: int64(r.Unknown), Places: r.Places}
	for _, m := range assess.Measures() {
		if w, ok := r.Measures[m.ID]; ok {
			rules.Measures = append(rules.Measures, assess.Weight{Measure: m.ID, Weight: w})
		}
	}
	for _, b := range r.Bands {
		rules.Bands = append(rules.Bands, assess.Band{ID: b.ID, Name: assess.Text{Zh: b.Zh, En: b.En}, From: int64(b.From)})
	}
	return rules
}

// check says what is wrong with the section.
func (r Ranking) check() error {
	if len(r.Measures) == 0 {
		return nil
	}
	rules := r.Rules()
	if len(rules.Measures) < len(r.Measures) {
		return bad("ranking.measures", "names a measure that there is none of", "the page on method lists the identifiers")
	}
	if err := rules.Check(); err != nil {
		return fault.Coded(fault.ExitConfig, "setting ranking: "+err.Error(), "docs/assessment.md explains the rules", nil)
	}
	return nil
}

// Deadlines is how due days are computed where none is delivered. Without a file of
// rules none is.
type Deadlines struct {
	Rules    string            `yaml:"rules" default:"" doc:"file with the rules, each with its track, step, days, legal basis and first day; empty: no due day is computed"`
	Holidays []string          `yaml:"holidays" doc:"files with the yearly holiday notices, one a year without a gap; needed where working days count; with them, the time from reply to publication is counted in working days too"`
	Channels map[string]string `yaml:"channels" doc:"the track on which cases are handled, by the identifier of the channel through which they came"`
	Default  string            `yaml:"default" default:"" doc:"the track of all other channels; empty: their cases have the due days that are delivered and no others"`
}

// check says what is wrong with the section.
func (d Deadlines) check() error {
	if d.Rules == "" {
		if len(d.Holidays) > 0 || len(d.Channels) > 0 || d.Default != "" {
			return bad("deadlines.rules", "is missing", "name the file of rules, or take the section out")
		}
		return nil
	}
	if len(d.Channels) == 0 && d.Default == "" {
		return bad("deadlines", "names no track", "set deadlines.default, or deadlines.channels for single channels")
	}
	for channel, track := range d.Channels {
		if !record.ValidID(channel) {
			return bad("deadlines.channels", "has a key that is not a channel identifier", "use the identifier in the address of the channel's page")
		}
		if !record.ValidID(track) {
			return bad("deadlines.channels", "names a track that is no word like xinfang", "use a track of the file of rules")
		}
	}
	return nil
}

// Render is how pages are rendered.
type Render struct {
	Workers int      `yaml:"workers" default:"2" doc:"number of rendering processes"`
	Memory  string   `yaml:"memory" default:"512MiB" doc:"soft memory limit of each rendering process, as a number with MiB or GiB"`
	Timeout Duration `yaml:"timeout" default:"2m" doc:"longest time for one partition of pages, in Go's notation; after it the partition is split and the page at fault is set aside"`
}

// Release is how releases are kept.
type Release struct {
	Keep int `yaml:"keep" default:"10" doc:"number of releases kept for rollback, from 2 to 100"`
}

// Export is the plain-file copy of the site.
type Export struct {
	Dir    string `yaml:"dir" default:"" doc:"folder that publish keeps up to date with plain files; empty: only huiyin export DIR writes files"`
	Search bool   `yaml:"search" default:"false" doc:"add an index and a script to the plain files, so that they can be searched on any web server, up to 100,000 cases published in full; as huiyin export --search does"`
}

// Search is how the published cases are searched.
type Search struct {
	Engine   string `yaml:"engine" default:"embedded" doc:"what holds the index: embedded (the folder search in the state folder), meilisearch (a Meilisearch server of your own), or none (no search)"`
	URL      string `yaml:"url" default:"" doc:"address of the Meilisearch server, such as http://127.0.0.1:7700"`
	KeyFile  string `yaml:"key_file" default:"" doc:"file with the key of the Meilisearch server that may change the index; readable by its owner only (mode 0600); made by huiyin index keys"`
	Index    string `yaml:"index" default:"cases" doc:"name of the index on the Meilisearch server, of letters, digits, hyphens and underscores; installations that share a server need one each"`
	Synonyms string `yaml:"synonyms" default:"" doc:"text file with names of offices that mean the same, one group a line, names parted by =, such as 住建局 = 住房和城乡建设局; they are added to those that Huiyin knows"`
}

// Engines that [Search] can name.
const (
	Embedded    = "embedded"
	Meilisearch = "meilisearch"
	NoSearch    = "none"
)

// Section is a part of the file that another package decodes: its YAML text,
// without the key that names it.
type Section []byte

// UnmarshalYAML keeps the text of the section, nothing of an empty one.
func (s *Section) UnmarshalYAML(b []byte) error {
	if *s = append((*s)[:0], b...); slices.Contains([]string{"{}", "[]"}, string(bytes.TrimSpace(b))) {
		*s = nil
	}
	return nil
}

// Duration is a time span written as Go does: 90s, 2m, 1h30m.
type Duration time.Duration

// UnmarshalText reads the span.
func (d *Duration) UnmarshalText(b []byte) error {
	v, err := time.ParseDuration(string(b))
	if err != nil || v <= 0 {
		return errors.New("a time span looks like 90s, 2m or 1h30m")
	}
	*d = Duration(v)
	return nil
}

// MarshalText writes the span without parts that are nought: 2m, not 2m0s.
func (d Duration) MarshalText() ([]byte, error) {
	s := time.Duration(d).String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return []byte(s), nil
}

// Load reads the file at path, fills in the defaults and checks every value.
func Load(path string) (*Config, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fault.Coded(fault.ExitConfig, "there is no configuration at "+path, "run huiyin init in an empty folder, or name the file with --config", err)
	}
	if err != nil {
		return nil, fault.Coded(fault.ExitConfig, "the configuration "+path+" cannot be read", "check the permissions of the file", err)
	}
	c, err := Parse(b)
	if err != nil {
		var f *fault.Error
		if errors.As(err, &f) {
			return nil, fault.Coded(fault.ExitConfig, path+": "+f.Msg, f.Hint, f.Err)
		}
		return nil, err
	}
	if c.path, err = filepath.Abs(path); err != nil {
		return nil, err
	}
	return c, nil
}

// Parse reads the text of a configuration as [Load] does. Relative paths stay
// relative to the working directory.
func Parse(b []byte) (*Config, error) {
	b = bytes.TrimPrefix(b, []byte("\ufeff")) // which some editors put before UTF-8
	if len(bytes.TrimSpace(b)) == 0 {
		return nil, fault.Coded(fault.ExitConfig, "the configuration is empty", "huiyin config --doc prints one to fill in", nil)
	}
	c := Default()
	if err := yaml.UnmarshalWithOptions(b, c, yaml.Strict()); err != nil {
		if msg, hint, ok := wrongKind(b, err); ok {
			return nil, fault.Coded(fault.ExitConfig, "the configuration is not valid: "+msg, hint, err)
		}
		// The excerpt that FormatError adds would print secrets-to-be; the
		// first line has the position and the reason.
		first, _, _ := strings.Cut(yaml.FormatError(err, false, false), "\n")
		return nil, fault.Coded(fault.ExitConfig, "the configuration is not valid: "+first, "huiyin config --doc lists every setting", err)
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	c.text = string(b)
	return c, nil
}

// bad is the error of a setting.
func bad(key, why, hint string) error {
	return fault.Coded(fault.ExitConfig, "setting "+key+" "+why, hint, nil)
}

// siteAddress reports whether s is an address below which the pages of a site can be.
func siteAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && strings.HasSuffix(u.Path, "/") && u.RawQuery == "" && u.Fragment == "" && u.User == nil
}

func (c *Config) check() error {
	if c.Inbox == "" || c.State == "" || c.Key == "" {
		return bad("inbox, state or key", "is empty", "leave the setting out to have its default")
	}
	if c.Version != 1 {
		return bad("version", "is not 1", "this program reads version 1 of the configuration")
	}
	if c.Site.Name == "" {
		return bad("site.name", "is missing", "name the site as its visitors know it")
	}
	if !siteAddress(c.Site.BaseURL) {
		return bad("site.base_url", "is not an address that ends in a slash", "write it like https://www.example.gov.cn/zwgk/huiyin/")
	}
	for _, a := range c.Withdraw.Ask {
		if !siteAddress(a) {
			return bad("withdraw.ask", "names something that is no address that ends in a slash", "write it like http://127.0.0.1:8080/zwgk/huiyin/")
		}
	}
	switch c.Site.Profile {
	case "":
	case "cn-gov":
		for _, s := range []struct{ key, value string }{{"organiser", c.Site.Organiser}, {"contact", c.Site.Contact}, {"site_code", c.Site.SiteCode}} {
			if s.value == "" {
				return bad("site."+s.key, "is missing", "the profile cn-gov requires it; see docs/configuration.md")
			}
		}
	default:
		return bad("site.profile", "is neither empty nor cn-gov", "leave it out, or write cn-gov")
	}
	for _, l := range c.Site.Languages {
		if l != "en" {
			return bad("site.languages", "names a language that the theme has no labels for", "the theme speaks zh-CN and en")
		}
	}
	for id := range c.Gate.Lines {
		if !record.ValidID(id) {
			return bad("gate.lines", "has a key that is not a unit identifier", "use the identifier in the address of the unit's page")
		}
	}
	if k := c.Intake.KeepDays; k != 0 && (k < 30 || k > 36_500) {
		return bad("intake.keep_days", "is neither 0 nor between 30 and 36500", "1096 days are three years; 0 keeps everything")
	}
	if c.Render.Workers < 1 || c.Render.Workers > 64 {
		return bad("render.workers", "is not between 1 and 64", "two for each two processor cores is a good start")
	}
	if _, err := c.Render.Bytes(); err != nil {
		return bad("render.memory", "is not a size", "write it like 512MiB or 2GiB")
	}
	if c.Render.Timeout <= 0 {
		return bad("render.timeout", "is not a time span", "write it like 2m")
	}
	if err := c.Search.check(); err != nil {
		return err
	}
	if err := c.Ranking.check(); err != nil {
		return err
	}
	if err := c.Deadlines.check(); err != nil {
		return err
	}
	if err := c.Alerts.check(); err != nil {
		return err
	}
	if c.Backup.Keep < 1 || c.Backup.Keep > 1000 {
		return bad("backup.keep", "is not from 1 to 1000", "leave it out to keep 14 backups")
	}
	if c.Release.Keep < 2 || c.Release.Keep > 100 {
		return bad("release.keep", "is not between 2 and 100", "10 is a good number")
	}
	return nil
}

// check says what is wrong with the section.
func (s Search) check() error {
	switch s.Engine {
	case Embedded, NoSearch:
		return nil
	case Meilisearch:
	default:
		return bad("search.engine", "is neither embedded, meilisearch nor none", "leave it out for the embedded engine")
	}
	u, err := url.Parse(s.URL)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return bad("search.url", "is not the address of a server", "write it like http://127.0.0.1:7700; the key has a file of its own, search.key_file")
	}
	if s.KeyFile == "" {
		return bad("search.key_file", "is missing", "name a file, such as state/search.key; huiyin index keys makes it")
	}
	if s.Index == "" || len(s.Index) > 200 || strings.Trim(s.Index, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") != "" {
		return bad("search.index", "is not of letters, digits, hyphens and underscores", "leave it out to have cases")
	}
	return nil
}

// Bytes returns the memory limit in bytes.
func (r Render) Bytes() (int64, error) {
	for unit, n := range map[string]int64{"MiB": 1 << 20, "GiB": 1 << 30} {
		if s, ok := strings.CutSuffix(r.Memory, unit); ok {
			var v int64
			for _, d := range []byte(s) {
				if d < '0' || d > '9' || v > 1<<20 {
					return 0, errors.New("not a whole number")
				}
				v = v*10 + int64(d-'0')
			}
			if v*n < 128<<20 {
				return 0, errors.New("under 128MiB")
			}
			return v * n, nil
		}
	}
	return 0, errors.New("no unit")
}

// Path returns p as an absolute path: relative paths are relative to the
// folder of the configuration file.
func (c *Config) Path(p string) string {
	if p == "" || filepath.IsAbs(p) || c.path == "" {
		return p
	}
	return filepath.Join(filepath.Dir(c.path), p)
}

// StatePath returns the path of a file or folder within the state folder.
func (c *Config) StatePath(elem ...string) string {
	return filepath.Join(append([]string{c.Path(c.State)}, elem...)...)
}

// File returns the path of the configuration file.
func (c *Config) File() string { return c.path }

// Dir returns the folder of the configuration file.
func (c *Config) Dir() string { return filepath.Dir(c.path) }
