package opensanctions

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"tocsin/watcher/source"
)

// memory is what is kept of a data set between polls.
type memory struct {
	Form       int               `json:"v"`
	Address    string            `json:"at"` // hash of the index's address: all else is of one
	Version    string            `json:"version,omitempty"`
	DataAt     time.Time         `json:"data_at,omitzero"`
	People     int               `json:"people,omitempty"`    // rows of the last whole file
	Full       time.Time         `json:"full,omitzero"`       // when it was read
	Validators source.Validators `json:"validators,omitzero"` // of the index
	Asked      time.Time         `json:"asked,omitzero"`      // when the index was last asked for without them
	NoDeltas   bool              `json:"no_deltas,omitempty"` // they could not be followed: the whole file is next
}

const memoryForm = 1

// How long the source's own word that nothing changed is taken, and how long
// deltas are followed: after that the index is asked for without validators,
// the whole file is read.
const (
	indexEvery = 24 * time.Hour
	fullEvery  = 7 * 24 * time.Hour
)

// recall reads what was kept. What cannot be read, or is of another data set,
// is nothing: the whole file is read.
func recall(kept []byte, address string) memory {
	hash := sha256.Sum256([]byte(address))
	at := hex.EncodeToString(hash[:8])
	var m memory
	if json.Unmarshal(kept, &m) != nil || m.Form != memoryForm || m.Address != at {
		return memory{Form: memoryForm, Address: at}
	}
	return m
}

func (m memory) bytes() ([]byte, error) { return json.Marshal(m) }
