package opensanctions

// What the tests of parsing reach for.
var (
	ParseEntity = parseEntity
	ParseIndex  = parseIndex
	ParseDeltas = parseDeltas
	Lines       = lines
)

// ChangeOf is parseChange: whether the entity is removed, and its id.
func ChangeOf(line []byte) (removed bool, id string, err error) {
	c, err := parseChange(line, "mirror")
	return c.removed, c.id, err
}
