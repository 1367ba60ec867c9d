"""The pages about mail that is addressed to us, under /w/<slug>/."""

from django.urls import path

from bcc_inbound.views import addresses, attention, held, held_several, trusted

app_name = "bcc_inbound"
urlpatterns = [
    path("settings/inbound-addresses/", addresses.show, name="addresses"),
    path("settings/inbound-addresses/<uuid:pk>/rotation/", addresses.rotate, name="rotation"),
    path("settings/inbound-addresses/<uuid:pk>/card/", addresses.card, name="card"),
    path("settings/trusted-senders/", trusted.show, name="trusted"),
    path("settings/trusted-senders/<uuid:pk>/removal/", trusted.remove, name="trusted_removal"),
    path("held/", held.show, name="held"),
    path("held/release/", held_several.release, name="release_several"),
    path("held/discard/", held_several.discard, name="discard_several"),
    path("held/<uuid:pk>/mail/", held.frame, name="held_frame"),
    path("held/<uuid:pk>/", held.read, name="held_mail"),
    path("held/<uuid:pk>/release/", held.release, name="release"),
    path("held/<uuid:pk>/trust/", held.trust, name="trust"),
    path("held/<uuid:pk>/discard/", held.discard, name="held_discard"),
    path("needs-attention/", attention.show, name="attention"),
    path("needs-attention/replay/", attention.replay_all, name="replay_all"),
    path("needs-attention/<uuid:pk>/replay/", attention.replay_one, name="replay"),
    path("needs-attention/<uuid:pk>/discard/", attention.discard, name="attention_discard"),
    path("needs-attention/<uuid:pk>/raw/", attention.download, name="raw"),
]
