package record

// Attachment is a file that came with a case (附件), as it may be published: made
// anew by the gate. The name under which it was received is never published.
type Attachment struct {
	Name   string `json:"name"`   // its place among the files received, from 1, and its ending, such as 1.pdf
	Type   string `json:"type"`   // media type
	Size   int64  `json:"size"`   // bytes
	SHA256 string `json:"sha256"` // of the bytes, hexadecimal
}

// AttachmentBody is a published file of a case.
type AttachmentBody struct {
	Number CaseNumber
	Attachment
	Body []byte
}

// AttachmentPath is the address of a file of a case.
func AttachmentPath(n CaseNumber, name string) string { return "case/" + string(n) + "/" + name }
