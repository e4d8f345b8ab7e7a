package attach

// role is what an object is in a PDF; it decides what of it is carried.
type role int

// The roles. A value without a role of its own is plain: numbers, names, truth
// values and arrays and dictionaries of these.
const (
	rolePlain role = iota
	roleStrings
	rolePage
	roleResources
	roleContent // of a page: one stream or several
	roleGState
	roleMask
	roleXObject
	roleForm
	roleImage
	roleGroup
	roleFont
	roleDescriptor
	roleFontFile
	roleFonts // array of fonts
	roleCMap
	roleEncoding
	roleGlyphs
	roleGlyph
	roleColor
	roleColors
	roleFunction
	rolePattern
	roleTile
	roleShading
	roleFontMap
	roleGStateMap
	roleXObjectMap
	roleColorMap
	rolePatternMap
	roleShadingMap
	roleGStateFont
	roleGIDMap
)

// each maps name to objects of one role.
var members = map[role]role{
	roleFontMap: roleFont, roleGStateMap: roleGState, roleXObjectMap: roleXObject, roleColorMap: roleColor,
	rolePatternMap: rolePattern, roleShadingMap: roleShading, roleGlyphs: roleGlyph,
}

// schema says for each role which keys of a dictionary are carried, and the roles
// of their values. Keys that it does not name are left behind: names of layers,
// private data of programs, alternative texts, thumbnails, metadata.
var schema = map[role]map[string]role{
	rolePage: {
		"Type": 0, "MediaBox": 0, "CropBox": 0, "Rotate": 0, "UserUnit": 0, "Resources": roleResources, "Contents": roleContent, "Group": roleGroup,
	},
	roleResources: {
		"ExtGState": roleGStateMap, "ColorSpace": roleColorMap, "Pattern": rolePatternMap, "Shading": roleShadingMap,
		"XObject": roleXObjectMap, "Font": roleFontMap,
	},
	roleGState: {
		"Type": 0, "LW": 0, "LC": 0, "LJ": 0, "ML": 0, "D": 0, "RI": 0, "OP": 0, "op": 0, "OPM": 0, "FL": 0, "SM": 0, "SA": 0,
		"BM": 0, "CA": 0, "ca": 0, "AIS": 0, "TK": 0, "SMask": roleMask, "Font": roleGStateFont,
	},
	roleMask:  {"Type": 0, "S": 0, "G": roleForm, "BC": 0},
	roleGroup: {"Type": 0, "S": 0, "CS": roleColor, "I": 0, "K": 0},
	roleForm: {
		"Type": 0, "Subtype": 0, "FormType": 0, "BBox": 0, "Matrix": 0, "Resources": roleResources, "Group": roleGroup,
	},
	roleImage: {
		"Type": 0, "Subtype": 0, "Width": 0, "Height": 0, "ColorSpace": roleColor, "BitsPerComponent": 0, "Intent": 0, "ImageMask": 0,
		"Mask": roleImage, "SMask": roleImage, "SMaskInData": 0, "Decode": 0, "Interpolate": 0, "Matte": 0,
	},
	roleFont: {
		"Type": 0, "Subtype": 0, "BaseFont": 0, "FirstChar": 0, "LastChar": 0, "Widths": 0, "FontDescriptor": roleDescriptor,
		"Encoding": roleEncoding, "ToUnicode": roleCMap, "DescendantFonts": roleFonts, "CIDSystemInfo": roleStrings,
		"W": 0, "DW": 0, "W2": 0, "DW2": 0, "CIDToGIDMap": roleGIDMap, "FontBBox": 0, "FontMatrix": 0, "CharProcs": roleGlyphs, "Resources": roleResources,
	},
	roleDescriptor: {
		"Type": 0, "FontName": 0, "FontStretch": 0, "FontWeight": 0, "Flags": 0, "FontBBox": 0, "ItalicAngle": 0, "Ascent": 0, "Descent": 0,
		"Leading": 0, "CapHeight": 0, "XHeight": 0, "StemV": 0, "StemH": 0, "AvgWidth": 0, "MaxWidth": 0, "MissingWidth": 0,
		"FontFile": roleFontFile, "FontFile2": roleFontFile, "FontFile3": roleFontFile,
	},
	roleFontFile: {"Subtype": 0, "Length1": 0, "Length2": 0, "Length3": 0},
	roleGIDMap:   {},
	roleEncoding: {"Type": 0, "BaseEncoding": 0, "Differences": 0, "CMapName": 0, "CIDSystemInfo": roleStrings, "WMode": 0, "UseCMap": roleCMap},
	roleCMap:     {"Type": 0, "CMapName": 0, "CIDSystemInfo": roleStrings, "WMode": 0, "UseCMap": roleCMap},
	roleStrings:  {"Registry": roleStrings, "Ordering": roleStrings, "Supplement": 0},
	roleGlyph:    {},
	roleFunction: {
		"FunctionType": 0, "Domain": 0, "Range": 0, "Size": 0, "BitsPerSample": 0, "Order": 0, "Encode": 0, "Decode": 0,
		"C0": 0, "C1": 0, "N": 0, "Functions": roleFunction, "Bounds": 0,
	},
	rolePattern: {
		"Type": 0, "PatternType": 0, "PaintType": 0, "TilingType": 0, "BBox": 0, "XStep": 0, "YStep": 0, "Resources": roleResources,
		"Matrix": 0, "Shading": roleShading, "ExtGState": roleGState,
	},
	roleShading: {
		"ShadingType": 0, "ColorSpace": roleColor, "Background": 0, "BBox": 0, "AntiAlias": 0, "Coords": 0, "Domain": 0, "Function": roleFunction,
		"Extend": 0, "Matrix": 0, "BitsPerCoordinate": 0, "BitsPerComponent": 0, "BitsPerFlag": 0, "Decode": 0, "VerticesPerRow": 0,
	},
}

// forbidden are the marks of what refuses a PDF, by key of a dictionary.
var forbidden = map[string]string{
	"JS": "pdf-javascript", "JavaScript": "pdf-javascript",
	"EmbeddedFiles": "pdf-embedded-file", "EF": "pdf-embedded-file", "Collection": "pdf-embedded-file",
	"XFA": "pdf-form", "OCProperties": "pdf-layers", "RichMediaContent": "pdf-features",
}

// forbiddenKinds are the same by the value of /S, /Type or /Subtype.
var forbiddenKinds = map[string]string{
	"JavaScript": "pdf-javascript", "EmbeddedFile": "pdf-embedded-file", "FileAttachment": "pdf-embedded-file",
	"Launch": "pdf-actions", "GoToR": "pdf-actions", "GoToE": "pdf-embedded-file", "ImportData": "pdf-actions", "SubmitForm": "pdf-actions",
	"ResetForm": "pdf-form", "Rendition": "pdf-actions", "Movie": "pdf-features", "Sound": "pdf-features", "Screen": "pdf-features",
	"RichMedia": "pdf-features", "3D": "pdf-features", "Widget": "pdf-form", "Redact": "pdf-redaction-pending",
}
