"""The pages of mailsync."""

app_name = "mailsync"
urlpatterns: list[object] = []
