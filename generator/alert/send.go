package alert

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	mail "github.com/wneessen/go-mail"

	"github.com/huiyin/huiyin/generator/fault"
)

// Mail sends messages by SMTP.
type Mail struct {
	Host     string
	Port     int
	From     string
	To       []string
	User     string      // empty: no login
	Password string      // of User; no error shows it
	Plain    bool        // without TLS, for a server on this machine; else STARTTLS is demanded
	TLS      *tls.Config // nil: the usual one
	Timeout  time.Duration
}

// Name implements [Sender].
func (m Mail) Name() string { return "mail" }

// Send implements [Sender].
func (m Mail) Send(ctx context.Context, msg Message) error {
	subject, body := msg.Words()
	return m.send(ctx, subject, body)
}

// Text sends a text that is no alert, such as a digest.
func (m Mail) Text(ctx context.Context, subject, body string) error {
	return m.send(ctx, subject, body)
}

func (m Mail) send(ctx context.Context, subject, body string) error {
	letter := mail.NewMsg()
	if err := letter.From(m.From); err != nil {
		return fault.Coded(fault.ExitConfig, "alerts.mail.from is no address", "write it like huiyin@example.gov.cn", err)
	}
	if err := letter.To(m.To...); err != nil {
		return fault.Coded(fault.ExitConfig, "alerts.mail.to holds what is no address", "write them like office@example.gov.cn", err)
	}
	letter.Subject(subject)
	letter.SetBodyString(mail.TypeTextPlain, body)
	options := []mail.Option{mail.WithPort(m.Port), mail.WithTimeout(m.Timeout), mail.WithTLSPolicy(mail.TLSMandatory)}
	if m.TLS != nil {
		options = append(options, mail.WithTLSConfig(m.TLS))
	}
	if m.Plain {
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	}
	if m.User != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(m.User), mail.WithPassword(m.Password))
	}
	c, err := mail.NewClient(m.Host, options...)
	if err == nil {
		err = c.DialAndSendWithContext(ctx, letter)
	}
	if err != nil {
		return fault.Wrap(err, "the mail server "+m.Host+" did not take the message", "check alerts.mail and the server; it is sent again with the next run")
	}
	return nil
}

// Words returns a message as a subject and a text, in Chinese and English.
func (m Message) Words() (subject, body string) {
	begun, over := 0, 0
	for _, c := range m.Changes {
		if c.Over.IsZero() {
			begun++
		} else {
			over++
		}
	}
	switch {
	case begun == 0:
		subject = fmt.Sprintf("[回音] %s：%d 项告警已解除", m.Site, over)
	default:
		subject = fmt.Sprintf("[回音] %s：新告警 %d 项", m.Site, begun)
	}
	zone := time.FixedZone("UTC+8", 8*3600)
	var b strings.Builder
	list := func(head string, want bool) {
		first := true
		for _, c := range m.Changes {
			if c.Over.IsZero() != want {
				continue
			}
			if first {
				b.WriteString(head + "\n")
				first = false
			}
			fmt.Fprintf(&b, "- %s (%s)\n", c.Text, c.Since.In(zone).Format("2006-01-02 15:04"))
			if c.Hint != "" && want {
				fmt.Fprintf(&b, "  → %s\n", c.Hint)
			}
		}
	}
	list("新告警 / new:", true)
	list("已解除 / over:", false)
	if len(m.Still) > 0 {
		b.WriteString("仍未解除 / still there:\n")
		for _, c := range m.Still {
			fmt.Fprintf(&b, "- %s\n", c.Text)
		}
	}
	b.WriteString("\nhuiyin status\n")
	return subject, b.String()
}

// Webhook posts messages as JSON, signed as Standard Webhooks has it.
type Webhook struct {
	URL    string
	Key    []byte // empty: not signed
	Client *http.Client
	Random io.Reader // fit for secrets
}

// Name implements [Sender].
func (w Webhook) Name() string { return "webhook" }

// Send implements [Sender]. Any answer of 200 to 299 is an acknowledgement. A redirect is
// none, and is not followed: the page of a sign-in at its end would look like one. No error
// shows the address, which often holds a token.
func (w Webhook) Send(ctx context.Context, m Message) error {
	body, err := json.Marshal(m)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.URL, bytes.NewReader(body))
	if err != nil {
		return fault.Coded(fault.ExitConfig, "alerts.webhook.url is no address", "write it like https://hooks.example.gov.cn/huiyin", nil)
	}
	id := make([]byte, 12)
	if _, err := io.ReadFull(w.Random, id); err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	req.Header.Set("User-Agent", "huiyin")
	req.Header.Set("Webhook-Id", "msg_"+hex.EncodeToString(id))
	req.Header.Set("Webhook-Timestamp", strconv.FormatInt(m.At.Unix(), 10))
	if len(w.Key) > 0 {
		mac := hmac.New(sha256.New, w.Key)
		fmt.Fprintf(mac, "%s.%s.%s", req.Header.Get("Webhook-Id"), req.Header.Get("Webhook-Timestamp"), body)
		req.Header.Set("Webhook-Signature", "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	}
	const hint = "check alerts.webhook and the server; it is sent again with the next run"
	client := *w.Client
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := client.Do(req)
	if err != nil {
		if where := (*url.Error)(nil); errors.As(err, &where) {
			err = where.Err
		}
		return fault.Wrap(err, "the webhook did not answer", hint)
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 64<<10)) // what it says is of no use
	if res.StatusCode < 200 || res.StatusCode > 299 {
		return fault.Wrap(fmt.Errorf("status %d", res.StatusCode), "the webhook did not take the message", hint)
	}
	return nil
}
