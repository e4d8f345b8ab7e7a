package attach

import (
	"encoding/binary"
	"slices"
)

// fontTables are the tables of a TrueType or OpenType font that readers of PDFs draw
// with. Names, signatures and tables of other programs are left behind.
var fontTables = []string{"CFF ", "GSUB", "OS/2", "cmap", "cvt ", "fpgm", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "post", "prep", "vhea", "vmtx"}

// fontFile returns a font without what stands between and behind its tables. A font of
// another kind stays as it is: what of it is drawn cannot be told from its outside.
func fontFile(in []byte) ([]byte, error) {
	if len(in) < 12 {
		return in, nil
	}
	switch string(in[:4]) {
	case "\x00\x01\x00\x00", "true", "OTTO":
	case "ttcf": // several fonts, of which one is drawn
		return nil, refusal("pdf-features")
	default:
		return in, nil
	}
	n := int(binary.BigEndian.Uint16(in[4:]))
	if len(in) < 12+16*n {
		return nil, refusal("pdf-features")
	}
	tables := map[string][]byte{}
	var tags []string
	size := 0
	for i := range n {
		e := in[12+16*i:]
		tag := string(e[:4])
		at, length := int(binary.BigEndian.Uint32(e[8:])), int(binary.BigEndian.Uint32(e[12:]))
		if !slices.Contains(fontTables, tag) {
			continue
		}
		at = min(at, len(in))
		data := in[at:min(at+length, len(in))] // the last table of a font may be cut short
		if size += len(data); tables[tag] != nil || size > len(in) {
			return nil, refusal("pdf-features") // twice, or tables that share their bytes
		}
		tables[tag] = data
		tags = append(tags, tag)
	}
	slices.Sort(tags)
	k := len(tags)
	power, log := 1, 0
	for 2*power <= k {
		power, log = 2*power, log+1
	}
	out := append([]byte{}, in[:4]...)
	for _, v := range []int{k, 16 * power, log, 16 * (k - power)} {
		out = binary.BigEndian.AppendUint16(out, uint16(v))
	}
	at := 12 + 16*k
	for _, tag := range tags {
		out = append(out, tag...)
		for _, v := range []uint32{checksum(tables[tag]), uint32(at), uint32(len(tables[tag]))} {
			out = binary.BigEndian.AppendUint32(out, v)
		}
		at += (len(tables[tag]) + 3) &^ 3
	}
	for _, tag := range tags {
		out = append(out, tables[tag]...)
		for len(out)%4 != 0 {
			out = append(out, 0)
		}
	}
	return out, nil
}

// checksum adds up a table as fonts state it.
func checksum(b []byte) (sum uint32) {
	for len(b) >= 4 {
		sum, b = sum+binary.BigEndian.Uint32(b), b[4:]
	}
	var rest [4]byte
	copy(rest[:], b)
	return sum + binary.BigEndian.Uint32(rest[:])
}
