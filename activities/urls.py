"""The pages of activities, under /w/<slug>/."""

from django.urls import path

from activities.views import (
    activity,
    assigning,
    changes,
    entries,
    lists,
    notes,
    private,
    queues,
    threads,
    timelines,
)

app_name = "activities"

ACTIVITY = "activities/<uuid:activity_id>/"
ASSIGNMENT = ACTIVITY + "assignment/<uuid:assignment_id>/"
THREAD = "threads/<uuid:thread_id>/"
SETTINGS = "settings/"

urlpatterns = [
    path("activities/", lists.activities, name="list"),
    path("activities/unassigned/", queues.unassigned, name="unassigned"),
    path("activities/needs-project/", queues.needs_project, name="needs_project"),
    path("activities/changes/", changes.changes, name="changes"),
    path("activities/changes/<uuid:change_id>/undo/", changes.change_undo, name="change_undo"),
    path("activities/assignment/", assigning.assignment, name="assignment"),
    path("activities/dismissal/", assigning.dismissal, name="dismissal"),
    path("activities/note/", notes.notes, name="notes"),
    path(ACTIVITY, activity.activity, name="activity"),
    path(ACTIVITY + "mail/", activity.message_frame, name="message_frame"),
    path(ACTIVITY + "files/<int:position>/", activity.attachment, name="attachment"),
    path(ACTIVITY + "taking-back/", assigning.taking_back, name="take_back"),
    path(ASSIGNMENT, assigning.interaction_type, name="interaction_type"),
    path(ASSIGNMENT + "removal/", assigning.assignment_removal, name="assignment_removal"),
    path(THREAD, threads.thread, name="thread"),
    path(THREAD + "projects/", threads.thread_projects, name="thread_projects"),
    path(
        THREAD + "projects/removal/",
        threads.thread_projects_removal,
        name="thread_projects_removal",
    ),
    path("private/<uuid:private_id>/", private.private_mail, name="private"),
    path("contacts/<uuid:contact_id>/", timelines.contact, name="contact"),
    path("companies/<uuid:company_id>/", timelines.company, name="company"),
    path("projects/<uuid:project_id>/", timelines.project, name="project"),
    path(SETTINGS + "entries/", entries.entries, name="entries"),
    path(
        SETTINGS + "entries/<uuid:entry_id>/removal/", entries.entry_removal, name="entry_removal"
    ),
    path(SETTINGS + "automated/", entries.automated, name="automated"),
]
