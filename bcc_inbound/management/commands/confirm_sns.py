"""Confirms that Amazon SNS may send a topic to /hooks/inbound/ses/."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from bcc_inbound.webhooks.posts import NotNow
from bcc_inbound.webhooks.providers import sns


class Command(BaseCommand):
    help = "Confirms the subscription of an SNS topic that INBOUND_SES_TOPICS lists."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("topic", help="the ARN of the topic")

    def handle(self, *args: Any, **options: Any) -> None:
        topic = options["topic"]
        if topic not in settings.INBOUND_SES_TOPICS:
            raise CommandError("INBOUND_SES_TOPICS does not list this topic. Add it first.")
        try:
            confirmed = sns.confirm(topic)
        except NotNow as problem:
            raise CommandError("SNS did not answer. Try again in a minute.") from problem
        if not confirmed:
            raise CommandError(
                'SNS has not asked in the last three days. Use "Request confirmation" in its'
                " console, then start this again."
            )
        self.stdout.write("Confirmed.")
