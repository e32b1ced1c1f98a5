// Package sim is the outside world for tests and for `tocsin demo`: a notices
// service with every trap of the real one (Notices), a Slack workspace (Slack),
// a mail server (Mail), and fictional people to fill them (People). Everything
// runs on loopback, can be changed while it serves, takes its time from a clock
// that is passed in, and draws what is random from a seed.
//
// What the real services do is taken from shared/interpol-api.md (read from
// saved answers), from Slack's API documentation and from RFC 5321; where
// nobody has recorded what a service does, the comment at that place says that
// it is a guess.
package sim
