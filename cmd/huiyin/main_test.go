package main

import (
	"maps"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/huiyin/huiyin/search/meili/meilitest"
)

func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == "render-worker" {
		main() // started by a publish in this process
	}
	testscript.Main(m, map[string]func(){"huiyin": main, "full": full, "killed": killed})
}

// Each script is a whole use of the program, with every file it reads.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			// What is published depends on neither: the scripts run far from both
			// of the places where the program is used.
			env.Setenv("TZ", "America/St_Johns")
			env.Setenv("LANG", "tr_TR.UTF-8")
			env.Values[serverKey{}] = meilitest.New(meilitest.Options{MasterKey: "made-up-master-key-0001"})
			env.Values[databaseKey{}], env.Values[holdKey{}] = &databaseBox{}, &held{}
			return nil
		},
		Cmds:          commands(),
		UpdateScripts: os.Getenv("UPDATE_SCRIPTS") != "",
	})
}

// commands are those of the scripts beside testscript's own.
func commands() map[string]func(*testscript.TestScript, bool, []string) {
	all := maps.Clone(hostile)
	maps.Copy(all, disturbing)
	maps.Copy(all, indexing)
	maps.Copy(all, growing)
	all["brokenoff"] = brokenOff
	all["entry"] = entryOf
	all["promised"] = promisedOf
	all["filecode"] = fileCodeOf
	all["sample"] = sampleFile
	all["holds"], all["spoil"] = holds, spoil
	all["unpacked"] = unpacked
	all["sql"] = sqlOn
	all["acts"] = actsOf
	all["upstream"], all["hook"], all["expand"], all["await"], all["address"] = upstream, hook, expand, await, address
	return all
}
