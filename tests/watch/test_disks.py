"""What kind of disk a folder lies on."""

from __future__ import annotations

from pathlib import Path

import pytest

from feedd.watch.disks import disk_kind

MOUNTS = [
    "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw",
    "31 22 0:40 / /srv/share rw,relatime shared:9 master:2 - nfs4 box:/share rw",
    r"32 22 0:41 / /srv/two\040words rw - fuse.sshfs box: rw",
    "33 31 8:2 / /srv/share/local rw - xfs /dev/sdb rw",
]


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/home/inbox", "ext4"),
        ("/srv/share/inbox", "nfs4"),
        ("/srv/two words/inbox", "fuse.sshfs"),
        ("/srv/share/local/inbox", "xfs"),
        ("/srv/shared", "ext4"),
    ],
)
def test_the_disk_of_a_folder_is_its_deepest_mount(folder: str, kind: str) -> None:
    assert disk_kind(Path(folder), MOUNTS) == kind
