// Package sample draws the cases that a panel judges, in a way that anyone can repeat
// and nobody can steer, and compares what the panel says with the ratings of citizens.
//
// It is pure: records, a seed and days go in, numbers come out.
//
// # How a draw is made
//
// The frame is the list of the cases that can be drawn. Its CSV file has the columns
// number and stratum, lines that end with CR LF, and is sorted by number, byte by byte;
// the SHA-256 of the file is that of the frame.
//
// The key of a case is the SHA-256 of the bytes of the seed, one line feed (0A) and the
// bytes of the number. In each stratum the cases with the smallest keys are drawn, the
// keys being compared byte by byte. A case is drawn or not by its own key and those of
// the others of its stratum, in whatever order the frame came.
//
// The n cases are shared out among the strata by the largest remainder: each gets the whole
// part of n × its cases ÷ all cases, and what is left goes, one case each, to the
// strata with the largest remainders, of equal ones to the first by identifier.
//
// # Why it cannot be steered
//
// Whoever draws writes down the SHA-256 of the seed, the scope, the number of cases, the
// panel and the rubric before the frame closes, the [Commitment], and publishes that. The seed
// itself stays secret until the draw. Then nobody who draws can choose a seed by its sample,
// because the cases were not there yet, and everybody can check that the seed is the one of then.
//
// Two things no program can see to. Numbers are given in order, so that whoever knows the
// seed can tell beforehand which numbers will be drawn: the seed belongs into the
// hands of the body that assesses, not of the office that is assessed. And the day of a
// commitment is what its file says; its proof is that it was published on that day.
package sample
