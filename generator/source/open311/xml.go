package open311

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"github.com/huiyin/huiyin/generator/source"
)

const maxDepth = 32 // of elements in each other

var errXML = errors.New("broken XML")

// parseXML reads a document as the JSON value that says the same: an object with the
// root, an element with elements in it an object, elements of the same name in it a list,
// and any other element its text. Attributes say nothing here. A document type is
// refused, so that no entity exists but the five of XML and the single characters that
// HTML names; nothing can swell.
func parseXML(body []byte) (source.Node, error) {
	dec := xml.NewDecoder(bytes.NewReader(body))
	dec.Entity = xml.HTMLEntity
	var root source.Node
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) && root.Kind == source.Object {
			return root, nil
		}
		if err != nil { // whose text would show names
			return root, errXML
		}
		switch t := tok.(type) {
		case xml.StartElement:
			if root.Kind == source.Object {
				return root, errXML
			}
			n, err := element(dec, 1)
			if err != nil {
				return root, err
			}
			root = source.Node{Kind: source.Object, Names: []string{t.Name.Local}, Items: []source.Node{n}}
		case xml.CharData:
			if len(bytes.TrimSpace(t)) > 0 {
				return root, errXML
			}
		case xml.Directive:
			return root, errXML
		}
	}
}

// element reads what stands in an element, to its end.
func element(dec *xml.Decoder, depth int) (source.Node, error) {
	if depth > maxDepth {
		return source.Node{}, errLarge
	}
	n := source.Node{Kind: source.Object}
	at := map[string]int{}
	var b strings.Builder
	for {
		tok, err := dec.Token()
		if err != nil {
			return n, errXML
		}
		switch t := tok.(type) {
		case xml.StartElement:
			in, err := element(dec, depth+1)
			if err != nil {
				return n, err
			}
			name := t.Name.Local
			i, twice := at[name]
			switch {
			case !twice:
				at[name] = len(n.Names)
				n.Names, n.Items = append(n.Names, name), append(n.Items, in)
			case n.Items[i].Kind != source.Array:
				n.Items[i] = source.Node{Kind: source.Array, Items: []source.Node{n.Items[i], in}}
			default:
				n.Items[i].Items = append(n.Items[i].Items, in)
			}
		case xml.CharData:
			b.Write(t)
		case xml.Directive:
			return n, errXML
		case xml.EndElement:
			if len(n.Names) == 0 {
				return source.Node{Kind: source.String, Text: b.String()}, nil
			}
			return n, nil
		}
	}
}
