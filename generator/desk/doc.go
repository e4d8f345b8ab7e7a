// Package desk is what an office talks to while Huiyin runs by itself: at present the
// republish API, by which its own systems ask for a publication and learn what became
// of it. It shows nothing of a case.
package desk
