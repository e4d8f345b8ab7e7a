package meilitest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
)

// key is an API key. Its value is not kept: it follows from the master key and
// the uid.
type key struct {
	Name        *string    `json:"name"`
	Description *string    `json:"description"`
	Key         string     `json:"key"`
	UID         string     `json:"uid"`
	Actions     []string   `json:"actions"`
	Indexes     []string   `json:"indexes"`
	ExpiresAt   *time.Time `json:"expiresAt"`
	CreatedAt   time.Time  `json:"createdAt"`
	UpdatedAt   time.Time  `json:"updatedAt"`
}

// KeyValue is the value of the key with this uid on a server with this master
// key: what a client sends after "Bearer ".
func KeyValue(masterKey, uid string) string {
	mac := hmac.New(sha256.New, []byte(masterKey))
	mac.Write([]byte(strings.ToLower(uid)))
	return hex.EncodeToString(mac.Sum(nil))
}

// indexRights are the indexes that the key of a request may touch.
type indexRights struct {
	all      bool
	patterns []string
}

func (r indexRights) allow(uid string) bool {
	return r.all || slices.ContainsFunc(r.patterns, func(p string) bool {
		prefix, star := strings.CutSuffix(p, "*")
		return p == uid || star && strings.HasPrefix(uid, prefix)
	})
}

// refuseIndex is the error of a key that may do the action, but not here.
func (r indexRights) refuseIndex(uid string) *apiError {
	return refuse("invalid_api_key", fmt.Sprintf("The API key cannot acces the index `%s`, authorized indexes are %s.", uid, compact(r.patterns)))
}

// defaultKeys are the keys that a server with a master key makes at its first
// start. Their uids are random there and fixed here.
func (s *Server) defaultKeys() {
	if s.o.MasterKey == "" {
		return
	}
	for i, d := range []struct {
		name    string
		actions []string
	}{
		{"Default Search API Key", []string{"search"}},
		{"Default Admin API Key", []string{"*"}},
		{"Default Read-Only Admin API Key", []string{"*.get", "keys.get"}},
		{"Default Chat API Key", []string{"chatCompletions", "search"}},
	} {
		s.addKey(&key{Name: &d.name, UID: fmt.Sprintf("00000000-0000-4000-8000-%012d", i+1), Actions: d.actions, Indexes: []string{"*"}})
	}
}

func (s *Server) addKey(k *key) {
	k.Key = KeyValue(s.o.MasterKey, k.UID)
	k.CreatedAt = s.o.Now().UTC()
	k.UpdatedAt = k.CreatedAt
	s.keys = append(s.keys, k)
}

// authorise finds the key of a request and asks whether it may do the action, on
// the index uid if that is not empty.
func (s *Server) authorise(r *http.Request, action, uid string) (indexRights, *apiError) {
	everything := indexRights{all: true}
	if s.o.MasterKey == "" {
		if strings.HasPrefix(action, "keys.") {
			return everything, refuse("missing_master_key", "Meilisearch is running without a master key. To access this API endpoint, you must have set a master key at launch.")
		}
		return everything, nil
	}
	header := r.Header.Get("Authorization")
	if header == "" {
		return everything, refuse("missing_authorization_header", "The Authorization header is missing. It must use the bearer authorization method.")
	}
	value, _ := strings.CutPrefix(header, "Bearer ")
	if value == s.o.MasterKey {
		return everything, nil
	}
	invalid := refuse("invalid_api_key", "The provided API key is invalid.")
	i := slices.IndexFunc(s.keys, func(k *key) bool { return k.Key == value })
	if i < 0 {
		return everything, invalid
	}
	k := s.keys[i]
	if k.ExpiresAt != nil && !k.ExpiresAt.After(s.o.Now()) || !k.may(action) {
		return everything, invalid
	}
	rights := indexRights{all: slices.Contains(k.Indexes, "*"), patterns: k.Indexes}
	if uid != "" && !rights.allow(uid) {
		return everything, rights.refuseIndex(uid)
	}
	return rights, nil
}

func (k *key) may(action string) bool {
	group, what, _ := strings.Cut(action, ".")
	return slices.ContainsFunc(k.Actions, func(a string) bool {
		switch a {
		case "*":
			return true
		case "*.get":
			return what == "get" && group != "keys"
		}
		return a == action || a == group+".*"
	})
}

// actions are the names that a key may list, in the server's order.
var actions = strings.Fields(`* search documents.* documents.add documents.get documents.delete
	indexes.* indexes.create indexes.get indexes.update indexes.delete indexes.swap
	tasks.* tasks.cancel tasks.delete tasks.get settings.* settings.get settings.update
	stats.* stats.get metrics.* metrics.get dumps.* dumps.create snapshots.* snapshots.create version
	keys.create keys.get keys.update keys.delete experimental.get experimental.update export
	network.get network.update chatCompletions chats.* chats.get chats.delete
	chatsSettings.* chatsSettings.get chatsSettings.update *.get
	webhooks.get webhooks.update webhooks.delete webhooks.create webhooks.* indexes.compact fields.post tasks.compact
	dynamicSearchRules.get dynamicSearchRules.create dynamicSearchRules.update dynamicSearchRules.delete dynamicSearchRules.*`)

var uuid = regexp.MustCompile(`^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$`)

func (s *Server) keyShape() check {
	return object(shape{
		{name: "description", code: "invalid_api_key_description", check: orNull(text)},
		{name: "name", code: "invalid_api_key_name", check: orNull(text)},
		{name: "uid", code: "invalid_api_key_uid", check: orNull(func(path, code string, v any) *apiError {
			if e := text(path, code, v); e != nil {
				return e
			}
			if !uuid.MatchString(v.(string)) {
				return wrongValue(path, code, "`"+v.(string)+"` is not a valid uuid")
			}
			return nil
		})},
		{name: "actions", code: "invalid_api_key_actions", must: true, check: list(oneOf(actions...))},
		{name: "indexes", code: "invalid_api_key_indexes", must: true, check: list(func(path, code string, v any) *apiError {
			if e := text(path, code, v); e != nil {
				return e
			}
			if uid := strings.TrimSuffix(v.(string), "*"); uid != "" && !validUID.MatchString(uid) {
				return wrongValue(path, code, badUID(v.(string)))
			}
			return nil
		})},
		{name: "expiresAt", code: "invalid_api_key_expires_at", must: true, check: orNull(func(path, code string, v any) *apiError {
			if e := text(path, code, v); e != nil {
				return e
			}
			if t, err := parseTime(v.(string)); err != nil || !t.After(s.o.Now()) {
				return wrongValue(path, code, "`"+v.(string)+"` is not a valid date. It should follow the RFC 3339 format to represents a date or datetime in the future or specified as a null value. e.g. 'YYYY-MM-DD' or 'YYYY-MM-DD HH:MM:SS'.\n")
			}
			return nil
		})},
	})
}

// parseTime reads the two ways in which the server takes a point in time.
func parseTime(v string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, v)
	if err != nil {
		t, err = time.Parse(time.DateOnly, v)
	}
	if err != nil {
		t, err = time.Parse(time.DateTime, v)
	}
	return t, err
}

func (s *Server) createKey(r *request) reply {
	var in struct {
		Name, Description, UID, ExpiresAt *string
		Actions, Indexes                  []string
	}
	if e := r.decode(s.keyShape(), &in); e != nil {
		return fail(e)
	}
	k := &key{Name: in.Name, Description: in.Description, Actions: in.Actions, Indexes: in.Indexes}
	if in.ExpiresAt != nil {
		t, _ := parseTime(*in.ExpiresAt) // was checked
		k.ExpiresAt = &t
	}
	if in.UID != nil {
		k.UID = strings.ToLower(*in.UID)
	} else {
		k.UID = fmt.Sprintf("00000000-0000-4000-8001-%012d", len(s.keys)+1)
	}
	if s.findKey(k.UID) != nil {
		return fail(refuse("api_key_already_exists", "`uid` field value `"+k.UID+"` is already an existing API key."))
	}
	s.addKey(k)
	return ok(k).changed(http.StatusCreated)
}

// findKey looks for a key by uid or by value.
func (s *Server) findKey(name string) *key {
	i := slices.IndexFunc(s.keys, func(k *key) bool { return k.UID == strings.ToLower(name) || k.Key == name })
	if i < 0 {
		return nil
	}
	return s.keys[i]
}

func (s *Server) getKey(r *request) reply {
	k := s.findKey(r.params[0])
	if k == nil {
		return fail(missingKey(r.params[0]))
	}
	return ok(k)
}

func missingKey(name string) *apiError {
	return refuse("api_key_not_found", "API key `"+name+"` not found.")
}

func (s *Server) listKeys(r *request) reply {
	offset, limit, e := r.window(20)
	if e != nil {
		return fail(e)
	}
	// The newest come first.
	all := slices.Clone(s.keys)
	slices.Reverse(all)
	return ok(page(all, offset, limit))
}

func (s *Server) updateKey(r *request) reply {
	var in struct{ Name, Description *string }
	e := r.decode(object(shape{
		{name: "description", code: "invalid_api_key_description", check: orNull(text)},
		{name: "name", code: "invalid_api_key_name", check: orNull(text)},
	}), &in)
	if e != nil {
		return fail(e)
	}
	k := s.findKey(r.params[0])
	if k == nil {
		return fail(missingKey(r.params[0]))
	}
	if in.Name != nil {
		k.Name = in.Name
	}
	if in.Description != nil {
		k.Description = in.Description
	}
	k.UpdatedAt = s.o.Now().UTC()
	return ok(k)
}

func (s *Server) deleteKey(r *request) reply {
	k := s.findKey(r.params[0])
	if k == nil {
		return fail(missingKey(r.params[0]))
	}
	s.keys = slices.DeleteFunc(s.keys, func(other *key) bool { return other == k })
	return reply{status: http.StatusNoContent}
}
