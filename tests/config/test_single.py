import socket
from pathlib import Path

import pytest

from config.supervision.single import InTheWay, alone_on, expect_free


def test_a_data_folder_has_one_supervisor(tmp_path: Path) -> None:
    with alone_on(tmp_path / "data"), pytest.raises(InTheWay, match=r"already runs on .*process"):
        alone_on(tmp_path / "data").__enter__()
    with alone_on(tmp_path / "data"):
        pass


def test_a_port_in_use_is_said_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(InTheWay, match=f"Port {port} on 127.0.0.1 is in use"):
            expect_free("127.0.0.1", port, patience=0)
    expect_free("127.0.0.1", port)


def test_an_address_that_is_not_ours_is_said_so() -> None:
    with pytest.raises(InTheWay, match="Cannot listen"):
        expect_free("192.0.2.1", 8000)
