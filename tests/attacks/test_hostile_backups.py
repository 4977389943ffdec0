"""A backup that somebody made up: nothing of it comes out elsewhere, nothing is written before all of it was looked at,
and what is wrong is said in words. What a dump itself may hold is SQL (docs/operations.md); its damage is tried in
`tests/config/test_backup.py`.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import tarfile
import tracemalloc
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from config.backups import BackupError, pictures, restore
from config.backups.manifest import DATABASE, FORMAT, MANIFEST, PICTURES, sum_of

MEGABYTE = 1024 * 1024
ODD = "leads out of its folder or is no file"
BROKEN = "no whole archive|cut or damaged|a size that cannot be"


def silent(_: str) -> None:
    """Nobody looks on."""


def member(name: str, kind: bytes = tarfile.REGTYPE, to: str = "", **more: Any) -> tarfile.TarInfo:
    found = tarfile.TarInfo(name)
    found.type, found.linkname, found.size = kind, to, 5 if kind == tarfile.REGTYPE else 0
    for key, value in more.items():
        setattr(found, key, value)
    return found


def archive(*members: tarfile.TarInfo) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as making:
        for one in members:
            making.addfile(one, io.BytesIO(b"pwned"))
    return file.getvalue()


def with_size(number: bytes) -> bytes:
    """Of the one member, the size's twelve bytes are these, and its sum is right."""
    made = bytearray(archive(member("a.jpg")))
    made[124:136] = number
    made[148:156] = b" " * 8
    made[148:156] = b"%06o\0 " % sum(made[:512])
    return bytes(made)


TWO = archive(member("one.jpg"), member("two.jpg"))
HOSTILE: Mapping[str, tuple[Callable[[], bytes], str]] = {
    "up and out": (lambda: archive(member("../evil")), ODD),
    "deep, then out": (lambda: archive(member("pictures/../../evil")), ODD),
    "up behind a good one": (lambda: archive(member("fine.jpg"), member("../evil")), ODD),
    "an absolute name": (lambda: archive(member("/tmp/evil")), ODD),
    "a link out": (lambda: archive(member("x", tarfile.SYMTYPE, "../.."), member("x/evil")), ODD),
    "a link to the root": (lambda: archive(member("x", tarfile.SYMTYPE, "/"), member("x/evil")), ODD),
    "a link inside": (lambda: archive(member("fine.jpg"), member("x", tarfile.SYMTYPE, "fine.jpg")), ODD),
    "a hard link out": (lambda: archive(member("x", tarfile.LNKTYPE, "../secret")), ODD),
    "a hard link inside": (lambda: archive(member("fine.jpg"), member("x", tarfile.LNKTYPE, "fine.jpg")), ODD),
    "a device of signs": (lambda: archive(member("x", tarfile.CHRTYPE)), ODD),
    "a device of blocks": (lambda: archive(member("x", tarfile.BLKTYPE)), ODD),
    "a pipe": (lambda: archive(member("x", tarfile.FIFOTYPE)), ODD),
    "a folder anybody may write to": (lambda: archive(member("x", tarfile.DIRTYPE, mode=0o777)), ODD),
    "no name": (lambda: archive(member(".")), ODD),
    "a NUL in its name": (lambda: archive(member("x", pax_headers={"path": "a\0/../../evil"})), ODD),
    "signs that clear a terminal": (lambda: archive(member("../\x1b[2J\x1b]0;evil\x07")), ODD),
    "a sparse file of an exabyte": (
        lambda: archive(member("x", pax_headers={"GNU.sparse.map": "0,5", "GNU.sparse.size": str(2**60)})),
        ODD,
    ),
    "a sparse file whose map has no end": (
        lambda: archive(member("x", pax_headers={"GNU.sparse.major": "1", "GNU.sparse.minor": "0"})),
        BROKEN,
    ),
    "a file below a file": (lambda: archive(member("x"), member("x/y.jpg")), "below what is a file itself"),
    "a size below nothing": (lambda: with_size(b"\xff" * 11 + b"\x00"), BROKEN),
    "a size of all there is": (lambda: with_size(b"\x80" + b"\xff" * 11), BROKEN),
    "a bomb": (lambda: gzip.compress(archive(member("x")) + bytes(120 * MEGABYTE), 1), BROKEN),
    "nothing": (lambda: b"", BROKEN),
    "an archive of another kind": (lambda: b"PK\x03\x04" + bytes(2000), BROKEN),
    "letters": (lambda: b"no archive at all " * 100, BROKEN),
    "a second header that is wrong": (lambda: TWO[:1030] + b"9" + TWO[1031:], BROKEN),
}


def made(folder: Path, packed: bytes, **fields: Any) -> Path:
    """A backup whose checksums are right: whoever made it up could do that too."""
    folder.mkdir(parents=True)
    (folder / PICTURES).write_bytes(packed)
    (folder / DATABASE).write_bytes(b"a dump")
    files = {name: asdict(sum_of(folder / name)) for name in (DATABASE, PICTURES)}
    said = {"format": FORMAT, "made_at": "", "postgresql": "", "migrations": {}, "files": files, "tables": {}}
    (folder / MANIFEST).write_text(json.dumps({**said, **fields}))
    return folder


@pytest.fixture
def media(tmp_path: Path, settings: Any) -> Path:
    """Where pictures go; beside it and in it stands what nobody may touch."""
    settings.MEDIA_ROOT = tmp_path / "inner" / "media"
    settings.MEDIA_ROOT.mkdir(parents=True)
    (tmp_path / "inner" / "secret").write_text("kept")
    (settings.MEDIA_ROOT / "here.jpg").write_text("kept")
    return tmp_path


def tree(folder: Path) -> dict[str, bytes | None]:
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


@pytest.fixture(autouse=True)
def _nothing_reaches_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: Any) -> None:
        raise AssertionError("went on to the database")

    monkeypatch.setattr("config.backups.restoring._refuse_tables", never)
    monkeypatch.setattr("config.backups.restoring.run", never)


@pytest.mark.parametrize("name", HOSTILE)
def test_an_archive_that_is_not_ours_is_refused_before_anything_is_written(name: str, media: Path) -> None:
    make, words = HOSTILE[name]
    folder = made(media / "backup", make())
    before = tree(media)
    tracemalloc.start()
    try:
        with pytest.raises(CommandError, match=words) as refused:
            call_command("restore", folder)
        assert tracemalloc.get_traced_memory()[1] < 16 * MEGABYTE
    finally:
        tracemalloc.stop()
    assert tree(media) == before
    assert "\x1b" not in str(refused.value)


@pytest.mark.parametrize("name", [name for name, (_, words) in HOSTILE.items() if words == ODD])
def test_who_unpacks_looks_again(name: str, media: Path) -> None:
    """The archive may have been exchanged behind the look: each member is judged where it is written."""
    folder = made(media / "backup", HOSTILE[name][0]())
    with pytest.raises(BackupError, match=ODD):
        pictures.unpack_pictures(folder / PICTURES, silent)
    assert [path for path in tree(media) if "evil" in path] == []
    assert not any(path.is_symlink() for path in media.rglob("*"))
    assert (media / "inner" / "secret").read_text() == "kept"


def test_an_archive_that_is_cut_anywhere_is_refused(media: Path) -> None:
    whole = len(TWO.rstrip(b"\0")) + 512 - len(TWO.rstrip(b"\0")) % 512  # its last member's last block
    packed = media / "pictures.tar"
    for end in sorted({*range(0, whole + 1024, 512), 1, 511, 513, 700, 1027, 1540, whole + 1023}):
        packed.write_bytes(TWO[:end])
        with pytest.raises(BackupError, match=BROKEN):
            pictures.check_pictures(packed)
    packed.write_bytes(TWO[: whole + 1024])
    pictures.check_pictures(packed)


def test_a_link_that_lies_in_the_folder_leads_no_picture_out(media: Path) -> None:
    root = media / "inner" / "media"
    (root / "out").symlink_to(media)
    (root / "nowhere.jpg").symlink_to(media / "evil.jpg")
    folder = made(media / "backup", archive(member("out/evil.jpg")))
    pictures.check_pictures(folder / PICTURES)
    with pytest.raises(BackupError, match=ODD):
        pictures.unpack_pictures(folder / PICTURES, silent)
    (folder / PICTURES).write_bytes(archive(member("nowhere.jpg")))
    assert pictures.unpack_pictures(folder / PICTURES, silent) == (0, 1)
    assert not (media / "evil.jpg").exists()


def test_a_picture_that_cannot_be_written_is_named_with_what_to_do(media: Path) -> None:
    folder = made(media / "backup", archive(member("here.jpg/x.jpg"), member("y" * 300)))
    with pytest.raises(BackupError, match=r"cannot be written .*`tar -xkf"):
        pictures.unpack_pictures(folder / PICTURES, silent)
    assert (media / "inner" / "media" / "here.jpg").read_text() == "kept"


def test_what_we_pack_ourselves_comes_out(media: Path) -> None:
    """Else all of the above would hold of a door that is shut for everybody."""
    root = media / "inner" / "media"
    for name in ("deep/er/a.jpg", f"{'long' * 30}/{'name' * 30}.jpg", "ж & ü.jpg", "-x.jpg"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)
    pictures.pack_pictures(media / "pictures.tar", silent)
    pictures.check_pictures(media / "pictures.tar")
    before = tree(root)
    (root / "-x.jpg").unlink()
    assert pictures.unpack_pictures(media / "pictures.tar", silent) == (1, 4)
    assert tree(root) == before


SUM = {"size": 1, "sha256": "0"}
ROWS = {"rows": 1, "digest": "0"}
MANIFESTS: Mapping[str, Mapping[str, Any]] = {
    "a file elsewhere": {"files": {DATABASE: SUM, PICTURES: SUM, "../../secret": SUM}},
    "one file unnamed": {"files": {DATABASE: SUM}},
    "another file in its place": {"files": {DATABASE: SUM, "/etc/passwd": SUM}},
    "words for a size": {"files": {DATABASE: {**SUM, "size": "1"}, PICTURES: SUM}},
    "a size that is no number": {"files": {DATABASE: {**SUM, "size": float("nan")}, PICTURES: SUM}},
    "yes for a size": {"files": {DATABASE: {**SUM, "size": True}, PICTURES: SUM}},
    "a list for a sum": {"files": {DATABASE: {**SUM, "sha256": ["0"]}, PICTURES: SUM}},
    "one more field": {"files": {DATABASE: {**SUM, "more": 1}, PICTURES: SUM}},
    "words for rows": {"tables": {"catalog_offer": {**ROWS, "rows": "1"}}},
    "a number for a digest": {"tables": {"catalog_offer": {**ROWS, "digest": 1}}},
    "a list of tables": {"tables": [ROWS]},
}


@pytest.mark.parametrize("name", MANIFESTS)
def test_a_manifest_that_says_odd_things_is_refused(name: str, media: Path) -> None:
    folder = made(media / "backup", TWO, **MANIFESTS[name])
    with pytest.raises(CommandError, match="is damaged"):
        call_command("restore", folder)


@pytest.mark.parametrize("text", ["[" * 200_000, '{"format": ' * 100_000, "9" * 20_000, "\ud800", '{"format": 1e999}'])
def test_a_manifest_that_is_no_json_of_ours_is_refused(text: str, media: Path) -> None:
    folder = made(media / "backup", TWO)
    (folder / MANIFEST).write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(CommandError, match=r"is damaged|has format"):
        call_command("restore", folder)


def test_a_manifest_without_end_is_not_read(media: Path) -> None:
    folder = made(media / "backup", TWO)
    path = folder / MANIFEST
    for make in (lambda: os.mkfifo(path), lambda: path.symlink_to("/dev/zero"), lambda: _long(path), path.mkdir):
        path.unlink()
        make()
        with pytest.raises(CommandError, match=r"is no manifest|is no backup"):
            call_command("restore", folder)
        if path.is_dir():
            path.rmdir()
            path.touch()


def _long(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(20 * MEGABYTE)


def test_it_is_the_looks_that_keep_the_rest_away(media: Path) -> None:
    with pytest.raises(AssertionError, match="went on to the database"):
        restore(made(media / "backup", TWO), silent)
