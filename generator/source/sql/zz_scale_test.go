package sql_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/huiyin/huiyin/generator/source/sql"
)

func TestZZScale(t *testing.T) {
	for _, idx := range []bool{true, false} {
		d := newDatabase(t, office)
		if !idx {
			d.exec("DROP INDEX raw.petition_updated_at_case_no_idx")
		}
		d.exec(`INSERT INTO raw.petition (case_no, title, updated_at) SELECT 'N' || i, repeat('路灯不亮', 50), now() - interval '1 hour' - i * interval '10 ms' FROM generate_series(1, 300000) i`)
		d.exec("ANALYZE raw.petition")
		f := d.feed(sql.Options{})
		s := time.Now()
		g, err := fetch(t.Context(), f, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		fmt.Println("index", idx, "rows", len(g.items()), time.Since(s), "state", len(g.state))
		s = time.Now()
		d.all(f, g.state)
		fmt.Println("  at rest", time.Since(s))
		r, _ := d.conn.Exec(t.Context(), `EXPLAIN SELECT "updated_at", "case_no"::text COLLATE "C", "title" FROM publish.pub_case_v1 WHERE ("updated_at", "case_no"::text COLLATE "C") > (now() - interval '2 h', 'x'::text COLLATE "C") AND updated_at <= now() ORDER BY "updated_at", "case_no"::text COLLATE "C" LIMIT 1001`).ReadAll()
		for _, row := range r[0].Rows {
			fmt.Println("   ", string(row[0]))
		}
	}
}
