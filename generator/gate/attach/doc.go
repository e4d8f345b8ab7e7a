// Package attach makes of a file that came with a letter or a reply the file
// that may be published, or says why none may be. It knows PDF, DOCX, XLSX, CSV,
// JPEG and PNG; everything else is refused with a sentence that says what to
// convert to.
//
// Files are rebuilt, not cleaned: a new file is written from what a reader of
// the old one sees (pixels, cells, paragraphs, the drawing instructions of
// pages), so that what nobody thought of is left behind with the rest. Document
// properties, comments, tracked deletions, hidden rows, thumbnails, EXIF, macros,
// scripts, earlier versions and bytes after the end do not come along.
//
// All text goes through the gate, which the caller passes in as a [TextGate].
// Cells and paragraphs are written as the gate masks them. A PDF cannot be masked
// in place: one with a finding is refused. So is one that hides text which a copy
// would show: under a black or white box, outside the page, in the colour of the
// paper. What the gate cannot read (pictures, scanned pages) is held for a person,
// with the rebuilt file ready for her decision.
//
// It fails closed: a panic, a spent limit, a wrong name, a damaged file are
// reasons to refuse. A PDF is read only inside PDFium, which runs as WebAssembly
// without file system, network, clock or randomness and with bounded memory, and
// what is checked is the rebuilt file itself.
//
// Nothing here reads a clock. Equal options and equal input give equal bytes on
// every machine, and a file that was cleaned stays as it is when cleaned again.
package attach
