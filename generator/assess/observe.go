package assess

import (
	"slices"

	"github.com/huiyin/huiyin/generator/record"
)

// rate is an index into [counts.rates].
type rate int

const (
	repliedOfDue rate = iota
	repliedOfCollected
	closedOfReceived
	onTimeReply
	onTimeClose
	ratingCoverage
	respondedOfReceived
	dispatchedOfReceived
	resolvedOfClosed
	reopenedOfClosed
	returnedOfPublished
	supervisedOfPublished
	onSiteOfAnswered
	supportedOfOutcome
	explainedOfOutcome
	notSupportedOfOutcome
	adoptedOfDecided
	numRates
)

// rateIDs are the measures of [counts.rates].
var rateIDs = [numRates]string{
	repliedOfDue: MeasureRepliedOfDue, repliedOfCollected: MeasureRepliedOfCollected, closedOfReceived: MeasureClosedOfReceived,
	onTimeReply: MeasureOnTimeReply, onTimeClose: MeasureOnTimeClose, ratingCoverage: MeasureRatingCoverage,
	respondedOfReceived: MeasureRespondedOfReceived, dispatchedOfReceived: MeasureDispatchedOfReceived, resolvedOfClosed: MeasureResolvedOfClosed,
	reopenedOfClosed: MeasureReopenedOfClosed, returnedOfPublished: MeasureReturnedOfPublished, supervisedOfPublished: MeasureSupervisedOfPublished,
	onSiteOfAnswered: MeasureOnSiteOfAnswered, supportedOfOutcome: MeasureSupportedOfOutcome, explainedOfOutcome: MeasureExplainedOfOutcome,
	notSupportedOfOutcome: MeasureNotSupportedOfOutcome, adoptedOfDecided: MeasureAdoptedOfDecided,
}

// byDelivery are the rates of which a blank says "no" where the office delivers such
// values at all, and nothing where it does not: an export without first responses has
// not failed to respond, and of one without closings only what is still handled is known
// not to be closed.
var byDelivery = [numRates]bool{
	closedOfReceived: true, onTimeClose: true,
	ratingCoverage: true, respondedOfReceived: true, dispatchedOfReceived: true, resolvedOfClosed: true,
	reopenedOfClosed: true, returnedOfPublished: true, supervisedOfPublished: true,
}

// delivered says of which rates by delivery at least one case of the installation
// carries the value.
type delivered [numRates]bool

func (d *delivered) note(o *observation) {
	for i, s := range o.rates {
		d[i] = d[i] || s == counted
	}
	d[onTimeClose] = d[onTimeClose] || o.rates[closedOfReceived] == counted
	d[returnedOfPublished] = d[returnedOfPublished] || o.moves
	d[reopenedOfClosed] = d[reopenedOfClosed] || o.again
	d[ratingCoverage] = d[ratingCoverage] || o.scaled
}

// share is where one case stands in one rate.
type share uint8

const (
	outside share = iota // the rate is not about this case
	missed               // in the denominator only
	counted              // in numerator and denominator
	unknown              // a value that the rate needs was not delivered
)

// observation is what one case adds to each scope that it belongs to.
type observation struct {
	prominence record.Prominence
	channel    string // put in by the [Tally], which keeps one copy of each
	reason     record.StubReason
	merged     bool
	rates      [numRates]share
	firstDays  record.Count // to the first response; not known when there is none
	days       record.Count // of a reply; not known when there is none
	noDays     bool         // answered, or perhaps answered, in an unknown number of days
	closeDays  record.Count
	noClose    bool
	scaled     bool // carries a rating, whether or not it counts
	rated      bool
	scale      int
	source     int
	level      int
	outcome    record.Outcome
	repeat     bool
	moves      bool // carries its way between units
	returns    int
	again      bool // says how often it was reopened, never included
}

// observe reads off f, as it stood at the end of the day cutoff, everything
// that is counted.
func observe(f *record.Fact, cutoff record.Day) observation {
	o := observation{prominence: f.Prominence, reason: f.StubReason}
	o.scaled = f.Prominence == record.Full && f.Rating.Scale != ""
	// A word alone takes no case out of the rates: the one that counts for it must be known.
	o.merged = f.IsMerged()
	if o.merged {
		return o
	}
	replied := by(cutoff, f.Answered, f.RepliedOn)
	closed := by(cutoff, f.Finished, f.ClosedOn)

	o.rates[repliedOfCollected] = shareOf(replied)
	o.rates[closedOfReceived] = shareOf(closed)
	switch {
	case !f.Due.Known():
		o.rates[repliedOfDue], o.rates[onTimeReply], o.rates[onTimeClose] = unknown, unknown, unknown
	case f.Due <= cutoff:
		o.rates[repliedOfDue] = shareOf(replied)
		o.rates[onTimeReply] = shareOf(and(replied, f.OnTime))
		o.rates[onTimeClose] = shareOf(and(closed, f.ClosedOnTime))
	}

	if replied == record.Yes {
		o.days = f.Days
	}
	o.noDays = replied == record.Unknown || replied == record.Yes && o.days == 0
	if closed == record.Yes {
		o.closeDays = f.CloseDays
	}
	o.noClose = closed == record.Unknown || closed == record.Yes && o.closeDays == 0

	o.steps(f, cutoff, replied, closed)
	o.rate(f, replied)
	o.handling(f, cutoff, replied, closed)
	return o
}

// steps counts the first response, the dispatch and the confirmation, of which there
// is a day and nothing else.
func (o *observation) steps(f *record.Fact, cutoff record.Day, replied, closed record.Tri) {
	o.rates[respondedOfReceived] = step(f, cutoff, f.FirstResponse, replied, closed)
	if o.rates[respondedOfReceived] == counted {
		o.firstDays = record.CountOf(int(f.FirstResponse - f.Received))
	}
	o.rates[dispatchedOfReceived] = step(f, cutoff, f.Dispatched, replied, closed)
	switch {
	case closed == record.Unknown:
		o.rates[resolvedOfClosed] = unknown
	case closed == record.Yes && f.ResolvedOn.Known() && f.ResolvedOn <= cutoff:
		o.rates[resolvedOfClosed] = counted
	case closed == record.Yes:
		o.rates[resolvedOfClosed] = missed
	}
}

// step says whether something that comes before the reply had happened by the
// cut-off. Where its day is missing although the case was, or may have been, replied to
// or closed, it has happened in some way that nobody noted: that is unknown, and so is
// a day before that of receipt.
func step(f *record.Fact, cutoff, on record.Day, replied, closed record.Tri) share {
	switch {
	case !on.Known() && replied != record.Yes && closed != record.Yes && (replied == record.No || closed == record.No):
		return missed
	case !on.Known() || on < f.Received:
		return unknown
	case on > cutoff:
		return missed
	}
	return counted
}

// rate counts the rating of a case that was answered and published in full. A
// withdrawn case counts as one without a rating, so that withdrawing unrated
// cases does not improve the coverage.
func (o *observation) rate(f *record.Fact, replied record.Tri) {
	if replied != record.Yes || f.Prominence != record.Full && f.Prominence != record.Withdrawn {
		return
	}
	o.rates[ratingCoverage] = missed
	i := slices.Index(scales[:], f.Rating.Scale)
	if f.Prominence != record.Full || i < 0 || f.Rating.Level < 1 || int(f.Rating.Level) > levels[i] {
		return
	}
	o.rates[ratingCoverage] = counted
	o.rated, o.scale, o.level = true, i, int(f.Rating.Level)
	o.source = max(slices.Index(sources[:], f.Rating.Source), 0)
}

// handling counts what is known of cases published in full alone. Of a withdrawn case
// it is no longer known, so that no withdrawal makes a rate look better unseen.
func (o *observation) handling(f *record.Fact, cutoff record.Day, replied, closed record.Tri) {
	full := f.Prominence == record.Full
	if !full && f.Prominence != record.Withdrawn {
		return
	}
	// about is what a share is when the rate is about the case.
	about := func(r rate, s share) {
		if !full {
			s = unknown
		}
		o.rates[r] = s
	}
	n, known := f.Reopened.Get()
	o.again = full && known && closed == record.Yes
	switch {
	case closed == record.No:
	case closed == record.Unknown:
		about(reopenedOfClosed, unknown)
	case n > 0:
		about(reopenedOfClosed, counted)
	default:
		about(reopenedOfClosed, missed)
	}

	if replied != record.Yes && closed != record.Yes {
		return // it could not have been published yet
	}
	about(returnedOfPublished, missed)
	about(supervisedOfPublished, missed)
	if full {
		o.repeat = f.RepeatOf != ""
		for _, d := range f.Dispatches {
			if d.Day > cutoff {
				continue
			}
			o.moves = true
			if d.Returned {
				o.returns++
				o.rates[returnedOfPublished] = counted
			}
		}
		if slices.ContainsFunc(f.Supervisions, func(s record.Supervision) bool { return s.Day <= cutoff }) {
			o.rates[supervisedOfPublished] = counted
		}
	}
	about(onSiteOfAnswered, shareOf(f.OnSite))
	three := func(s share) {
		for r := supportedOfOutcome; r <= notSupportedOfOutcome; r++ {
			about(r, s)
		}
	}
	if !full {
		three(unknown)
		about(adoptedOfDecided, unknown)
		return
	}
	o.outcome = f.Outcome
	switch f.Outcome {
	case record.Supported, record.Explained, record.NotSupported:
		three(missed)
		o.rates[supportedOfOutcome+rate(slices.Index(outcomes[:], f.Outcome))] = counted
	case record.Adopted:
		o.rates[adoptedOfDecided] = counted
	case record.NotAdopted:
		o.rates[adoptedOfDecided] = missed
	default: // none was delivered, or a later stage has taken its place
		if f.Kind == record.Suggest {
			o.rates[adoptedOfDecided] = unknown
		} else {
			three(unknown)
		}
	}
}

// outcomes are those of the petition rules, in the order of their rates.
var outcomes = [...]record.Outcome{record.Supported, record.Explained, record.NotSupported}

// scales lists the scales of a rating in the order in which they are shown, and
// levels how many levels each has.
var (
	scales = [...]record.RatingScale{record.Five, record.Three, record.Points}
	levels = [...]int{5, 3, 5}
)

// sources lists how a rating can have been obtained; the first is not known.
var sources = [...]record.RatingSource{"", record.ByCitizen, record.ByCallback, record.ByMessage, record.ByPanel}

// by returns whether what t says had happened at the end of the day cutoff.
func by(cutoff record.Day, t record.Tri, on record.Day) record.Tri {
	if t == record.Yes && on > cutoff {
		return record.No
	}
	return t
}

// and is the conjunction that does not guess: No if done is No, for what was
// not done was not done in time.
func and(done, inTime record.Tri) record.Tri {
	if done == record.Yes {
		return inTime
	}
	return done
}

func shareOf(t record.Tri) share {
	switch t {
	case record.Yes:
		return counted
	case record.No:
		return missed
	}
	return unknown
}
