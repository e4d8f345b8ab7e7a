// Package demo makes up a city and writes what its offices would export: the
// registers and, for each day, the files of a hotline, of two leaders'
// mailboxes and of a web portal, each in the format that such an office uses.
//
// Nothing in it is real. The city of Yunlan (云澜市) does not exist; its division
// codes lie under a prefecture code that is not assigned; its streets, estates,
// schools and offices are invented; telephone numbers have an area code and a
// mobile prefix that no operator was given; the identity numbers that are
// planted to be masked carry that division code and the birth day 1900-01-01.
// README.md of this folder lists them.
//
// What is written depends on [Options] alone: the same options give the same
// bytes on any machine, on any day.
package demo
