package open311

import (
	"context"
	"errors"

	"github.com/huiyin/huiyin/generator/source/httpget"
)

// Over asks through a client. A server that still wants to be left alone when the client
// has waited as long as it may ends the walk: it is busy, and says nothing of requests.
func Over(c *httpget.Client) Doer { return doer{c} }

type doer struct{ c *httpget.Client }

func (d doer) Get(ctx context.Context, address string) (int, []byte, error) {
	res, err := d.c.Get(ctx, address, nil)
	switch {
	case errors.Is(err, httpget.ErrTooLarge):
		return 0, nil, ErrTooLarge
	case err != nil:
		return 0, nil, err
	case res.Status >= 400 && res.Header.Get("Retry-After") != "":
		return 0, nil, res.Err()
	}
	return res.Status, res.Body, nil
}
