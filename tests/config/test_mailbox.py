from pathlib import Path

import pytest
from kombu import Connection, Consumer, Exchange, Message, Producer, Queue

from config import mailbox

QUEUE = Queue("celery", Exchange("celery"), routing_key="celery")


def connect(folder: Path) -> Connection:
    return Connection(transport=mailbox.Transport, transport_options={"folder": str(folder)})


def post(folder: Path, *bodies: object) -> None:
    with connect(folder) as connection:
        producer = Producer(connection.channel())
        for body in bodies:
            producer.publish(body, exchange=QUEUE.exchange, routing_key="celery", declare=[QUEUE])


def fetch(folder: Path, count: int) -> list[object]:
    bodies: list[object] = []

    def take(body: object, message: Message) -> None:
        bodies.append(body)
        message.ack()

    with connect(folder) as connection:
        channel = connection.channel()
        with Consumer(channel, queues=[QUEUE], callbacks=[take]):
            for _ in range(count):
                connection.drain_events(timeout=0.5)
    return bodies


def test_messages_arrive_once_and_in_order(tmp_path: Path) -> None:
    post(tmp_path, *({"number": number} for number in range(20)))
    assert fetch(tmp_path, 20) == [{"number": number} for number in range(20)]
    with pytest.raises(TimeoutError):
        fetch(tmp_path, 1)


def test_nothing_is_left_in_the_folder(tmp_path: Path) -> None:
    post(tmp_path, "one", "two")
    fetch(tmp_path, 2)
    assert list(tmp_path.iterdir()) == []


def test_a_message_that_is_being_written_is_not_seen(tmp_path: Path) -> None:
    tmp_path.joinpath(".00000000000000000001-abc.celery").write_text('{"half": ')
    with pytest.raises(TimeoutError):
        fetch(tmp_path, 1)


def test_emptying_throws_everything_away(tmp_path: Path) -> None:
    post(tmp_path, "one", "two")
    mailbox.empty(tmp_path)
    assert list(tmp_path.iterdir()) == []
    mailbox.empty(tmp_path / "never was")
