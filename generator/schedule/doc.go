// Package schedule runs jobs by themselves: by a timetable, on request, again after a
// failure, and each kind one at a time, however many programs work on one folder. It knows
// nothing of what the jobs do.
//
// # What holds, whatever happens
//
//   - A firing is claimed in the store before anything else. It leads to one run, and a
//     run ends once: it is done, or it has failed for good.
//   - Two attempts under one lease never go on at the same time. On one machine the kernel
//     sees to that, by a lock on a file that a dead process cannot hold; between machines
//     the lease has an end, and a fencing number that grows with every taking.
//   - An attempt whose program died is noticed, noted in the journal, and made again: at
//     once, or at the next start when no other program is there. So jobs are done at least
//     once, and have to bear being begun again.
//   - Firings that were missed are caught up by one run, which says how many it stands for.
//   - A clock that is set back fires nothing again, and one that is set ahead leaves
//     nothing out. What such a clock changes is noted in the journal. Where it was set
//     back by more than two days, what had fired was another time, and all begins anew.
//   - A request is kept before it is acknowledged. A run takes all requests of its kind
//     that are there when it begins, and those that come later have one more run together,
//     which waits until it is quiet where the one before began a moment ago. Every program
//     knows of them. Where something else under the same lease is to begin, they begin first.
//   - A store or a queue that is full, locked or damaged stops nothing for good. It is
//     named in [Runner.Trouble] and in the journal, and everything goes on afterwards.
//
// # The queue
//
// Runs that are ready go through River (github.com/riverqueue/river with its driver for
// SQLite, version 0.51.2) in a file of its own, jobs.db. Its driver calls itself early and
// little used in the world, and its list of changes bears that out: before 0.48 a rescued job
// could lose that it was done, one row that could not be read kept all that were fetched
// with it running for ever, and the number of a removed job was given again; before 0.49 its
// cleaner could stall; before 0.51 a cancellation could get lost.
//
// What we rely on: a job that was inserted is given to a worker of a client that is
// started, as a rule, and a panic in a worker ends that job only.
//
// What we do not rely on: that a job is given to a worker at all, or only once, or that the
// file survives. The store says what is to be done. A job in River is the number of a run
// and nothing else, and is one attempt. One that does not begin in time is inserted again,
// one that comes twice finds its run taken, and a file that is damaged is set aside and made
// anew. River's retries, unique jobs, periodic jobs, leader, rescuer and cleaner are not
// used: each of them goes by a clock of its own, which may be set back, and most by timers
// that never rest. Two clients that make the tables of one file at the same time fail, so we
// see to it that they do not. Nor do we wait for a client's Stop before going on: one that
// cannot write that its jobs are done, as on a full disk, takes up to 37 seconds to give up.
//
// Measured with one queue and nothing to do, on two cores: a River client as it comes has 34
// goroutines, 14,800 wake-ups of threads a minute and 1.2 % of a core; without leader and
// listener, and asking once a day, it has 14 goroutines, 5,900 wake-ups and 0.2 % (its
// completer ticks 20 times a second, which cannot be set). So a client is started when a run
// is ready and stopped when none goes on. A [Runner] at rest waits for its next firing, for a
// change of the clock, and for a file that [Wake] touches, all three in the kernel: six
// goroutines, 2 wake-ups a minute, which are the Go runtime's, and 14 MB of memory in all.
package schedule
