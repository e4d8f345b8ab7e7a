package serve

import (
	"bytes"
	"html"
	"net/http"
	"strconv"

	"github.com/huiyin/huiyin/site/release"
)
