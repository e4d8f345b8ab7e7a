package desk

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"time"

	"golang.org/x/time/rate"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/schedule/job"
)

// Queue keeps what is asked for. The store is one, woken by package schedule.
type Queue interface {
	// RequestID returns the identifier of the request that a message asks for, always the
	// same for the same name of a message. Nobody else can tell it.
	RequestID(ctx context.Context, message string) (string, error)
	// Request keeps a request unless there is one with its identifier, and returns the
	// one that is kept. It is on the disk when it returns.
	Request(ctx context.Context, q job.Request) (kept job.Request, fresh bool, err error)
	Requested(ctx context.Context, id string) (q job.Request, ok bool, err error)
}

// Auditor keeps what a token did: on the disk, before it is done.
type Auditor interface {
	AuditRequest(ctx context.Context, at time.Time, by, origin, target string) error
}

// API is the republish API:
//
//	POST /api/republish      {"scope": "unit", "id": "u-12"}, signed as Standard Webhooks has it
//	GET  /api/jobs/ID        what became of a request
//
// A request is acknowledged (202) when it is kept, and refused without a trace of what was
// wrong with it (401) when its signature does not hold, is more than five minutes off, or
// (409) when it was acknowledged before. It is safe for concurrent use.
type API struct {
	Keys  Keys
	Queue Queue
	Audit Auditor
	Now   func() time.Time
	Log   *slog.Logger  // nil: none
	Limit *rate.Limiter // of requests that are signed well; nil: none
	Noise *rate.Limiter // of lines in Log; nil: none
}

// The addresses of the API.
const (
	RepublishPath = "/api/republish"
	JobsPath      = "/api/jobs/"
)

// RequestKind is the kind of run that a request asks for.
const RequestKind = "republish"

// MaxBody is the longest body of a request, in bytes.
const MaxBody = 64 << 10

// scopes are what can be asked for, with the form of its id; nil: it has none.
var scopes = map[string]func(string) bool{
	"case":  func(id string) bool { _, err := record.ParseCaseNumber(id); return err == nil },
	"unit":  regexp.MustCompile(`^[a-z0-9-]{1,64}$`).MatchString,
	"month": func(id string) bool { m, err := record.ParseMonth(id); return err == nil && m.String() == id },
	"area":  regexp.MustCompile(`^[0-9a-z-]{1,64}$`).MatchString,
	"all":   nil,
}

// ParseScope reads what is to be published again, such as "case 2611-004217", "month
// 2026-11" or "all", and returns it in that form.
func ParseScope(scope, id string) (string, error) {
	check, known := scopes[scope]
	switch {
	case !known:
		return "", fault.New(`the scope is none of "case", "unit", "month", "area" and "all"`, `as in {"scope": "case", "id": "2611-004217"}`)
	case check == nil && id != "":
		return "", fault.New(`the scope "all" has no id`, `send {"scope": "all"}`)
	case check == nil:
		return scope, nil
	case !check(id):
		return "", fault.New(`the id does not have the form of a `+scope, `as in {"scope": "case", "id": "2611-004217"}, {"scope": "month", "id": "2026-11"}`)
	}
	return scope + " " + id, nil
}

// Routes adds the API to a server. Without a key nothing can be asked for, only what became
// of what was.
func (a *API) Routes(mux *http.ServeMux) {
	if len(a.Keys.keys) > 0 {
		mux.HandleFunc("POST "+RepublishPath, a.republish)
	}
	mux.HandleFunc("GET "+JobsPath+"{id}", a.job)
}

// answer is what the API says of a request.
type answer struct {
	Job     string    `json:"job"` // its address
	State   job.State `json:"state"`
	Scope   string    `json:"scope"`
	At      time.Time `json:"at"`
	Release int64     `json:"release,omitempty"` // that answers it
	Reason  string    `json:"reason,omitempty"`  // why it failed; of one that is done, what else of its run was not
	Ended   time.Time `json:"ended,omitzero"`
}

func answerOf(q job.Request) answer {
	return answer{Job: JobsPath + q.ID, State: q.State, Scope: q.Scope, At: q.At.UTC(), Release: q.Release, Reason: q.Reason, Ended: q.Ended}
}

func (a *API) republish(w http.ResponseWriter, r *http.Request) {
	now := a.Now()
	message, err := head(r.Header, now)
	if err != nil { // at once: whoever sends nothing more is not waited for
		w.Header().Set("Connection", "close")
		a.unsigned(w, r)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
	if err != nil {
		if large := new(http.MaxBytesError); errors.As(err, &large) {
			a.refuse(w, r, http.StatusRequestEntityTooLarge, "the body is longer than 64 KiB", `send {"scope": "all"} or the like`)
			return
		}
		a.refuse(w, r, http.StatusBadRequest, "the body could not be read", "send it again")
		return
	}
	key, err := a.Keys.verify(message, body)
	if err != nil {
		a.unsigned(w, r)
		return
	}
	// Not before: whoever has no key could keep those who have one from being heard.
	if a.Limit != nil && !a.Limit.Allow() {
		w.Header().Set("Retry-After", "10")
		a.refuse(w, r, http.StatusTooManyRequests, "too many requests", "ask again in ten seconds")
		return
	}
	scope, err := ReadScope(body)
	if err != nil {
		msg, hint, _ := fault.Public(err)
		a.refuse(w, r, http.StatusUnprocessableEntity, msg, hint)
		return
	}
	name, err := a.Queue.RequestID(r.Context(), message.id)
	if err != nil {
		a.broken(w, r, err)
		return
	}
	q := job.Request{ID: name, Kind: RequestKind, Scope: scope, By: "republish key " + string(rune('0'+key)), At: now}
	if _, known, err := a.Queue.Requested(r.Context(), q.ID); err != nil {
		a.broken(w, r, err)
		return
	} else if known {
		a.refuse(w, r, http.StatusConflict, "a message with this id was taken before", "give each message an id of its own; look at "+JobsPath+q.ID)
		return
	}
	if err := a.Audit.AuditRequest(r.Context(), now, q.By, r.RemoteAddr, scope); err != nil {
		a.broken(w, r, err)
		return
	}
	kept, fresh, err := a.Queue.Request(r.Context(), q)
	switch {
	case err != nil:
		a.broken(w, r, err)
	case !fresh:
		a.refuse(w, r, http.StatusConflict, "a message with this id was taken before", "give each message an id of its own; look at "+JobsPath+q.ID)
	default:
		w.Header().Set("Location", JobsPath+kept.ID)
		a.say(w, http.StatusAccepted, answerOf(kept))
	}
}

// ReadScope reads the body of a request, and returns what [ParseScope] does.
func ReadScope(body []byte) (string, error) {
	var asked struct {
		Scope string `json:"scope"`
		ID    string `json:"id"`
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	err := d.Decode(&asked)
	if _, more := d.Token(); err != nil || !errors.Is(more, io.EOF) {
		return "", fault.New("the body is not a JSON object with scope and id", `as in {"scope": "case", "id": "2611-004217"}`)
	}
	return ParseScope(asked.Scope, asked.ID)
}

// jobID is the form of an identifier of a request.
var jobID = regexp.MustCompile(`^[0-9a-f]{32}$`)

func (a *API) job(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	if !jobID.MatchString(id) {
		a.refuse(w, r, http.StatusNotFound, "there is no such job", "look for the address that was answered")
		return
	}
	q, ok, err := a.Queue.Requested(r.Context(), id)
	switch {
	case err != nil:
		a.broken(w, r, err)
	case !ok:
		a.refuse(w, r, http.StatusNotFound, "there is no such job", "look for the address that was answered; jobs are kept for some time only")
	default:
		a.say(w, http.StatusOK, answerOf(q))
	}
}

// refusal is the body of an answer that is none.
type refusal struct {
	Error string `json:"error"`
	Hint  string `json:"hint"`
}

func (a *API) refuse(w http.ResponseWriter, r *http.Request, status int, msg, hint string) {
	a.log(r, status, nil)
	a.say(w, status, refusal{msg, hint})
}

func (a *API) unsigned(w http.ResponseWriter, r *http.Request) {
	a.refuse(w, r, http.StatusUnauthorized, "the signature does not hold", "sign id.timestamp.body with the key, and set the clock")
}

func (a *API) broken(w http.ResponseWriter, r *http.Request, err error) {
	a.log(r, http.StatusServiceUnavailable, err)
	w.Header().Set("Retry-After", "30")
	a.say(w, http.StatusServiceUnavailable, refusal{"the request could not be kept", "send it again, with the same id"})
}

// log says what was refused and why, and nothing of what was sent.
func (a *API) log(r *http.Request, status int, err error) {
	if a.Log == nil || a.Noise != nil && !a.Noise.Allow() {
		return
	}
	path, _, _ := strings.Cut(r.Pattern, "{")
	attrs := []any{"path", path, "status", status, "from", r.RemoteAddr}
	if err != nil {
		attrs = append(attrs, "error", err)
	}
	a.Log.Warn("request refused", attrs...)
}

func (a *API) say(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the client may be gone; there is nobody to tell
}
