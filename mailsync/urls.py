"""The pages of mailsync, under /w/<slug>/."""

from django.urls import path

from mailsync.views import inbox, mailboxes, setup

app_name = "mailsync"

MAILBOX = "mailboxes/<uuid:mailbox_id>/"
PRIVATE = "inbox/<uuid:private_id>/"

urlpatterns = [
    path("inbox/", inbox.folders, name="folders"),
    path(PRIVATE, inbox.private_message, name="private_message"),
    path(PRIVATE + "body/", inbox.private_body, name="private_body"),
    path("mailboxes/", mailboxes.mailboxes, name="mailboxes"),
    path("mailboxes/connection/", mailboxes.connect, name="connect"),
    path("mailboxes/files/", mailboxes.connect_file, name="connect_files"),
    path(MAILBOX, setup.mailbox, name="mailbox"),
    path(MAILBOX + "progress/", setup.progress, name="progress"),
    path(MAILBOX + "folders/", setup.folders, name="mailbox_folders"),
    path(MAILBOX + "projects/", setup.projects, name="mailbox_projects"),
    path(MAILBOX + "settings/", setup.settings, name="mailbox_settings"),
    path(MAILBOX + "pause/", setup.pause, name="pause"),
    path(MAILBOX + "pause/removal/", setup.pause_removal, name="pause_removal"),
    path(MAILBOX + "reading/", setup.reading, name="reading"),
    path(MAILBOX + "replay/", setup.replay, name="replay"),
    path(MAILBOX + "reconnection/", mailboxes.reconnect, name="reconnect"),
    path(MAILBOX + "disconnection/", mailboxes.disconnection, name="disconnect"),
]
