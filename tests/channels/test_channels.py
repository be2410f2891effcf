from __future__ import annotations

from pathlib import Path

import pytest

from feedd.channels import CHANNELS, Channel


def made(name: str, folder: Path) -> Channel:
    arguments = {"maildir": (folder,), "smtp": ("127.0.0.1", 25)}
    return CHANNELS[name](*arguments[name])


@pytest.mark.parametrize("name", CHANNELS)
def test_every_channel_of_the_table_can_be_made_and_closed_unused(name: str, tmp_path: Path) -> None:
    channel = made(name, tmp_path / "mail")
    channel.close()
    assert callable(channel.send)
    assert not (tmp_path / "mail").exists()


def test_the_table_holds_the_transports_of_the_configuration() -> None:
    assert set(CHANNELS) == {"maildir", "smtp"}
