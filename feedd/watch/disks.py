"""What kind of disk a folder lies on: network disks tell nothing of what other machines write there."""

from __future__ import annotations

from pathlib import Path

_NETWORK_DISKS = ("nfs", "cifs", "smb", "9p", "fuse", "afs", "ceph", "gluster", "lustre", "vboxsf", "virtiofs")


def is_network_disk(folder: Path) -> bool:
    try:
        mounts = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    return disk_kind(folder.resolve(), mounts).startswith(_NETWORK_DISKS)


def disk_kind(folder: Path, mounts: list[str]) -> str:
    """The file system of the deepest mount that holds `folder`; lines as in proc_pid_mountinfo(5)."""
    rows = [(Path(_unescaped(left.split()[4])), right.split()[0]) for left, _, right in map(_halves, mounts) if right]
    held = [(len(point.parts), kind) for point, kind in rows if folder.is_relative_to(point)]
    # Of two mounts at one place the later one hides the other.
    return max(reversed(held), key=lambda row: row[0], default=(0, ""))[1]


def _halves(line: str) -> tuple[str, str, str]:
    return line.partition(" - ")


def _unescaped(point: str) -> str:
    return point.replace("\\040", " ").replace("\\011", "\t").replace("\\012", "\n").replace("\\134", "\\")
