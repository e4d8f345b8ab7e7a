package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"os/user"
	"strconv"
	"strings"

	"github.com/huiyin/huiyin/generator/store"
)

// fromHere is where an act of the command line comes from.
const fromHere = "command line"

// act is an act of the command line that is done now. Who does it is the name that was
// given, or else the account of the machine that the program runs under.
func (in *installation) act(what, by, reason string) store.Act {
	return store.Act{At: in.a.now(), By: in.a.who(by), Origin: fromHere, Act: what, Reason: reason}
}

// who is who does an act, as stated: the name that was given, or else the account of the
// machine that the program runs under.
func (a *app) who(by string) string {
	if by = strings.TrimSpace(by); by != "" {
		return by
	}
	if u, err := user.Current(); err == nil && u.Username != "" {
		return "account " + u.Username
	}
	return "account " + strconv.Itoa(os.Getuid())
}

// audited keeps acts in the audit, in their order: before what they do is done, since
// nothing is to be done without a trace. What then fails has left its trace all the same.
func (in *installation) audited(ctx context.Context, acts ...store.Act) error {
	for _, act := range acts {
		if _, err := in.store.Audit(ctx, act); err != nil {
			return err
		}
	}
	return nil
}

// sumOf is the SHA-256 of a text, as an act holds it of what was before and after.
func sumOf(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
