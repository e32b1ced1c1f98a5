package slack

import (
	"errors"
	"fmt"
	"regexp"

	"tocsin/notifier"
)

// refused is a definite answer of Slack that is not ok, by its error code
// (docs.slack.dev, "Web API", errors of each method).
type refused struct {
	code   string
	needed string // the scope that is missing, where Slack said so
}

func (r *refused) Error() string { return "slack: " + r.code }

// Errors of an answer that is not as Slack's are.
var (
	errGarbled = errors.New("an answer that is not slack's")
	errNoRef   = errors.New("slack accepted the message without saying where it is")
)

// badStatus is an HTTP answer with no error code of Slack's in it.
type badStatus int

func (s badStatus) Error() string { return fmt.Sprintf("slack: status %d", int(s)) }

// turnedAway is an HTTP refusal of a webhook, where nobody could look the
// message up: what was refused by its status was not taken.
type turnedAway int

func (s turnedAway) Error() string { return fmt.Sprintf("slack: turned away with status %d", int(s)) }

// permanent are the codes after which no attempt like it will succeed, with
// what there is to do about them.
var permanent = map[string]string{
	"channel_not_found":                 "there is no such channel, or the app is not in it",
	"not_in_channel":                    "the app is not in the channel",
	"is_archived":                       "the channel is archived",
	"invalid_auth":                      "the token is not valid",
	"not_authed":                        "the token is missing",
	"token_revoked":                     "the token was revoked",
	"token_expired":                     "the token has expired",
	"account_inactive":                  "the app or its user was removed from the workspace",
	"not_allowed_token_type":            "this kind of token may not do this",
	"missing_scope":                     "the token lacks a scope",
	"no_permission":                     "the workspace does not let the app do this",
	"access_denied":                     "the workspace does not let the app do this",
	"restricted_action":                 "the workspace does not let the app post here",
	"ekm_access_denied":                 "an administrator has stopped posting",
	"org_login_required":                "the workspace is moving to an organisation",
	"team_access_not_granted":           "the app is not admitted to this workspace",
	"enterprise_is_restricted":          "the organisation does not let the app do this",
	"two_factor_setup_required":         "the workspace asks for two-factor authentication",
	"msg_too_long":                      "the message is too long",
	"msg_blocks_too_long":               "the message is too long",
	"no_text":                           "the message is empty",
	"invalid_blocks":                    "the message's form is not accepted",
	"invalid_blocks_format":             "the message's form is not accepted",
	"invalid_metadata_format":           "the message's metadata is not accepted",
	"invalid_metadata_schema":           "the message's metadata is not accepted",
	"metadata_too_large":                "the message's metadata is too large",
	"invalid_arguments":                 "the request is not accepted",
	"invalid_arg_name":                  "the request is not accepted",
	"invalid_array_arg":                 "the request is not accepted",
	"invalid_form_data":                 "the request is not accepted",
	"invalid_post_type":                 "the request is not accepted",
	"invalid_payload":                   "the request is not accepted",
	"unknown_method":                    "there is no such method",
	"method_deprecated":                 "the method is no longer served",
	"deprecated_endpoint":               "the method is no longer served",
	"message_not_found":                 "the message is no longer there",
	"cant_update_message":               "the message is not the app's own",
	"edit_window_closed":                "the message is too old to be changed",
	"thread_not_found":                  "the thread is no longer there",
	"cannot_reply_to_message":           "the message cannot be replied to",
	"is_inactive":                       "the channel is frozen",
	"channel_is_archived":               "the channel is archived",
	"action_prohibited":                 "the workspace does not let the webhook post",
	"posting_to_general_channel_denied": "the workspace does not let the webhook post here",
	"no_service":                        "the webhook is disabled, removed or mistyped",
	"no_service_id":                     "the webhook is disabled, removed or mistyped",
	"no_active_hooks":                   "the webhook is disabled",
	"invalid_token":                     "the webhook is not valid",
	"no_team":                           "the webhook's workspace is not there",
	"team_disabled":                     "the workspace is disabled",
	"user_not_found":                    "the person to write to is not there",
}

// remedies say, of some codes, what to do. They end no sentence that came before.
var remedies = map[string]string{
	"channel_not_found":                 "Check channel: it is the id, such as C0123456 (in Slack: the channel's name, About). If it is right, the channel is private or of another workspace: write /invite @the-app in it.",
	"not_in_channel":                    "Write /invite @the-app in the channel.",
	"is_archived":                       "Unarchive the channel, or write another one's id as channel and /invite the app there.",
	"channel_is_archived":               "Unarchive the channel, or make a webhook for another one.",
	"is_inactive":                       "Ask an administrator to unfreeze the channel, or write another one's id as channel.",
	"invalid_auth":                      "Copy the bot token (xoxb-…) again: api.slack.com/apps, the app, OAuth & Permissions, into the file of token_file, alone.",
	"not_authed":                        "Copy the bot token (xoxb-…): api.slack.com/apps, the app, OAuth & Permissions, into the file of token_file.",
	"token_revoked":                     "Install the app again (api.slack.com/apps, the app, Install App) and write the new bot token into the file of token_file.",
	"token_expired":                     "Switch token rotation off, install the app again, and write the new bot token into the file of token_file.",
	"account_inactive":                  "Install the app in the workspace again (api.slack.com/apps, the app, Install App), write the new token into the file of token_file, and /invite the app.",
	"not_allowed_token_type":            "Write the bot token (xoxb-…) into the file of token_file, not a user's or the app's.",
	"missing_scope":                     addScopes,
	"no_permission":                     askAdmin,
	"access_denied":                     askAdmin,
	"restricted_action":                 "Only some may post in this channel: have a workspace administrator allow the app (the channel's settings, Posting permissions), or write another channel's id.",
	"team_access_not_granted":           askAdmin,
	"enterprise_is_restricted":          askAdmin,
	"ekm_access_denied":                 askAdmin,
	"unknown_method":                    "Check api_url: Slack's own is https://slack.com/api/.",
	"action_prohibited":                 askAdmin,
	"posting_to_general_channel_denied": "Make a webhook for another channel.",
	"no_service":                        newWebhook,
	"no_service_id":                     newWebhook,
	"no_active_hooks":                   newWebhook,
	"invalid_token":                     newWebhook,
	"no_team":                           newWebhook,
}

const (
	addScopes  = "Add the scopes at api.slack.com/apps (the app, OAuth & Permissions, Bot Token Scopes), then install the app again: until then they do not count. deploy/slack-manifest.yaml names all that are needed."
	askAdmin   = "Ask a workspace administrator to allow the app."
	newWebhook = "Make a new incoming webhook (api.slack.com/apps, the app, Incoming Webhooks), and write its address into the file of webhook_file."
)

// later are the codes of messages that were not taken now and may be later.
var later = map[string]bool{"ratelimited": true, "rate_limited": true, "message_limit_exceeded": true, "team_added_to_org": true}

var (
	codeShape  = regexp.MustCompile(`^[a-z_]{1,60}$`)
	scopeShape = regexp.MustCompile(`^[a-z.:_, ]{1,120}$`)
)

// failure says what an error means for the message: the one place where that is
// decided. Only what is known not to have arrived is Temporary or Permanent.
// What it says holds nothing that came from the request.
func failure(err error) *notifier.Error {
	var r *refused
	var l *notifier.Limited
	var status badStatus
	var away turnedAway
	switch {
	case errors.As(err, &l):
		return &notifier.Error{Outcome: notifier.Temporary, RetryAfter: l.After, Why: "Slack asks us to wait (rate limited)"}
	case errors.As(err, &r):
		return r.failure()
	case errors.As(err, &status):
		return &notifier.Error{Why: fmt.Sprintf("Slack answered with status %d", int(status))}
	case errors.As(err, &away):
		return &notifier.Error{Outcome: notifier.Temporary, Why: fmt.Sprintf("the webhook answered with status %d", int(away))}
	case errors.Is(err, notifier.ErrUnreached):
		return &notifier.Error{Outcome: notifier.Temporary, Why: "Slack cannot be reached", Do: "Look at the machine's own network, DNS and firewall: it must reach api_url's host on its port."}
	case errors.Is(err, notifier.ErrLate):
		return &notifier.Error{Why: "Slack did not answer in time"}
	case errors.Is(err, errGarbled), errors.Is(err, notifier.ErrLong):
		return &notifier.Error{Why: "the answer was not one of Slack's", Do: "Check api_url (Slack's own is https://slack.com/api/), and that no proxy or sign-in page of the network answers in its place."}
	case errors.Is(err, errNoRef):
		return &notifier.Error{Why: "Slack did not say where the message is"}
	}
	return &notifier.Error{Why: "the connection ended before Slack answered"}
}

func (r *refused) failure() *notifier.Error {
	if !codeShape.MatchString(r.code) {
		return &notifier.Error{Why: "Slack refuses, with no reason that we know"}
	}
	words, ok := permanent[r.code]
	switch {
	case ok:
		if r.code == "missing_scope" && scopeShape.MatchString(r.needed) {
			words += ": " + r.needed
		}
		return &notifier.Error{Outcome: notifier.Permanent, Why: "Slack refuses (" + r.code + "): " + words, Do: remedies[r.code], Gone: r.code == "message_not_found"}
	case later[r.code]:
		return &notifier.Error{Outcome: notifier.Temporary, Why: "Slack asks us to wait (" + r.code + ")"}
	}
	return &notifier.Error{Why: "Slack failed (" + r.code + ")"}
}
