package meili

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"strings"

	"github.com/meilisearch/meilisearch-go"

	"github.com/huiyin/huiyin/search"
)

// line is a document as the server gets it.
type line struct {
	id    string
	text  []byte
	parts map[string]int // how many fields each text takes, where it is needed
}

func sizeOf(lines []line) int {
	n := 0
	for _, l := range lines {
		n += len(l.text) + 1
	}
	return n
}

// parcel is documents that one task adds.
type parcel struct {
	task  int64
	lines []line
}

const doingAdd = "add documents"

// send enqueues documents, in as many tasks as the server takes them: one that
// finds them too large gets halves. What was enqueued is returned also beside an
// error.
func (e *Engine) send(ctx context.Context, uid string, lines []line) ([]parcel, error) {
	task, err := e.enqueue(ctx, doingAdd, func(ctx context.Context) (int64, error) {
		return e.upload(ctx, uid, lines)
	})
	if err == nil {
		return []parcel{{task, lines}}, nil
	}
	var large *tooLarge
	if !errors.As(err, &large) {
		return nil, err
	}
	if len(lines) == 1 {
		return nil, fmt.Errorf("%w: %s: the server takes no body of %d bytes: raise its --http-payload-size-limit, or that of the proxy before it", search.ErrDoc, lines[0].id, len(lines[0].text))
	}
	e.writer.learn(sizeOf(lines) / 2)
	var sent []parcel
	for _, half := range [][]line{lines[:len(lines)/2], lines[len(lines)/2:]} {
		s, err := e.send(ctx, uid, half)
		sent = append(sent, s...)
		if err != nil {
			return sent, err
		}
	}
	return sent, nil
}

// upload sends documents once. The client library would hide what the server
// found too large.
func (e *Engine) upload(ctx context.Context, uid string, lines []line) (int64, error) {
	var body bytes.Buffer
	body.Grow(sizeOf(lines))
	for _, l := range lines {
		body.Write(l.text)
		body.WriteByte('\n')
	}
	var task struct {
		UID int64 `json:"taskUid"`
	}
	seen, _ := ctx.Value(replyKey{}).(*reply)
	err := e.c.raw(ctx, e.c.upload, http.MethodPost, "/indexes/"+uid+"/documents",
		url.Values{"primaryKey": {fieldID}}, "application/x-ndjson", body.Bytes(), &task)
	var t *Error
	switch {
	case err == nil || !errors.As(translate(ctx, doingAdd, seen, err), &t):
	case t.Status == http.StatusRequestEntityTooLarge || t.Code == codeTooLarge:
		return 0, &tooLarge{t}
	case t.hungUp() && len(lines) > 1 && e.healthy(ctx):
		// A server that answers but hangs up on this body may find it too large
		// and not have waited for its end. If not, halves do no harm.
		return 0, &tooLarge{t}
	}
	return task.UID, err
}

// healthy says whether the server answers.
func (e *Engine) healthy(ctx context.Context) bool {
	return e.c.once(ctx, "ask whether the server is there", func(ctx context.Context) error {
		_, err := e.c.library.HealthWithContext(ctx)
		return err
	}) == nil
}

// batchBytes returns how large a batch may be: Options.BatchBytes, or less where
// the server did not take that.
func (e *Engine) batchBytes() int {
	e.writer.mu.Lock()
	defer e.writer.mu.Unlock()
	if e.writer.most > 0 {
		return min(e.writer.most, e.o.BatchBytes)
	}
	return e.o.BatchBytes
}

// learn notes that the server takes no batches larger than about n bytes.
func (w *writer) learn(n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.most = n
}

// batches cuts documents into batches that are not too large, unless one alone
// is.
func (e *Engine) batches(lines []line) [][]line {
	var all [][]line
	most := e.batchBytes()
	from, size := 0, 0
	for i, l := range lines {
		n := len(l.text) + 1
		if size > 0 && size+n > most {
			all = append(all, lines[from:i])
			from, size = i, 0
		}
		size += n
	}
	if from < len(lines) {
		all = append(all, lines[from:])
	}
	return all
}

// deliver waits until documents have been added. It does again, once, what
// failed because of the server. Documents that it refuses are left to refuse,
// with its code.
func (e *Engine) deliver(ctx context.Context, uid string, sent []parcel, refuse func(lines []line, code string) error) error {
	for again := false; len(sent) > 0; again = true {
		var uids []int64
		for _, p := range sent {
			uids = append(uids, p.task)
		}
		over, err := e.await(ctx, doingAdd, uids...)
		if err != nil {
			return err
		}
		var repeat []parcel
		for _, p := range sent {
			switch o := over[p.task]; {
			case o.gone:
				if err := e.compare(ctx, uid, p.lines); err != nil {
					return err
				}
			case o.code == "":
			case o.code == codeFull || o.code == codeCanceled || o.code == codeNoIndex:
				return failure(doingAdd, o.code)
			case o.code == codeInternal || strings.HasPrefix(o.code, "io_"):
				if again {
					return failure(doingAdd, o.code)
				}
				once, err := e.send(ctx, uid, p.lines)
				if err != nil {
					return err
				}
				repeat = append(repeat, once...)
			default:
				return refuse(p.lines, o.code)
			}
		}
		sent = repeat
	}
	return nil
}

// blame finds, among documents that the server refused together, the first that
// it refuses, and returns an error that names it. They are tried in an index of
// their own, so that none of them is to be found.
func (e *Engine) blame(ctx context.Context, s search.Schema, lines []line, code string) error {
	uid := e.scratch()
	if err := e.createIndexes(ctx, uid); err != nil {
		return err
	}
	defer e.c.once(context.WithoutCancel(ctx), "delete the index of trials", func(ctx context.Context) error {
		_, err := e.c.library.DeleteIndexWithContext(ctx, uid)
		return err
	})
	if err := e.configure(ctx, uid, s); err != nil {
		return err
	}
	for len(lines) > 1 {
		half := lines[:len(lines)/2]
		refused, err := e.refused(ctx, uid, half)
		if err != nil {
			return err
		}
		if refused != "" {
			lines, code = half, refused
		} else {
			lines = lines[len(half):]
		}
	}
	refused, err := e.refused(ctx, uid, lines)
	switch {
	case err != nil:
		return err
	case refused == "":
		return failure(doingAdd, code) // each alone is taken: it was not a document
	}
	return fmt.Errorf("%w: %s: the server refuses it: %s", search.ErrDoc, lines[0].id, refused)
}

// refused adds documents and returns the code with which the server refuses them,
// or "".
func (e *Engine) refused(ctx context.Context, uid string, lines []line) (string, error) {
	sent, err := e.send(ctx, uid, lines)
	if err != nil {
		return "", err
	}
	for _, p := range sent {
		over, err := e.await(ctx, doingAdd, p.task)
		if err != nil {
			return "", err
		}
		if code := over[p.task].code; code != "" {
			return code, nil
		}
	}
	return "", nil
}

// fetchMost is how many documents are fetched at once to be compared.
const fetchMost = 200

// compare wants the documents of an index to be as these lines.
func (e *Engine) compare(ctx context.Context, uid string, lines []line) error {
	for len(lines) > 0 {
		part := lines[:min(len(lines), fetchMost)]
		lines = lines[len(part):]
		have, err := e.fetch(ctx, uid, part)
		if err != nil {
			return err
		}
		for _, l := range part {
			if !same(l.text, have[l.id]) {
				return fmt.Errorf("%w: meili: document %s is not on the server as it was sent: %s", search.ErrUnavailable, l.id, hintAgain)
			}
		}
	}
	return nil
}

// fetch returns the documents that an index has of the lines, by ID.
func (e *Engine) fetch(ctx context.Context, uid string, lines []line) (map[string]meilisearch.Hit, error) {
	ids := make([]string, len(lines))
	for i, l := range lines {
		ids[i] = l.id
	}
	have := map[string]meilisearch.Hit{}
	err := e.c.repeat(ctx, "fetch documents", func(ctx context.Context) error {
		var answer meilisearch.DocumentsResult
		err := e.c.library.Index(uid).GetDocumentsWithContext(ctx, &meilisearch.DocumentsQuery{Ids: ids, Limit: int64(len(ids))}, &answer)
		for _, hit := range answer.Results {
			var id string
			if json.Unmarshal(hit[fieldID], &id) == nil {
				have[id] = hit
			}
		}
		return err
	})
	return have, err
}

// same says whether a document on the server is as it was sent. A server may
// keep back fields that it does not display.
func same(sent []byte, have meilisearch.Hit) bool {
	var want map[string]json.RawMessage
	if have == nil || json.Unmarshal(sent, &want) != nil {
		return false
	}
	for name, value := range want {
		shown := name == fieldID || name == fieldSeq || strings.HasPrefix(name, textField) ||
			strings.HasPrefix(name, keywordField) || strings.HasPrefix(name, numberField)
		if got, ok := have[name]; (ok || shown) && !sameJSON(got, value) {
			return false
		}
	}
	for name := range have {
		if _, ok := want[name]; !ok {
			return false
		}
	}
	return true
}

// sameJSON compares values. Numbers must be written alike, as both sides write
// whole ones.
func sameJSON(a, b json.RawMessage) bool {
	read := func(raw json.RawMessage) (v any, err error) {
		d := json.NewDecoder(bytes.NewReader(raw))
		d.UseNumber()
		err = d.Decode(&v)
		return v, err
	}
	x, errX := read(a)
	y, errY := read(b)
	return errX == nil && errY == nil && reflect.DeepEqual(x, y)
}
