// Package durable writes files that survive a power cut.
//
// A program that is killed loses nothing that it has written, because the
// kernel has it. A machine that loses power loses whatever was not synced: the
// contents of a file, the name it was renamed to, and, easily forgotten, the
// folder that was just made for it. The functions here sync all three, in that
// order, before they return:
//
//   - [WriteFile] writes a temporary file, syncs it, renames it and syncs the
//     folder. Whoever opens the name sees the old contents or the new, whole.
//   - [MkdirAll] syncs the parent of each folder that it makes.
//   - [Rename] and [Remove] sync the folders whose entries they change.
//
// They work through an [FS], which is the operating system in the program and a
// file system that crashes in tests. Methods of an FS alone promise nothing
// about power cuts; its Sync and SyncAll do.
package durable
