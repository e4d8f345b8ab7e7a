package source

// Mapping says how the exports of an office become raw records. It is the
// section "sources" of the configuration; [DecodeMapping] reads it.
// docs/mapping.md explains every part with examples.
//
// A mapping is data: it is not changed after it was decoded, and may be shared
// between goroutines.
type Mapping struct {
	// Zone is the time zone of times that state none: an offset such as "+08:00"
	// or a name such as "America/New_York". Default "+08:00".
	Zone string `yaml:"zone"`

	// Missing lists cell texts that mean "nothing", beside the built-in ones:
	// - -- — —— / 无 N/A NA NULL null None #N/A. Default none.
	Missing Strings `yaml:"missing"`

	// Registers says how names of units, areas, topics and channels are found.
	Registers Registers `yaml:"registers"`

	// Limits bound what one file may cost. Defaults stand at each.
	Limits Limits `yaml:"limits"`

	// Inputs lists the kinds of file that are read. At least one.
	Inputs []Input `yaml:"inputs"`
}

// Registers holds the rules for the four registers that cases point into.
type Registers struct {
	Unit    Register `yaml:"unit"`
	Area    Register `yaml:"area"`
	Topic   Register `yaml:"topic"`
	Channel Register `yaml:"channel"`
}

// Register says how a name or code in an export finds its entry. The entries
// themselves come from inputs of the register's kind.
type Register struct {
	// Aliases leads from a spelling in the exports to the name or code meant.
	// Default none.
	Aliases Table `yaml:"aliases"`

	// AliasFile is a table with the same meaning, without header: spelling, name
	// or code. A path below the drop folder, or an absolute one. Default none.
	AliasFile string `yaml:"alias_file"`

	// Unlisted says what becomes of a name that no entry has: "derive" makes an
	// entry of it, "flag" leaves the field out and reports it. Default "derive".
	Unlisted string `yaml:"unlisted"`
}

// Limits bound what one file may cost, so that a broken or hostile file is
// refused before it harms. Zero means the default.
type Limits struct {
	// Cell is the longest text of a cell that is taken, in bytes; a longer one is
	// set aside and its row kept. Default 1048576 (1 MiB).
	Cell int `yaml:"cell"`
	// Row is the longest row, line or JSON element that is held, in bytes; a
	// longer one damages the file. Default 33554432 (32 MiB).
	Row int `yaml:"row"`
	// Rows is the largest number of rows in a file or sheet. Default 5000000.
	Rows int `yaml:"rows"`
	// Unpacked is the largest size of a file after unpacking, in bytes. Default
	// 4294967296 (4 GiB).
	Unpacked int64 `yaml:"unpacked"`
	// Ratio is the highest ratio of unpacked to packed size that is believed once
	// 16 MiB have been unpacked. Default 200.
	Ratio int64 `yaml:"ratio"`
	// Strings is the largest size of the string table of a workbook and of a
	// packed workbook itself, both of which are held in memory, in bytes. Default
	// 268435456 (256 MiB).
	Strings int64 `yaml:"strings"`
	// File is the largest size of an attachment, in bytes. Default 16777216
	// (16 MiB).
	File int64 `yaml:"file"`
	// Files is the largest size of all attachments of a case together, in bytes.
	// Default 33554432 (32 MiB).
	Files int64 `yaml:"files"`
}

// Input is one kind of file: which files it is, how to read them, and which
// column becomes which field.
type Input struct {
	// Stream names the input in a join: two inputs whose rows have the same keys
	// and different streams are merged by intake. Where they contradict each other the
	// newer as-of day counts, and of equal days the input that stands first. Letters,
	// digits and hyphens. Default: the name of the feed that Glob reads (feeds/NAME/),
	// else the kind.
	Stream string `yaml:"stream"`

	// Kind is what a row is about: case, unit, area, topic, channel, assessment or
	// accountability. Default "case".
	Kind Kind `yaml:"kind"`

	// Glob lists patterns of file names: * any text, ? one character, {a,b} one
	// of several, ** any folders. A pattern without a slash is compared with the
	// base name, one with a slash with the path below the drop folder; a packed
	// file matches by its outer name, by its inner name, or by both with "!"
	// between. Letter case does not matter. Required, unless File is set.
	Glob Strings `yaml:"glob"`

	// File is the path of a register outside the drop folder (or below it). It is
	// looked names up in and is no batch: only entries that cases name are
	// published. Only for unit, area, topic and channel.
	File string `yaml:"file"`

	// Format overrides what the content says: csv, xlsx, html, json or jsonl. All
	// kinds of separated text are "csv". Default: by content.
	Format string `yaml:"format"`

	// Encoding overrides what the content says: utf-8, gb18030, big5, utf-16le,
	// utf-16be or windows-1252. Default: by content.
	Encoding string `yaml:"encoding"`

	// Delimiter overrides what the content says: one character, or "tab".
	// Default: by content, one of , ; tab |.
	Delimiter string `yaml:"delimiter"`

	// Quotes says whether a cell may stand in double quotation marks: "double" or
	// "none". Default "double".
	Quotes string `yaml:"quotes"`

	// Sheet lists patterns of sheet names, or numbers from 1. For an HTML file,
	// which has no names, the number of the table. Default: every visible sheet
	// in which the key column is found.
	Sheet Strings `yaml:"sheet"`

	// Header is the row of the column names: a number from 1, two numbers for a
	// header of several rows ("3-4"), "none" when there is no header and columns
	// are named 1, 2, 3..., or "auto": the row among the first thirty that names
	// most of the mapped columns. Default "auto".
	Header string `yaml:"header"`

	// Footer lists words that open a closing line, beside 合计, 总计, 制表人, 注 and
	// the like. Such a line is left out when few of its cells are filled. Default
	// none.
	Footer Strings `yaml:"footer"`

	// Rows is the path to the rows in a JSON file, such as "data.list" or
	// "units.*.cases.*". Default: the array at the top.
	Rows string `yaml:"rows"`

	// Cell says that the rows are JSON inside a column of a table. Default: they
	// are the rows of the table.
	Cell *Cell `yaml:"cell"`

	// AsOf says where the export states its as-of day. Default: it does not.
	AsOf *AsOf `yaml:"as_of"`

	// Key is the office's own number of the case, or the code of a register
	// entry. Required but for registers; a register entry without one is
	// known by its name.
	Key *Column `yaml:"key"`

	// Repeat says what becomes of rows with the same key and other content in
	// one file: "last" takes the last and sets the others aside, "first" the
	// first, "refuse" none of them. Rows that are the same count once. Default
	// "last".
	Repeat string `yaml:"repeat"`

	// Gone says which rows mean that a case was withdrawn. Default none.
	Gone *Gone `yaml:"gone"`

	// Skip lists conditions; a row that meets one of them is left out, uncounted.
	// Default none.
	Skip []Condition `yaml:"skip"`

	// Only lists conditions; a row that does not meet all of them is left out,
	// uncounted. Default none.
	Only []Condition `yaml:"only"`

	// Partial says that JSON rows carry only what has changed: a name that a row
	// lacks says nothing. Default false: it is known to be empty.
	Partial bool `yaml:"partial"`

	// Levels makes a register from columns that hold a path: each list is one
	// level from the top, such as [一级分类, 二级分类, 三级分类]. Default none.
	Levels []Strings `yaml:"levels"`

	// Children is the name under which a JSON entry of a register holds the
	// entries below it, such as "children". Default none.
	Children string `yaml:"children"`

	// OnlyNamed says that of this register only the entries that cases name, and
	// those above them, are published. Default false.
	OnlyNamed bool `yaml:"only_named"`

	// Folder is the folder of the files that the field attachments names, beside
	// the export: a path below the folder or, inside of an archive, below the place
	// in which the export lies. Nothing in it is taken for an export. Required with
	// the field attachments.
	Folder string `yaml:"folder"`

	// Fields says for each field of the record where its value comes from. A
	// field that is not listed is not carried by this export, and says nothing.
	Fields map[string]Column `yaml:"fields"`
}

// Cell names the column that holds JSON and the rows in it.
type Cell struct {
	Column Strings `yaml:"column"` // names of the column, the first present is taken. Required
	Rows   string  `yaml:"rows"`   // path to the rows, such as "body.*". Default: the whole cell is one row, or an array of rows
}

// AsOf says where an export states the day on which it stands.
type AsOf struct {
	// Name is a regular expression on the file's path below the drop folder; its
	// first group is the day. Default none.
	Name string `yaml:"name"`
	// Head is a regular expression on the cells of the first thirty rows, or on
	// the _meta line of JSON Lines; its first group is the day. Default none.
	Head string `yaml:"head"`
	// Path is the path to the day in a JSON file. Default none.
	Path string `yaml:"path"`
	// Dates lists the layouts of the day. Default "auto".
	Dates Strings `yaml:"dates"`
	// Optional says that a file which does not state the day is taken, with the
	// day of pull --as-of or of receipt. Default false: it is refused.
	Optional bool `yaml:"optional"`
}

// Gone says which rows are tombstones: the case that they name is withdrawn.
type Gone struct {
	All  bool        `yaml:"all"`  // the whole input is a list of withdrawn cases. Default false
	When []Condition `yaml:"when"` // a row that meets one of these is a tombstone. Default none
}

// Condition is a question about one row. Exactly one of Equals, Match and Empty
// is set.
type Condition struct {
	Column Strings `yaml:"column"` // names or paths, the first present is taken. Required
	Equals Strings `yaml:"equals"` // the value is one of these, without regard to width and letter case
	Match  string  `yaml:"match"`  // the value matches this regular expression
	Empty  bool    `yaml:"empty"`  // the value is empty or a missing marker
	Not    bool    `yaml:"not"`    // turns the answer round. Default false
}

// Column says where the value of a field comes from and how it is read. In
// YAML a text stands for Column{Column: text}, a list of texts for its aliases.
type Column struct {
	// Column lists names of the column, of which the first present is taken, or
	// paths into a JSON row: a.b, a.0.b, a.-1.b (the last), a.*.b (all). A name
	// may also be @file, @sheet, @row or, in JSON, @key (the name under which the
	// row stands) and ^name (of the enclosing element). Width, letter case and
	// spaces of names do not matter.
	Column Strings `yaml:"column"`
	// Const is the value itself.
	Const *string `yaml:"const"`
	// Template joins columns: "{街道} {社区}". Empty columns give nothing.
	Template string `yaml:"template"`
	// Any lists further specifications; the first that gives a value is taken.
	Any []Column `yaml:"any"`
	// Digest lists columns that together make a key where the export has none:
	// the value is a hash of their contents.
	Digest Strings `yaml:"digest"`

	// HTML says that the text is HTML: tags go, blocks become lines. Default false.
	HTML bool `yaml:"html"`
	// Extract lists regular expressions (RE2); the value becomes the first group
	// of the first that matches, or the whole match when it has no group. When
	// none matches the value is empty.
	Extract Strings `yaml:"extract"`
	// Missing lists texts that mean "nothing" in this column, beside the general
	// ones.
	Missing Strings `yaml:"missing"`
	// Values leads from a word of the export to ours. A key between slashes is a
	// regular expression. Width and letter case do not matter.
	Values Table `yaml:"values"`
	// Other says what becomes of a word that Values lacks: "flag" leaves the field
	// out and reports it, "reject" sets the row aside, "empty" reads it as empty,
	// "keep" takes it as it stands (texts and names only), or one of the field's
	// own words. Default "flag"; "keep" for texts and names.
	Other string `yaml:"other"`
	// Match is a regular expression that the value must match, or it is set aside
	// (the row, for a key). Default none.
	Match string `yaml:"match"`

	// Dates lists layouts, each written with Go's reference time or with letters:
	// "01/02/2006 03:04:05 PM", "YYYY年M月D日", or one of "auto" (year first, in
	// any usual form), "excel", "unix", "unix-ms". Dates of a workbook and ISO
	// times are always understood. Default "auto".
	Dates Strings `yaml:"dates"`
	// Zone is the time zone of this column. Default: that of the mapping.
	Zone string `yaml:"zone"`
	// Day says that the time of day means nothing and is dropped. Default false.
	Day bool `yaml:"day"`

	// Split is a regular expression between the items of a list. Default
	// [、，,;；|\n].
	Split string `yaml:"split"`
	// Join stands between several values of one path. Default a line break.
	Join *string `yaml:"join"`

	// As says what a reference is: a "code" or a "name". Default "name"; for
	// areas six to twelve digits are always a code.
	As string `yaml:"as"`
	// Name gives the name of an entry that is made from a code. Default the code.
	Name *Column `yaml:"name"`

	// Each is the path to the items of a JSON field (timeline, dispatches,
	// supervisions) in a JSON row, and Item their members. Default none.
	Each string            `yaml:"each"`
	Item map[string]Column `yaml:"item"`
	// Items lists the items of a JSON field one by one, such as one score a
	// column. Default none.
	Items []map[string]Column `yaml:"items"`

	// Required says that a file without this column is refused. Default false:
	// the field is then not carried.
	Required bool `yaml:"required"`
}
