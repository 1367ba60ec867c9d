from django.apps import AppConfig


class BccInboundConfig(AppConfig):
    name = "bcc_inbound"
