"""The pages of mailsync, under /w/<slug>/."""

from django.urls import path

from mailsync.views import (
    compose,
    health,
    inbox,
    inbox_thread,
    mailboxes,
    outbox,
    setup,
    steps,
    vendors,
)

app_name = "mailsync"

MAILBOX = "mailboxes/<uuid:mailbox_id>/"
HEALTH = "settings/sync-health/<uuid:mailbox_id>/"
PRIVATE = "inbox/<uuid:private_id>/"
THREAD = "inbox/threads/<uuid:thread_id>/"
MAIL = "compose/<uuid:mail_id>/"

urlpatterns = [
    path("inbox/", inbox.folders, name="folders"),
    path(THREAD, inbox_thread.thread, name="inbox_thread"),
    path(THREAD + "line/", inbox.line, name="inbox_line"),
    path(PRIVATE, inbox_thread.private_message, name="private_message"),
    path(PRIVATE + "body/", inbox_thread.private_body, name="private_body"),
    path("compose/", compose.compose, name="compose"),
    path("compose/preview/", compose.compose_preview, name="compose_preview"),
    path("compose/people/", compose.compose_people, name="compose_people"),
    path(MAIL, compose.draft, name="draft"),
    path(MAIL + "removal/", outbox.draft_removal, name="draft_removal"),
    path(MAIL + "hold/removal/", outbox.unsend, name="unsend"),
    path(MAIL + "sending/", outbox.resend, name="resend"),
    path(MAIL + "confirmation/", outbox.confirmation, name="confirmation"),
    path(MAIL + "confirmation/removal/", outbox.giving_up, name="giving_up"),
    path("outbox/", outbox.outbox, name="outbox"),
    path("mailboxes/", mailboxes.mailboxes, name="mailboxes"),
    path("mailboxes/connection/", mailboxes.connect, name="connect"),
    path("mailboxes/connection/imap/", mailboxes.connect_imap, name="connect_imap"),
    path("mailboxes/google/", vendors.begin, {"vendor": "google"}, name="begin_google"),
    path("mailboxes/microsoft/", vendors.begin, {"vendor": "microsoft"}, name="begin_microsoft"),
    path("mailboxes/files/", mailboxes.connect_file, name="connect_files"),
    path(MAILBOX, setup.mailbox, name="mailbox"),
    path(MAILBOX + "progress/", setup.progress, name="progress"),
    path(MAILBOX + "folders/", setup.folders, name="mailbox_folders"),
    path(MAILBOX + "projects/", setup.projects, name="mailbox_projects"),
    path(MAILBOX + "sending/", outbox.outgoing_server, name="outgoing_server"),
    path(MAILBOX + "settings/", setup.settings, name="mailbox_settings"),
    path(MAILBOX + "pause/", setup.pause, name="pause"),
    path(MAILBOX + "pause/removal/", setup.pause_removal, name="pause_removal"),
    path(MAILBOX + "reading/", setup.reading, name="reading"),
    path(MAILBOX + "replay/", setup.replay, name="replay"),
    path(MAILBOX + "setup/", steps.setup, name="setup"),
    path(MAILBOX + "setup/folders/", steps.folders, name="setup_folders"),
    path(MAILBOX + "setup/projects/", steps.projects, name="setup_projects"),
    path(MAILBOX + "setup/domain/", steps.domain, name="setup_domain"),
    path(MAILBOX + "setup/reading/", steps.reading, name="setup_reading"),
    path(MAILBOX + "visit/", vendors.visit, name="visit"),
    path(MAILBOX + "reconnection/", mailboxes.reconnect, name="reconnect"),
    path(MAILBOX + "disconnection/", mailboxes.disconnection, name="disconnect"),
    path("settings/sync-health/", health.health, name="sync_health"),
    path(HEALTH + "retry/", health.retry, name="health_retry"),
    path(HEALTH + "request/", health.request_to_owner, name="health_request"),
]
