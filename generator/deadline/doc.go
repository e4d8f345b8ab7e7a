// Package deadline finds the day on which something is due, and says how it was
// found: which rule, which legal basis, which holiday notices (放假调休通知).
//
// It is pure. Rules and holiday notices are data: an office writes them as files,
// [ReadRules] and [ReadCalendar] read the bytes, and a [Finder] computes. Nothing
// is built in, so without a rule nothing is computed, and no weekend, holiday or
// number of days is ever assumed. Unknown is not zero: a period that runs into a
// year without a file has no due day until the file is there, and [Found] names
// the year.
//
// How days are counted:
//
//   - The day on which the clock starts is not counted; counting begins on the
//     next day (《民法典》第二百零一条第一款：“开始的当日不计入，自下一日开始计算”;
//     《民事诉讼法》第八十五条 has the same for days). A period of one day that starts
//     on 2 March ends on 3 March. It ends with the end of its last day, which is
//     24 o'clock (《民法典》第二百零三条第二款).
//   - In calendar days ([CalendarDays]) every day counts.
//   - In working days ([WorkingDays]) only working days count: Monday to Friday
//     that are no days off, and the Saturdays and Sundays that a notice makes
//     working days (调休上班). So the period ends on a working day. Which periods
//     are meant so is for the law that sets them: 《政府信息公开条例》第三十三条 says
//     “20个工作日”; 《行政复议法》第八十八条第二款 says it of “三日”“五日”“七日”“十日”;
//     《信访工作条例》第二十三条 has both, 15日 and 5个工作日.
//   - Where the last day of a period in calendar days is a day off, the period ends
//     on the next working day if the rule says roll: true, and only then
//     (《民法典》第二百零三条第一款, 《民事诉讼法》第八十五条第三款, and 《行政复议法》
//     第八十八条第一款, which refers to the latter). 《信访工作条例》 is silent on it, so
//     the office decides. A Saturday on which work is done is no day off.
//   - An extension is counted in the days of the rule and lengthens the period: 20
//     working days extended by 10 are 30 working days, not counting the first day.
//     A period that is extended rolls once, at its new end.
//
// Time that a law leaves out of a period (a hearing, the opinion of a third party)
// is not known here; whoever knows it adds it to the extension or starts later.
//
// The laws name different days on which a clock starts: receipt (收到之日),
// acceptance (受理之日), dispatch (交办之日), making or changing (形成或者变更之日).
// [Rule.Starts] says which, and [Rules.Starts] tells the caller which day to pass.
package deadline
