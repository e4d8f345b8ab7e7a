// Package assess is the arithmetic over published cases: how many were
// received, how many were answered and closed, in time or not, in how many
// days, and how they were rated, for every scope and period that has a page.
//
// It is pure: facts go in through a [Builder], numbers come out of a [Book],
// and nothing else is read. The order in which facts are added does not matter.
// All counting is done in whole numbers; a percentage is made by
// [record.Rate.Percent] when it is printed, and nowhere else.
//
// Four rules hold for every measure; [Measures] gives the formula of each.
//
//   - Unknown is not zero. A case that lacks a value which a measure needs is
//     outside its numerator and its denominator and is counted in
//     [record.Figure.Unknown]. Where every case lacks it the denominator is
//     zero, and the rate prints as unknown and not as 0 %.
//   - A withdrawal never improves a rate that is counted on public rows:
//     withdrawn cases keep their numeric row and go on counting.
//   - A merged case (并单) is received, and is left out of every rate, because
//     the case that it was merged into carries the reply.
//   - The cut-off is the last day that the numbers know of: what happened after
//     it has not happened, and what was received after it is not counted.
//
// docs/assessment.md explains each measure with a worked example.
package assess
