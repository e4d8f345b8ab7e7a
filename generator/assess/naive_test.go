package assess

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/record"
)

func testRegister() record.Register {
	var reg record.Register
	for d := range 3 {
		district := record.AreaCode(fmt.Sprintf("51990%d", d+1))
		reg.Areas = append(reg.Areas, record.Area{Code: district, Parent: "519900"})
		for s := range 4 {
			reg.Areas = append(reg.Areas, record.Area{Code: record.AreaCode(fmt.Sprintf("%s00%d", district, s+1)), Parent: district, Residents: record.CountOf(1000 * s)})
		}
	}
	reg.Areas = append(reg.Areas, record.Area{Code: "519900"})
	reg.Channels = []record.Channel{
		{ID: "12345", Online: record.No},
		{ID: "mail", Post: "某县县长", Terms: []record.Term{{From: day("2024-05-10"), Until: day("2026-03-31")}, {From: day("2026-04-16")}}},
		{ID: "app", Post: "某县县长", Online: record.Yes},
		{ID: "web", Online: record.Yes},
	}
	reg.Topics = []record.Topic{{ID: "city"}, {ID: "lamps", Parent: "city"}, {ID: "noise", Parent: "city"}, {ID: "school"}}
	return reg
}

func pick[T any](r *rand.Rand, list ...T) T { return list[r.IntN(len(list))] }

// randomFact returns any combination of values, also such as no gate lets by.
func randomFact(r *rand.Rand, months, units int) record.Fact {
	var f record.Fact
	reg := testRegister()
	f.Received = (record.MonthOf(2026, 10) - record.Month(r.IntN(months))).First() + record.Day(r.IntN(28))
	f.Prominence = pick(r, record.Full, record.Full, record.StubOnly, record.Withdrawn)
	if f.Prominence != record.Full {
		f.StubReason = pick(r, record.StubReasons()...)
	}
	f.Unit = pick(r, record.UnitID(fmt.Sprint("u", r.IntN(units))), record.UnitID(fmt.Sprint("u", r.IntN(units))), "")
	f.Area = pick(r, reg.Areas[r.IntN(len(reg.Areas))].Code, "", "999999")
	f.Channel = pick(r, record.ChannelID("web"), "12345", "mail", "app", "")
	f.Origin = pick(r, record.Letter, record.Opinion, "")
	f.Status = pick(r, record.Handling, record.Replied, record.Closed, record.Merged)
	f.MergedInto = pick(r, record.CaseNumber(""), "", "", "2608-000001")
	somewhere := func() record.Day { return pick(r, 0, f.Received+record.Day(r.IntN(70))) }
	f.Due, f.RepliedOn, f.ClosedOn = somewhere(), somewhere(), somewhere()
	f.Answered, f.Finished = record.Tri(r.IntN(3)), record.Tri(r.IntN(3))
	f.OnTime, f.ClosedOnTime = record.Tri(r.IntN(3)), record.Tri(r.IntN(3))
	f.Days, f.CloseDays = record.Count(r.IntN(120)), record.Count(r.IntN(120))
	early := func() record.Day { return pick(r, 0, f.Received+record.Day(r.IntN(30)-2)) }
	f.FirstResponse, f.Dispatched, f.ResolvedOn = early(), early(), somewhere()
	if f.Prominence == record.Full {
		f.Topic = pick(r, reg.Topics[r.IntN(4)].ID, "")
		f.Kind = pick(r, record.Help, record.Suggest, "")
		f.LeaderKind, f.Against = pick(r, record.LeaderKind("old-case"), "many", ""), pick(r, record.UnitID("u1"), "", "", "", "", "u9")
		f.Addressee = pick(r, "某县县长", "某县县委书记", "", "")
		f.Outcome = pick(r, "", record.Supported, record.Explained, record.NotSupported, record.Adopted, record.NotAdopted, record.Reviewed, record.ReReviewed)
		f.OnSite, f.Reopened = record.Tri(r.IntN(3)), record.Count(r.IntN(4))
		f.RepeatOf = pick(r, record.CaseNumber(""), "", "2609-000001")
		for range r.IntN(3) {
			f.Dispatches = append(f.Dispatches, record.Dispatch{Day: somewhere(), Returned: r.IntN(3) == 0})
		}
		for range r.IntN(2) {
			f.Supervisions = append(f.Supervisions, record.Supervision{Day: somewhere()})
		}
		f.Rating.Source = pick(r, "", record.ByCitizen, record.ByCallback, record.ByMessage, record.ByPanel)
		f.Rating.Scale = pick(r, record.Five, record.Three, record.Points, "")
		f.Rating.Level = int8(r.IntN(6))
	}
	return f
}

// inScope says whether f belongs to a scope, by asking upwards.
func inScope(f record.Fact, s record.Scope, reg record.Register) bool {
	switch s.Dim {
	case record.ByUnit:
		return string(f.Unit) == s.ID
	case record.ByChannel:
		return string(f.Channel) == s.ID
	case record.ByOrigin:
		return string(f.Origin) == s.ID
	case record.ByLeaderKind:
		return f.Prominence == record.Full && string(f.LeaderKind) == s.ID
	case record.ByAgainst:
		return f.Prominence == record.Full && string(f.Against) == s.ID
	case record.ByAddressee:
		return f.Prominence == record.Full && f.Addressee != "" && record.PostID(f.Addressee) == s.ID
	case record.ByPost:
		return (f.Channel == "mail" || f.Channel == "app") && s.ID == record.PostID("某县县长")
	case record.ByKind:
		return f.Prominence == record.Full && string(f.Kind) == s.ID
	case record.ByArea:
		for a := f.Area; a != ""; {
			if string(a) == s.ID {
				return true
			}
			i := slices.IndexFunc(reg.Areas, func(x record.Area) bool { return x.Code == a })
			if i < 0 {
				return false
			}
			a = reg.Areas[i].Parent
		}
		return false
	case record.ByTopic:
		for x := f.Topic; f.Prominence == record.Full && x != ""; {
			if string(x) == s.ID {
				return true
			}
			i := slices.IndexFunc(reg.Topics, func(y record.Topic) bool { return y.ID == x })
			x = reg.Topics[i].Parent
		}
		return false
	}
	return true
}

// withheldNaively says whether rates are given, by looking at the cases: of few that are
// about a unit or addressed to a post, none; and of a post none where some of its cases
// may lie before a change of its holder and some after it.
func withheldNaively(in []record.Fact, scope record.Scope, cutoff record.Day, period record.Period) Withheld {
	if (scope.Dim == record.ByAgainst || scope.Dim == record.ByAddressee || scope.Dim == record.ByLeaderKind) && len(in) > 0 && len(in) < 30 {
		return TooFew
	}
	if scope.Dim != record.ByPost && scope.Dim != record.ByAddressee || scope.ID != record.PostID("某县县长") || len(in) == 0 {
		return ""
	}
	first, last, _ := period.Bounds()
	for _, change := range []record.Day{day("2024-05-10"), day("2026-04-01"), day("2026-04-16")} {
		earliest := slices.MinFunc(in, func(a, b record.Fact) int { return int(a.Received - b.Received) }).Received.Month().First()
		if period != record.AllTime {
			earliest = max(first, earliest)
		}
		latest := cutoff
		if last != 0 {
			latest = min(last, cutoff)
		}
		if earliest < change && change <= latest {
			return AcrossTerms
		}
	}
	return ""
}

// naive computes a set by going through all facts once a number, as a stranger
// would from the published rows.
func naive(facts []record.Fact, reg record.Register, cutoff record.Day, scope record.Scope, period record.Period) Set {
	first, last, _ := period.Bounds()
	merged := func(f record.Fact) bool { return f.MergedInto != "" }
	isFull := func(f record.Fact) bool { return f.Prominence == record.Full }
	// delivers says whether any case of the whole installation carries a value.
	delivers := func(carries func(record.Fact) bool) bool {
		return slices.ContainsFunc(facts, func(f record.Fact) bool { return f.Received <= cutoff && !merged(f) && carries(f) })
	}
	past := func(d record.Day) bool { return d != 0 && d <= cutoff }
	var in []record.Fact
	for _, f := range facts {
		if f.Received <= cutoff && inScope(f, scope, reg) && (period == record.AllTime || first <= f.Received && f.Received <= last) {
			in = append(in, f)
		}
	}
	number := func(where func(record.Fact) bool) (n int64) {
		for _, f := range in {
			if where(f) {
				n++
			}
		}
		return n
	}
	s := Set{Scope: scope, Period: period, Cutoff: cutoff, Received: int64(len(in))}
	s.Full = number(func(f record.Fact) bool { return f.Prominence == record.Full })
	s.Stubs = number(func(f record.Fact) bool { return f.Prominence == record.StubOnly })
	s.Withdrawn = number(func(f record.Fact) bool { return f.Prominence == record.Withdrawn })
	s.Merged = number(merged)
	s.PublishedOfReceived = record.Figure{Measure: "published-of-received", Version: 1, Scope: scope, Period: period, Cutoff: cutoff, Rate: record.Rate{Num: s.Full, Den: s.Received}}
	online := func(f record.Fact) bool { return f.Channel == "app" || f.Channel == "web" }
	s.OnlineOfReceived = record.Figure{Measure: "online-of-received", Version: 1, Scope: scope, Period: period, Cutoff: cutoff,
		Rate: record.Rate{Num: number(online), Den: number(func(f record.Fact) bool { return online(f) || f.Channel == "12345" })}}
	s.OnlineOfReceived.Unknown = s.Received - s.OnlineOfReceived.Den
	s.PerThousand = record.Figure{Measure: "received-per-thousand", Version: 1, Scope: scope, Period: period, Cutoff: cutoff}
	for _, a := range reg.Areas {
		if n, ok := a.Residents.Get(); scope.Dim == record.ByArea && scope.ID == string(a.Code) && ok && n > 0 {
			s.PerThousand.Num, s.PerThousand.Den = s.Received, int64(n)
		}
	}
	for _, r := range record.StubReasons() {
		s.Reasons = append(s.Reasons, ReasonCount{r, number(func(f record.Fact) bool { return f.StubReason == r })})
	}
	if s.Withheld = withheldNaively(in, scope, cutoff, period); s.Withheld != "" {
		s.PublishedOfReceived.Num, s.PublishedOfReceived.Den = 0, 0
		s.OnlineOfReceived.Rate, s.OnlineOfReceived.Unknown = record.Rate{}, 0
		in = nil
	}
	in = slices.DeleteFunc(in, merged)

	yes, no := record.Yes, record.No
	replied := func(f record.Fact) bool { return f.Answered == yes && f.RepliedOn <= cutoff }
	unreplied := func(f record.Fact) bool { return f.Answered == no || f.Answered == yes && f.RepliedOn > cutoff }
	closed := func(f record.Fact) bool { return f.Finished == yes && f.ClosedOn <= cutoff }
	open := func(f record.Fact) bool { return f.Finished == no || f.Finished == yes && f.ClosedOn > cutoff }
	due := func(f record.Fact) bool { return f.Due != 0 && f.Due <= cutoff }
	figure := func(id string, about, num, fail func(record.Fact) bool) record.Figure {
		f := record.Figure{Measure: id, Version: 1, Scope: scope, Period: period, Cutoff: cutoff}
		f.Num = number(func(c record.Fact) bool { return about(c) && num(c) })
		f.Den = f.Num + number(func(c record.Fact) bool { return about(c) && fail(c) })
		f.Unknown = number(func(c record.Fact) bool {
			return about(c) && !num(c) && !fail(c)
		})
		return f
	}
	dueOrUnknown := func(f record.Fact) bool { return f.Due == 0 || due(f) }
	always := func(record.Fact) bool { return true }
	s.RepliedOfDue = figure("replied-of-due", dueOrUnknown, func(f record.Fact) bool { return due(f) && replied(f) }, func(f record.Fact) bool { return due(f) && unreplied(f) })
	s.RepliedOfCollected = figure("replied-of-collected", always, replied, unreplied)
	if !delivers(closed) {
		open = func(record.Fact) bool { return false }
	}
	s.ClosedOfReceived = figure("closed-of-received", always, closed, open)
	s.OnTimeReply = figure("on-time-reply", dueOrUnknown,
		func(f record.Fact) bool { return due(f) && replied(f) && f.OnTime == yes },
		func(f record.Fact) bool { return due(f) && (unreplied(f) || replied(f) && f.OnTime == no) })
	s.OnTimeClose = figure("on-time-close", dueOrUnknown,
		func(f record.Fact) bool { return due(f) && closed(f) && f.ClosedOnTime == yes },
		func(f record.Fact) bool { return due(f) && (open(f) || closed(f) && f.ClosedOnTime == no) })

	answered := func(f record.Fact) bool { return replied(f) || closed(f) }
	notYet := func(f record.Fact) bool { return !answered(f) && (unreplied(f) || open(f)) }
	never := func(record.Fact) bool { return false }
	// step is a rate of something that has a day, before the reply.
	step := func(id string, on func(record.Fact) record.Day) record.Figure {
		fail := never
		if delivers(func(f record.Fact) bool { return past(on(f)) && on(f) >= f.Received }) {
			fail = func(f record.Fact) bool {
				return on(f) == 0 && notYet(f) || on(f) >= f.Received && on(f) > cutoff
			}
		}
		return figure(id, always, func(f record.Fact) bool { return past(on(f)) && on(f) >= f.Received }, fail)
	}
	s.RespondedOfReceived = step("responded-of-received", func(f record.Fact) record.Day { return f.FirstResponse })
	s.DispatchedOfReceived = step("dispatched-of-received", func(f record.Fact) record.Day { return f.Dispatched })
	confirmed := func(f record.Fact) bool { return closed(f) && past(f.ResolvedOn) }
	unconfirmed := never
	if delivers(confirmed) {
		unconfirmed = func(f record.Fact) bool { return closed(f) && !confirmed(f) }
	}
	s.ResolvedOfClosed = figure("resolved-of-closed", func(f record.Fact) bool { return !open(f) }, confirmed, unconfirmed)

	// Of withdrawn cases nothing is known but that they are there.
	shown := func(f record.Fact) bool { return f.Prominence != record.StubOnly }
	published := func(f record.Fact, known bool) bool { return isFull(f) && known }
	again := func(f record.Fact) bool { return published(f, closed(f) && f.Reopened > 1) }
	atOnce := never
	if delivers(func(f record.Fact) bool { return published(f, closed(f) && f.Reopened > 0) }) {
		atOnce = func(f record.Fact) bool { return published(f, closed(f) && f.Reopened <= 1) }
	}
	s.ReopenedOfClosed = figure("reopened-of-closed", func(f record.Fact) bool { return shown(f) && !open(f) }, again, atOnce)
	moves := func(f record.Fact) []record.Dispatch {
		return slices.DeleteFunc(slices.Clone(f.Dispatches), func(d record.Dispatch) bool { return d.Day > cutoff })
	}
	decided := func(f record.Fact) bool { return shown(f) && answered(f) }
	returns := func(f record.Fact) (n int64) {
		for _, d := range moves(f) {
			if isFull(f) && answered(f) && d.Returned {
				n++
			}
		}
		return n
	}
	kept := never
	if delivers(func(f record.Fact) bool { return isFull(f) && answered(f) && len(moves(f)) > 0 }) {
		kept = func(f record.Fact) bool { return isFull(f) && returns(f) == 0 }
	}
	s.ReturnedOfPublished = figure("returned-of-published", decided, func(f record.Fact) bool { return returns(f) > 0 }, kept)
	for _, f := range in {
		s.Returns += returns(f)
	}
	supervised := func(f record.Fact) bool {
		return isFull(f) && answered(f) && slices.ContainsFunc(f.Supervisions, func(v record.Supervision) bool { return v.Day <= cutoff })
	}
	unwatched := never
	if delivers(supervised) {
		unwatched = func(f record.Fact) bool { return isFull(f) && !supervised(f) }
	}
	s.SupervisedOfPublished = figure("supervised-of-published", decided, supervised, unwatched)
	s.OnSiteOfAnswered = figure("on-site-of-answered", decided,
		func(f record.Fact) bool { return published(f, f.OnSite == yes) }, func(f record.Fact) bool { return published(f, f.OnSite == no) })
	three := []record.Outcome{record.Supported, record.Explained, record.NotSupported}
	two := []record.Outcome{record.Adopted, record.NotAdopted}
	of := func(id string, these []record.Outcome, o record.Outcome, suggestion bool) record.Figure {
		return figure(id, func(f record.Fact) bool {
			blank := !slices.Contains(three, f.Outcome) && !slices.Contains(two, f.Outcome)
			return decided(f) && (!isFull(f) || slices.Contains(these, f.Outcome) || blank && suggestion == (f.Kind == record.Suggest))
		}, func(f record.Fact) bool { return published(f, f.Outcome == o) },
			func(f record.Fact) bool { return published(f, f.Outcome != o && slices.Contains(these, f.Outcome)) })
	}
	s.SupportedOfOutcome = of("supported-of-outcome", three, record.Supported, false)
	s.ExplainedOfOutcome = of("explained-of-outcome", three, record.Explained, false)
	s.NotSupportedOfOutcome = of("not-supported-of-outcome", three, record.NotSupported, false)
	s.AdoptedOfDecided = of("adopted-of-decided", two, record.Adopted, true)
	s.Repeats = number(func(f record.Fact) bool { return published(f, answered(f) && f.RepeatOf != "") })
	s.Reviewed = number(func(f record.Fact) bool { return published(f, answered(f) && f.Outcome == record.Reviewed) })
	s.ReReviewed = number(func(f record.Fact) bool { return published(f, answered(f) && f.Outcome == record.ReReviewed) })

	distribution := func(done func(record.Fact) bool, notDone func(record.Fact) bool, days func(record.Fact) record.Count) (d Distribution) {
		var values []int
		for _, f := range in {
			if n, ok := days(f).Get(); ok && done(f) {
				values = append(values, n)
			} else if !notDone(f) {
				d.Unknown++
			}
		}
		slices.Sort(values)
		for _, v := range values {
			switch {
			case v <= 2:
				d.Bins[0]++
			case v <= 5:
				d.Bins[1]++
			case v <= 10:
				d.Bins[2]++
			case v <= 15:
				d.Bins[3]++
			case v <= 20:
				d.Bins[4]++
			case v <= 30:
				d.Bins[5]++
			case v <= 60:
				d.Bins[6]++
			default:
				d.Bins[7]++
			}
		}
		d.Known = int64(len(values))
		if n := len(values); n > 0 {
			d.Median = fmt.Sprint(float64(values[(n-1)/2]+values[n/2]) / 2)
		}
		return d
	}
	s.Days = distribution(replied, unreplied, func(f record.Fact) record.Count { return f.Days })
	responded := func(f record.Fact) bool { return past(f.FirstResponse) && f.FirstResponse >= f.Received }
	noResponse := never
	if delivers(responded) {
		noResponse = func(f record.Fact) bool {
			return f.FirstResponse == 0 && notYet(f) || f.FirstResponse > cutoff && f.FirstResponse >= f.Received
		}
	}
	s.FirstDays = distribution(responded, noResponse, func(f record.Fact) record.Count { return record.CountOf(int(f.FirstResponse - f.Received)) })
	s.CloseDays = distribution(closed, open, func(f record.Fact) record.Count { return f.CloseDays })

	top := map[record.RatingScale]int8{record.Five: 5, record.Three: 3, record.Points: 5}
	enough := map[record.RatingScale]int8{record.Five: 3, record.Three: 2, record.Points: 4}
	rated := func(f record.Fact) bool {
		return replied(f) && f.Prominence == record.Full && f.Rating.Level >= 1 && f.Rating.Level <= top[f.Rating.Scale]
	}
	rateable := func(f record.Fact) bool { return replied(f) && f.Prominence != record.StubOnly }
	s.Rating.Coverage = figure("rating-coverage", rateable, rated, func(f record.Fact) bool { return !rated(f) })
	for _, scale := range []record.RatingScale{record.Five, record.Three, record.Points} {
		r := ScaleRating{Scale: scale}
		for level := range top[scale] {
			r.Levels = append(r.Levels, number(func(f record.Fact) bool { return rated(f) && f.Rating.Scale == scale && f.Rating.Level == level+1 }))
		}
		r.Satisfied = figure("satisfied-"+string(scale), func(f record.Fact) bool { return rated(f) && f.Rating.Scale == scale },
			func(f record.Fact) bool { return f.Rating.Level >= enough[scale] }, func(f record.Fact) bool { return f.Rating.Level < enough[scale] })
		for _, source := range []record.RatingSource{record.ByCitizen, record.ByCallback, record.ByMessage, record.ByPanel, ""} {
			of := SourceLevels{Source: source}
			for level := range top[scale] {
				of.Levels = append(of.Levels, number(func(f record.Fact) bool {
					return rated(f) && f.Rating == record.Rating{Scale: scale, Level: level + 1, Source: source}
				}))
			}
			if slices.Max(of.Levels) > 0 {
				r.Sources = append(r.Sources, of)
			}
		}
		if r.Satisfied.Den > 0 {
			s.Rating.Scales = append(s.Rating.Scales, r)
		}
	}
	return s
}

// TestAgainstNaive compares every scope and period of random cases with the
// slow way of counting.
func TestAgainstNaive(t *testing.T) {
	reg := testRegister()
	for seed := range uint64(12) {
		r := rand.New(rand.NewPCG(seed, 5))
		cutoff := day("2026-09-30") + record.Day(r.IntN(40))
		facts := make([]record.Fact, r.IntN(400))
		builder := NewBuilder(reg, cutoff)
		for i := range facts {
			facts[i] = randomFact(r, 26, 4)
			if f := &facts[i]; seed%4 == 3 { // an office that delivers little
				f.FirstResponse, f.Dispatched, f.ResolvedOn, f.Dispatches, f.Supervisions, f.Reopened = 0, 0, 0, nil, nil, 0
			}
			builder.Add(facts[i])
		}
		b := builder.Book()
		sets := 0
		for _, dim := range allDimensions() {
			for _, scope := range b.Scopes(dim) {
				for _, p := range append(b.Periods(scope), "1999", "2025-06") {
					got, _ := b.Set(scope, p)
					if diff := cmp.Diff(naive(facts, reg, cutoff, scope, p), got); diff != "" {
						t.Fatalf("seed %d, %s in %s (-naive +got): %s", seed, scope, p, diff)
					}
					sets++
				}
			}
		}
		if len(facts) > 50 && sets < 100 {
			t.Errorf("seed %d: only %d sets compared", seed, sets)
		}
	}
}

// TestSumOfParts checks that units add up to the installation when every case
// has a unit, month by month to the year, and children to their parent area.
func TestSumOfParts(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	builder := NewBuilder(testRegister(), day("2026-10-31"))
	for range 500 {
		f := randomFact(r, 20, 5)
		f.Unit, f.Area = record.UnitID(fmt.Sprint("u", r.IntN(5))), record.AreaCode(fmt.Sprintf("51990%d00%d", 1+r.IntN(3), 1+r.IntN(4)))
		builder.Add(f)
	}
	b := builder.Book()
	total, _ := b.Set(all, record.AllTime)
	add := func(scopes []record.Scope, periods []record.Period, keep func(record.Scope) bool) (sum tally) {
		for _, s := range scopes {
			for _, p := range periods {
				if set, _ := b.Set(s, p); keep(s) {
					sum.num += set.OnTimeReply.Num
					sum.den += set.OnTimeReply.Den
					sum.unknown += set.OnTimeReply.Unknown
				}
			}
		}
		return sum
	}
	any := func(record.Scope) bool { return true }
	var months []record.Period
	for _, m := range b.Months() {
		months = append(months, record.MonthPeriod(m))
	}
	want := tally{total.OnTimeReply.Num, total.OnTimeReply.Den, total.OnTimeReply.Unknown}
	for name, got := range map[string]tally{
		"units":          add(b.Scopes(record.ByUnit), []record.Period{record.AllTime}, any),
		"districts":      add(b.Scopes(record.ByArea), []record.Period{record.AllTime}, func(s record.Scope) bool { return record.AreaCode(s.ID).Level() == 3 }),
		"streets":        add(b.Scopes(record.ByArea), []record.Period{record.AllTime}, func(s record.Scope) bool { return len(s.ID) == 9 }),
		"months":         add([]record.Scope{all}, months, any),
		"units by month": add(b.Scopes(record.ByUnit), months, any),
	} {
		if got != want {
			t.Errorf("the sum over %s is %v, want %v", name, got, want)
		}
	}
}
