package intake

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"

	"github.com/huiyin/huiyin/generator/source"
)

// aggregateOnly are the fields that are counted here and go no further, each
// with the function that names the bucket of a value. A bucket is one of a few
// fixed words: no text of a citizen is kept.
var aggregateOnly = []struct {
	field  string
	bucket func(string) string
}{
	{source.FieldRatingComment, commentBucket},
	{source.FieldAge, ageBucket},
	{source.FieldSex, sexBucket},
	{source.FieldPetitionHistory, historyBucket},
}

const (
	bucketEmpty = "empty" // known to be empty
	bucketOther = "other" // a value that is not understood
	separator   = "\x1f"
)

func commentBucket(s string) string {
	if strings.TrimSpace(s) == "" {
		return bucketEmpty
	}
	return "given"
}

func ageBucket(s string) string {
	s = strings.TrimSpace(s)
	if s == "" {
		return bucketEmpty
	}
	n, err := strconv.ParseUint(strings.TrimSuffix(s, "岁"), 10, 8)
	if err != nil || n > 130 {
		return bucketOther
	}
	for _, b := range []struct {
		below uint64
		name  string
	}{{18, "0-17"}, {30, "18-29"}, {45, "30-44"}, {60, "45-59"}, {75, "60-74"}} {
		if n < b.below {
			return b.name
		}
	}
	return "75+"
}

func sexBucket(s string) string {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "":
		return bucketEmpty
	case "男", "male", "m":
		return "male"
	case "女", "female", "f":
		return "female"
	}
	return bucketOther
}

func historyBucket(s string) string {
	s = strings.TrimSpace(s)
	switch s {
	case "":
		return bucketEmpty
	case "no", "否", "无":
		return "0"
	case "yes", "是", "有":
		return "some"
	}
	n, err := strconv.ParseUint(strings.TrimSuffix(s, "次"), 10, 16)
	switch {
	case err != nil:
		return bucketOther
	case n < 2:
		return strconv.Itoa(int(n))
	case n < 5:
		return "2-4"
	}
	return "5+"
}

// takeAggregates removes the aggregate-only fields from fields and returns what
// is to be counted of them: the month of receipt and a field=bucket for each,
// or nil when there is nothing to count.
func takeAggregates(fields map[string]string) []byte {
	month := monthOf(receivedDay(fields[source.FieldReceived]))
	parts := []string{month}
	for _, a := range aggregateOnly {
		value, carried := fields[a.field]
		if !carried {
			continue
		}
		delete(fields, a.field)
		parts = append(parts, a.field+"="+a.bucket(value))
	}
	if month == "" || len(parts) == 1 {
		return nil
	}
	return []byte(strings.Join(parts, separator))
}

func monthOf(day string) string {
	if len(day) < len("2006-01") {
		return ""
	}
	return day[:len("2006-01")]
}

// Aggregate is how many cases received in a month that have a row have a value of one
// bucket.
type Aggregate struct {
	Month  string `json:"month"` // 2006-01
	Field  string `json:"field"`
	Bucket string `json:"bucket"`
	N      int64  `json:"n"`
}

// Aggregates returns the counts of the aggregate-only fields, by month, field
// and bucket. Small numbers in it are not fit to publish.
func (d *DB) Aggregates(ctx context.Context) ([]Aggregate, error) {
	return list(ctx, d, `SELECT month, field, bucket, n FROM aggregates WHERE n > 0 ORDER BY month, field, bucket`,
		func(rows *sql.Rows, a *Aggregate) error { return rows.Scan(&a.Month, &a.Field, &a.Bucket, &a.N) })
}

// LatestAsOf returns the latest as-of day of the batches that are finished, and ""
// where there is none.
func (d *DB) LatestAsOf(ctx context.Context) (day string, err error) {
	err = d.reader.QueryRowContext(ctx, `SELECT coalesce(max(asof), '') FROM batches WHERE finished = 1`).Scan(&day)
	return day, d.explain(err)
}

// recount changes the counts of one case from what was counted before to what
// is counted now. A field that is no longer carried stays as it was counted.
func recount(ctx context.Context, add *sql.Stmt, before, now []byte) (kept []byte, err error) {
	old, oldMonth := splitCounted(before)
	fresh, month := splitCounted(now)
	if month == "" {
		return before, nil
	}
	parts := []string{month}
	for _, a := range aggregateOnly {
		was, had := old[a.field]
		is, has := fresh[a.field]
		if !has {
			is, has = was, had
		}
		if had && (was != is || oldMonth != month) {
			if _, err := add.ExecContext(ctx, oldMonth, a.field, was, -1); err != nil {
				return nil, err
			}
		}
		if has && (!had || was != is || oldMonth != month) {
			if _, err := add.ExecContext(ctx, month, a.field, is, 1); err != nil {
				return nil, err
			}
		}
		if has {
			parts = append(parts, a.field+"="+is)
		}
	}
	return []byte(strings.Join(parts, separator)), nil
}

// uncount takes away what was counted of one case before.
func uncount(ctx context.Context, add *sql.Stmt, before, _ []byte) (kept []byte, err error) {
	old, month := splitCounted(before)
	for _, a := range aggregateOnly {
		if was, had := old[a.field]; had {
			if _, err := add.ExecContext(ctx, month, a.field, was, -1); err != nil {
				return nil, err
			}
		}
	}
	return nil, nil
}

func splitCounted(b []byte) (buckets map[string]string, month string) {
	month, rest, _ := strings.Cut(string(b), separator)
	buckets = map[string]string{}
	for _, part := range slices.DeleteFunc(strings.Split(rest, separator), func(s string) bool { return s == "" }) {
		field, bucket, _ := strings.Cut(part, "=")
		buckets[field] = bucket
	}
	return buckets, month
}

// list runs a query and returns its rows.
func list[T any](ctx context.Context, d *DB, query string, scan func(*sql.Rows, *T) error, args ...any) ([]T, error) {
	rows, err := d.reader.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, d.explain(err)
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		var one T
		if err := scan(rows, &one); err != nil {
			return nil, d.explain(err)
		}
		all = append(all, one)
	}
	return all, d.explain(rows.Err())
}
