package main

import (
	"context"
	"crypto/rand"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/cmd/internal/config"
	"github.com/huiyin/huiyin/generator/fault"
)

// app is what every command receives: the outside world and the flags that all
// commands share.
type app struct {
	in       io.Reader
	out, err io.Writer
	now      func() time.Time // what is stored as the time of an act
	watch    func() time.Time // how long things take

	// searchWithin is how long a search server may take to lose what was withdrawn, before
	// the rest of an act goes on without it. The next run makes up for it.
	searchWithin time.Duration

	// placeWithin is how long the place of backups may take for a copy of the journal.
	placeWithin time.Duration

	giveWay giveWay // of pulls for jobs

	rand io.Reader

	configFile string
	json       bool
	quiet      bool
	verbose    bool
}

// standard returns the app of a real run.
func standard() *app {
	return &app{in: os.Stdin, out: os.Stdout, err: os.Stderr, now: time.Now, watch: time.Now, rand: rand.Reader, searchWithin: 20 * time.Second, placeWithin: 20 * time.Second,
		giveWay: giveWay{after: 15 * time.Second, every: 2 * time.Second}}
}

// run runs one command line and returns the exit code of the program.
func run(ctx context.Context, args []string, a *app) int {
	root := newRoot(a)
	root.SetArgs(args)
	root.SetIn(a.in)
	root.SetOut(a.out)
	root.SetErr(a.err)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	return a.fail(ctx, err)
}

// newRoot returns the command with all its subcommands.
func newRoot(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:   "huiyin",
		Short: "Turn an office's petition exports into a public record",
		Long: `huiyin reads the exports of an office that answers petitions, lets nothing personal
through, computes reply rates that anyone can recount, and publishes a static
site of replies that any web server can carry.

A new installation takes four commands: init, map, pull, publish. To see the whole
way on a made-up city: huiyin demo.`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          usageArgs(cobra.NoArgs),
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	flags := root.PersistentFlags()
	flags.StringVar(&a.configFile, "config", "huiyin.yaml", "configuration `FILE`")
	flags.BoolVar(&a.json, "json", false, "end standard output with one line of JSON, also on failure")
	flags.BoolVar(&a.quiet, "quiet", false, "no progress and no summary; errors are still written")
	flags.BoolVar(&a.verbose, "verbose", false, "write the cause of a failure too")
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usage(err) })
	root.AddCommand(
		newInit(a), newMap(a), newPull(a), newPublish(a), newExport(a), newStatus(a),
		newRollback(a), newWithdraw(a), newReinstate(a), newCorrect(a), newMerge(a), newAudit(a), newRun(a), newRepublish(a), newBackup(a), newRestore(a), newAlerts(a), newDigest(a), newIndex(a), newGate(a), newPromises(a), newApprove(a), newFsck(a), newNumbers(a), newDeadlines(a), newSample(a), newReplies(a), newConfig(a), newDemo(a), newRenderWorker(a),
	)
	for _, c := range root.Commands() {
		c.Args = usageArgs(c.Args)
	}
	return root
}

// load reads the configuration named by --config.
func (a *app) load() (*config.Config, error) { return config.Load(a.configFile) }

// wants is the key of the annotation of a command that says what to give to it.
const wants = "wants"

// usageArgs turns a wrong number of arguments into a usage error.
func usageArgs(check cobra.PositionalArgs) cobra.PositionalArgs {
	if check == nil {
		check = cobra.NoArgs
	}
	return func(c *cobra.Command, args []string) error {
		err := check(c, args)
		if err == nil || c.HasSubCommands() {
			return usage(err)
		}
		_, takes, _ := strings.Cut(c.Use, " ")
		if takes == "" {
			return usage(fault.New(c.CommandPath()+" takes no argument", ""))
		}
		if wanted := c.Annotations[wants]; wanted != "" {
			return usage(fault.New(c.CommandPath()+" takes "+takes, wanted))
		}
		return usage(fault.New(c.CommandPath()+" takes "+takes, ""))
	}
}

// noBlankFlags refuses a flag of those named that is given without a value, as --kept
// "$DAY" is where the variable is empty: to go on as if it had not been given would do
// something else.
func noBlankFlags(names ...string) func(*cobra.Command, []string) error {
	return func(c *cobra.Command, _ []string) error {
		for _, name := range names {
			value, err := c.Flags().GetString(name)
			if err != nil {
				return err
			}
			if c.Flags().Changed(name) && strings.TrimSpace(value) == "" {
				return usage(fault.New("--"+name+" has no value", "say what it is, or leave the flag out"))
			}
		}
		return nil
	}
}

// longHelp joins the paragraphs of a command's help and adds its exit codes.
func longHelp(text string, codes ...int) string {
	var b strings.Builder
	b.WriteString(strings.TrimSpace(text))
	b.WriteString("\n\nEXIT STATUS\n")
	for _, c := range append([]int{0, fault.ExitFailure, fault.ExitUsage}, codes...) {
		b.WriteString(exitLine(c))
	}
	return b.String()
}
