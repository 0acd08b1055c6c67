from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connections

from config import mailbox, static_files
from config.bootstrap import begin
from config.health import answers
from config.supervision.programs import programs
from config.supervision.single import InTheWay, alone_on, expect_free
from config.supervision.supervisor import Supervisor
from fleet.errors import DomainError


class Command(BaseCommand):
    help = "Prepare the data, then run web, worker, scheduler and demo until Ctrl-C."

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            with alone_on(settings.DATA):
                expect_free(settings.HOST, settings.PORT)
                self.supervise(prepare())
        except InTheWay as obstacle:
            raise CommandError(str(obstacle)) from None
        except OperationalError as error:
            raise CommandError(f"The database does not answer: {error}") from None
        except DomainError as error:
            raise CommandError(f"Cannot begin: {error.message}") from None
        except KeyboardInterrupt:
            raise CommandError("Stopped before it was up.", returncode=130) from None

    def supervise(self, password: str | None) -> None:
        told: list[str] = []

        def tell() -> None:
            told.append(welcome(password))
            self.stdout.write(told[0])
            self.stdout.flush()

        supervisor = Supervisor(programs(), is_up=lambda: answers(settings.PORT), when_up=tell)
        try:
            supervisor.run()
        finally:
            if password and not told:
                self.stdout.write(f"The password of {settings.ADMIN_EMAIL} is {password}")


def prepare() -> str | None:
    """Everything that must be so before the first request; the password, if one was made."""
    call_command("migrate", verbosity=0)
    static_files.collect()
    mailbox.empty(settings.BROKER_FOLDER)
    password = begin()
    connections.close_all()
    return password


def welcome(password: str | None) -> str:
    """What the terminal shows once the first page can be opened."""
    lines = [
        f"Slipway is running at {settings.PUBLIC_URL or _address()}",
        f"Sign in as {settings.ADMIN_EMAIL}",
    ]
    if password:
        lines += [
            f"with the password {password}",
            f"(shown this once; `manage.py changepassword {settings.ADMIN_EMAIL}` sets another)",
        ]
    return "\n".join(["", *(f"  {line}" for line in lines), "  Ctrl-C stops it.", ""])


def _address() -> str:
    return f"http://{settings.HOST}:{settings.PORT}"
