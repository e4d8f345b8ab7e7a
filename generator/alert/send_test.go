package alert_test

import (
	"bufio"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"strings"
	"testing"
	"time"

	"github.com/huiyin/huiyin/generator/alert"
	"github.com/huiyin/huiyin/generator/fault"
)

// smtp is a mail server that takes one message and remembers what was said.
type smtp struct {
	port   int
	letter chan string
}

func newSMTP(t *testing.T, refuse string) *smtp {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	s := &smtp{port: l.Addr().(*net.TCPAddr).Port, letter: make(chan string, 1)}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			s.talk(c, refuse)
		}
	}()
	return s
}

func (s *smtp) talk(c net.Conn, refuse string) {
	defer c.Close()
	r := bufio.NewReader(c)
	fmt.Fprint(c, "220 made-up ESMTP\r\n")
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		verb, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch verb = strings.ToUpper(verb); {
		case verb == refuse:
			fmt.Fprint(c, "550 no\r\n")
		case verb == "EHLO" || verb == "HELO":
			fmt.Fprint(c, "250-made-up\r\n250 8BITMIME\r\n")
		case verb == "DATA":
			fmt.Fprint(c, "354 go on\r\n")
			var letter strings.Builder
			for {
				line, err := r.ReadString('\n')
				if err != nil {
					return
				}
				if line == ".\r\n" {
					break
				}
				letter.WriteString(strings.TrimPrefix(line, "."))
			}
			s.letter <- letter.String()
			fmt.Fprint(c, "250 taken\r\n")
		case verb == "QUIT":
			fmt.Fprint(c, "221 bye\r\n")
			return
		default:
			fmt.Fprint(c, "250 ok\r\n")
		}
	}
}

func message() alert.Message {
	return alert.Message{
		At: at, Site: "示例市诉求公开",
		Changes: []alert.Change{
			{Condition: alert.Condition{ID: "failed publish", Text: "发布失败", Hint: "huiyin publish"}, Since: at},
			{Condition: alert.Condition{ID: "silent cases", Text: "来源 cases 无更新"}, Since: at.Add(-time.Hour), Over: at},
		},
		Still: []alert.Condition{{ID: "disk low", Text: "磁盘空间不足"}},
	}
}

func TestMail(t *testing.T) {
	s := newSMTP(t, "")
	m := alert.Mail{Host: "127.0.0.1", Port: s.port, From: "huiyin@example.gov.cn", To: []string{"office@example.gov.cn"}, Plain: true, Timeout: 10 * time.Second}
	if err := m.Send(t.Context(), message()); err != nil {
		t.Fatal(err)
	}
	letter, err := mail.ReadMessage(strings.NewReader(<-s.letter))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(letter.Header.Get("Subject"))
	if err != nil || subject != "[回音] 示例市诉求公开：新告警 1 项" {
		t.Errorf("subject %q, %v", subject, err)
	}
	var body io.Reader = quotedprintable.NewReader(letter.Body)
	if letter.Header.Get("Content-Transfer-Encoding") == "base64" {
		body = base64.NewDecoder(base64.StdEncoding, letter.Body)
	}
	text, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	want := "新告警 / new:\n- 发布失败 (2026-11-28 17:00)\n  → huiyin publish\n已解除 / over:\n- 来源 cases 无更新 (2026-11-28 16:00)\n仍未解除 / still there:\n- 磁盘空间不足\n\nhuiyin status\n"
	if got := strings.ReplaceAll(string(text), "\r\n", "\n"); strings.TrimSpace(got) != strings.TrimSpace(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// What the server does not take is named, and no password is said.
func TestMailRefused(t *testing.T) {
	for name, m := range map[string]alert.Mail{
		"recipient": {Host: "127.0.0.1", Port: newSMTP(t, "RCPT").port, Plain: true},
		"no TLS":    {Host: "127.0.0.1", Port: newSMTP(t, "").port},
		"no login":  {Host: "127.0.0.1", Port: newSMTP(t, "").port, Plain: true, User: "huiyin", Password: "made-up-password"},
	} {
		m.From, m.To, m.Timeout = "huiyin@example.gov.cn", []string{"office@example.gov.cn"}, 10*time.Second
		err := m.Send(t.Context(), message())
		if msg, hint, _ := fault.Public(err); !strings.Contains(msg, "did not take") || hint == "" || strings.Contains(err.Error(), "made-up-password") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWebhook(t *testing.T) {
	var got alert.Message
	var body []byte
	var header http.Header
	status := http.StatusNoContent
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header = r.Header
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			t.Error(err)
		}
		w.WriteHeader(status)
	}))
	defer s.Close()
	hook := alert.Webhook{URL: s.URL, Key: []byte("made-up-key-of-24-bytes!"), Client: s.Client(), Random: strings.NewReader("made-up bytes of chance")}
	if err := hook.Send(t.Context(), message()); err != nil {
		t.Fatal(err)
	}
	mac := hmac.New(sha256.New, hook.Key)
	fmt.Fprintf(mac, "msg_6d6164652d75702062797465.1795856400.%s", body)
	if header.Get("Webhook-Id") != "msg_6d6164652d75702062797465" || header.Get("Webhook-Timestamp") != "1795856400" ||
		header.Get("Webhook-Signature") != "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)) {
		t.Errorf("%v", header)
	}
	if err := json.Unmarshal(body, &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Changes) != 2 || got.Site == "" || len(got.Still) != 1 {
		t.Errorf("%+v", got)
	}
	status = http.StatusInternalServerError
	hook.Random = strings.NewReader("other bytes of chance")
	err := hook.Send(t.Context(), message())
	if msg, hint, _ := fault.Public(err); !strings.Contains(msg, "did not take") || hint == "" {
		t.Errorf("%v", err)
	}
}

// A redirect is no acknowledgement, and what is wrong shows nothing of the address, which
// often holds a token.
func TestWebhookRedirect(t *testing.T) {
	followed := false
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/login" {
			followed = true
			return
		}
		http.Redirect(w, r, "/login", http.StatusFound)
	}))
	hook := alert.Webhook{URL: s.URL + "/hook?access_token=made-up-token", Client: s.Client(), Random: strings.NewReader("made-up bytes of chance, and more")}
	err := hook.Send(t.Context(), message())
	if msg, _, _ := fault.Public(err); followed || !strings.Contains(msg, "did not take") {
		t.Errorf("followed: %v, %v", followed, err)
	}
	s.Close()
	err = hook.Send(t.Context(), message())
	if err == nil || strings.Contains(fmt.Sprint(err, errors.Unwrap(err)), "made-up-token") {
		t.Errorf("%v: %v", err, errors.Unwrap(err))
	}
}

// Nothing that stands in a message becomes a header of the mail.
func TestMailHeaders(t *testing.T) {
	s := newSMTP(t, "")
	m := alert.Mail{Host: "127.0.0.1", Port: s.port, From: "huiyin@example.gov.cn", To: []string{"office@example.gov.cn"}, Plain: true, Timeout: 10 * time.Second}
	msg := message()
	msg.Site = "made up\r\nBcc: other@example.com\r\n\r\nbody"
	msg.Changes[0].Text = "made up\r\n.\r\nQUIT"
	if err := m.Send(t.Context(), msg); err != nil {
		t.Fatal(err)
	}
	letter, err := mail.ReadMessage(strings.NewReader(<-s.letter))
	if err != nil {
		t.Fatal(err)
	}
	if letter.Header.Get("Bcc") != "" || letter.Header.Get("To") != "<office@example.gov.cn>" || letter.Header.Get("Mime-Version") == "" {
		t.Errorf("%v", letter.Header)
	}
}
