package gate

// The reasons for which a case is held as a whole because of what it is about.
const (
	sensitiveMinor    = "sensitive-minor"
	sensitiveHealth   = "sensitive-health"
	sensitiveSexual   = "sensitive-sexual"
	sensitiveDomestic = "sensitive-domestic"
	sensitiveSecret   = "sensitive-secret"
)

// sensitiveReasons lists them.
func sensitiveReasons() []string {
	return []string{sensitiveMinor, sensitiveHealth, sensitiveSexual, sensitiveDomestic, sensitiveSecret}
}
