package meilitest

import (
	"bytes"
	"encoding/json"
	"net/http"
)

// apiError is how the server says no, both as an answer and inside a task.
type apiError struct {
	Message string `json:"message"`
	Code    string `json:"code"`
	Type    string `json:"type"`
	Link    string `json:"link"`
}

func (e *apiError) Error() string { return e.Code + ": " + e.Message }

// kinds lists the codes that are not a plain 400 invalid_request.
var kinds = map[string]struct {
	status int
	kind   string
}{
	"api_key_already_exists":       {http.StatusConflict, "invalid_request"},
	"api_key_not_found":            {http.StatusNotFound, "invalid_request"},
	"batch_not_found":              {http.StatusNotFound, "invalid_request"},
	"document_not_found":           {http.StatusNotFound, "invalid_request"},
	"index_already_exists":         {http.StatusConflict, "invalid_request"},
	"index_not_found":              {http.StatusNotFound, "invalid_request"},
	"task_not_found":               {http.StatusNotFound, "invalid_request"},
	"missing_authorization_header": {http.StatusUnauthorized, "auth"},
	"missing_master_key":           {http.StatusUnauthorized, "auth"},
	"invalid_api_key":              {http.StatusForbidden, "auth"},
	"payload_too_large":            {http.StatusRequestEntityTooLarge, "invalid_request"},
	"invalid_content_type":         {http.StatusUnsupportedMediaType, "invalid_request"},
	"missing_content_type":         {http.StatusUnsupportedMediaType, "invalid_request"},
	"no_space_left_on_device":      {http.StatusUnprocessableEntity, "system"},
	"io_error":                     {http.StatusUnprocessableEntity, "system"},
	"too_many_search_requests":     {http.StatusServiceUnavailable, "system"},
	"internal":                     {http.StatusInternalServerError, "internal"},
	"unexpected_error":             {http.StatusInternalServerError, "internal"},
	"not_in_double":                {http.StatusNotImplemented, "internal"},
}

func refuse(code, message string) *apiError {
	kind := "invalid_request"
	if k, ok := kinds[code]; ok {
		kind = k.kind
	}
	return &apiError{Message: message, Code: code, Type: kind, Link: "https://docs.meilisearch.com/errors#" + code}
}

// status is the HTTP status that goes with the error's code.
func (e *apiError) status() int {
	if k, ok := kinds[e.Code]; ok {
		return k.status
	}
	return http.StatusBadRequest
}

// missingIndex is the error of a request or task on an index that does not exist.
func missingIndex(uid string) *apiError {
	return refuse("index_not_found", "Index `"+uid+"` not found.")
}

// outside refuses what a real server would take and the double does not model.
func outside(what string) *apiError {
	return refuse("not_in_double", what+" is not modelled by meilitest.")
}

// encode writes JSON as the server does: without escaping HTML.
func encode(v any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic(err) // only values of this package get here
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

func writeJSON(w http.ResponseWriter, status int, body []byte) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers")
	w.WriteHeader(status)
	w.Write(body)
}
