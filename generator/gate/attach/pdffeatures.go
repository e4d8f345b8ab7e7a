package attach

// forbiddenIn looks at everything that hangs on the catalogue and refuses the file
// for each thing that must not be there. What is left behind without harm is noted.
func (j *job) forbiddenIn(f *pdfFile) error {
	root, err := f.asDict(f.trailer["Root"])
	if err != nil || root == nil {
		return errPDF
	}
	if f.trailer["Encrypt"] != nil {
		return refusal("encrypted")
	}
	if f.trailer["Info"] != nil || root["Metadata"] != nil {
		j.drop("properties")
	}
	seen := map[pdfRef]bool{}
	todo := []any{root}
	for len(todo) > 0 {
		o := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if r, ok := o.(pdfRef); ok {
			if seen[r] {
				continue
			}
			seen[r] = true
		}
		if o, err = f.get(o); err != nil {
			return err
		}
		dict, _ := o.(pdfDict)
		switch o := o.(type) {
		case pdfArray:
			todo = append(todo, o...)
		case *pdfStream:
			dict = o.dict
		}
		if dict == nil {
			continue
		}
		if err := j.forbiddenDict(f, dict); err != nil {
			return err
		}
		for _, v := range dict {
			switch v.(type) {
			case pdfRef, pdfArray, pdfDict:
				todo = append(todo, v)
			}
		}
	}
	return nil
}

// forbiddenDict looks at one dictionary.
func (j *job) forbiddenDict(f *pdfFile, dict pdfDict) error {
	var codes []string
	for k, v := range dict {
		if code := forbidden[k]; code != "" {
			// An action may also be a name of such a key in a table of names.
			codes = append(codes, code)
		}
		switch k {
		case "S", "Type", "Subtype":
			o, err := f.get(v)
			if err != nil {
				return err
			}
			if n, ok := o.(pdfName); ok && forbiddenKinds[string(n)] != "" {
				codes = append(codes, forbiddenKinds[string(n)])
			}
		case "AcroForm":
			form, err := f.asDict(v)
			if err != nil {
				return err
			}
			fields, err := f.list(form["Fields"])
			if err != nil {
				return err
			}
			if len(fields) > 0 {
				codes = append(codes, "pdf-form")
			}
		case "Annots":
			j.drop("annotations")
		case "Outlines":
			j.drop("bookmarks")
		case "PieceInfo", "Thumb", "StructTreeRoot", "Metadata":
			j.drop("properties")
		}
	}
	for _, code := range codes {
		j.refuse(code)
	}
	return nil
}

// pages returns the pages of a file, with what they inherit.
func (j *job) pages(f *pdfFile) ([]pdfDict, error) {
	root, err := f.asDict(f.trailer["Root"])
	if err != nil || root == nil {
		return nil, errPDF
	}
	var out []pdfDict
	seen := map[pdfRef]bool{}
	var walk func(o any, from pdfDict, depth int) error
	walk = func(o any, from pdfDict, depth int) error {
		if r, ok := o.(pdfRef); ok {
			if seen[r] {
				return errPDF
			}
			seen[r] = true
		}
		d, err := f.asDict(o)
		if err != nil {
			return err
		}
		if d == nil || depth > maxPDFDepth {
			return errPDF
		}
		page := pdfDict{}
		for _, k := range []string{"MediaBox", "CropBox", "Rotate", "Resources"} {
			if page[k] = d[k]; page[k] == nil {
				page[k] = from[k]
			}
		}
		if d["Kids"] != nil {
			kids, err := f.list(d["Kids"])
			if err != nil {
				return err
			}
			for _, k := range kids {
				if err := walk(k, page, depth+1); err != nil {
					return err
				}
			}
			return nil
		}
		if len(out) >= j.opts.Limits.Pages {
			return refusal("too-many-pages")
		}
		for k, v := range d {
			if page[k] == nil {
				page[k] = v
			}
		}
		out = append(out, page)
		return nil
	}
	if err := walk(root["Pages"], nil, 0); err != nil {
		return nil, err
	}
	if len(out) == 0 {
		return nil, errPDF
	}
	return out, nil
}
