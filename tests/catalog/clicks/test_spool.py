"""What was handed to the spool is in it, whoever dies and whatever the disk says."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from catalog.clicks import spool, spool_reading
from catalog.clicks.spool import Spool
from tests.catalog.click_lines_written import lines_in


@pytest.fixture
def open_spool(tmp_path: Path) -> Iterator[Spool]:
    made = Spool(tmp_path / "spool")
    yield made
    made.close()


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_line_is_in_the_file_when_append_returns(open_spool: Spool) -> None:
    open_spool.append(b"one\n")
    assert lines_in(open_spool.folder) == [b"one"]


def test_nothing_is_made_before_the_first_click(open_spool: Spool) -> None:
    assert not open_spool.folder.exists()


def test_threads_do_not_mix_their_lines(open_spool: Spool) -> None:
    def write(name: int) -> None:
        for number in range(300):
            open_spool.append(f"{name}-{number}-{'x' * 200}\n".encode())

    threads = [threading.Thread(target=write, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    written = [line.decode().split("-") for line in lines_in(open_spool.folder)]
    assert len(written) == 1200
    for name in range(4):
        assert [int(number) for who, number, _ in written if who == str(name)] == list(range(300))


def test_an_open_segment_is_read_on_from_the_checkpoint_and_not_removed(open_spool: Spool) -> None:
    open_spool.append(b"one\ntwo\n")
    (segment,) = spool_reading.segments(open_spool.folder)
    first = spool_reading.next_piece(segment)
    assert (first.lines, first.is_last) == ([b"one", b"two"], False)
    spool_reading.checkpoint(segment, first.end)
    open_spool.append(b"three\n")
    assert spool_reading.next_piece(segment).lines == [b"three"]


def test_a_line_still_being_written_is_left_alone(open_spool: Spool) -> None:
    open_spool.append(b"one\ntw")
    (segment,) = spool_reading.segments(open_spool.folder)
    piece = spool_reading.next_piece(segment)
    assert (piece.lines, piece.end) == ([b"one"], 4)


def test_the_torn_last_line_of_a_finished_segment_is_handed_out_so_that_it_can_be_rejected(open_spool: Spool) -> None:
    open_spool.append(b"one\ntw")
    open_spool.close()
    (segment,) = spool_reading.segments(open_spool.folder)
    piece = spool_reading.next_piece(segment)
    assert (piece.lines, piece.is_last) == ([b"one", b"tw"], True)


def test_an_unreadable_checkpoint_means_from_the_start(open_spool: Spool) -> None:
    open_spool.append(b"one\n")
    (segment,) = spool_reading.segments(open_spool.folder)
    segment.with_suffix(".offset").write_text("half")
    assert spool_reading.next_piece(segment).lines == [b"one"]


def test_pieces_have_a_size(open_spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool_reading, "PIECE_BYTES", 10)
    open_spool.append(b"aaaa\nbbbb\ncccc\n" + b"d" * 30 + b"\n")
    open_spool.close()
    (segment,) = spool_reading.segments(open_spool.folder)
    seen = []
    while True:
        piece = spool_reading.next_piece(segment)
        seen += piece.lines
        spool_reading.checkpoint(segment, piece.end)
        if piece.is_last:
            break
    assert seen[:3] == [b"aaaa", b"bbbb", b"cccc"]
    assert b"".join(seen[3:]) == b"d" * 30  # too long for a click: handed out in pieces, to be rejected


def test_full_segments_are_finished_and_a_new_one_begins(open_spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "SEGMENT_BYTES", 10)
    open_spool.append(b"first segment\n")
    wait_until(lambda: open_spool._map is None)
    open_spool.append(b"second\n")
    one, two = spool_reading.segments(open_spool.folder)
    assert spool_reading.next_piece(one).is_last
    assert not spool_reading.next_piece(two).is_last


def test_what_is_new_is_forced_to_disk_within_moments(open_spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    real = os.fdatasync
    monkeypatch.setattr(os, "fdatasync", lambda descriptor: (synced.append(descriptor), real(descriptor)))
    open_spool.append(b"one\n")
    wait_until(lambda: bool(synced))
    count = len(synced)
    time.sleep(spool.SYNC_SECONDS * 4)
    assert len(synced) == count  # nothing new, nothing to do


def test_a_full_disk_stops_no_redirect_and_loses_nothing_once_there_is_room(
    open_spool: Spool, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    real = os.posix_fallocate
    is_full = [True]

    def reserve(descriptor: int, start: int, length: int) -> None:
        if is_full[0]:
            raise OSError(28, "No space left on device")
        real(descriptor, start, length)

    monkeypatch.setattr(os, "posix_fallocate", reserve)
    with caplog.at_level(logging.WARNING, logger="catalog.clicks.spool"):
        for line in (b"one\n", b"two\n", b"three\n"):
            open_spool.append(line)
        time.sleep(spool.SYNC_SECONDS * 3)
        wait_until(lambda: not list(open_spool.folder.iterdir()))  # each try makes a file and takes it back
        assert "cannot be written (No space left on device)" in caplog.text
        assert len([record for record in caplog.records if record.levelno == logging.ERROR]) == 1
        is_full[0] = False
        wait_until(lambda: not open_spool._waiting)
    assert lines_in(open_spool.folder) == [b"one", b"two", b"three"]
    assert "can be written again; 0 clicks were lost" in caplog.text


def test_what_is_left_of_a_disk_is_used(open_spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.posix_fallocate

    def reserve(descriptor: int, start: int, length: int) -> None:
        if length > 300_000:
            raise OSError(28, "No space left on device")
        real(descriptor, start, length)

    monkeypatch.setattr(os, "posix_fallocate", reserve)
    open_spool.append(b"one\n")
    assert lines_in(open_spool.folder) == [b"one"]


def test_much_that_waited_is_written_whole_line_by_whole_line(
    open_spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool, "SEGMENT_BYTES", 100)
    monkeypatch.setattr(spool, "SYNC_SECONDS", 3600)
    with monkeypatch.context() as full:
        full.setattr(os, "posix_fallocate", _no_room)
        for number in range(50):
            open_spool.append(b"line %d\n" % number)
    open_spool.close()
    assert lines_in(open_spool.folder) == [b"line %d" % number for number in range(50)]
    assert len(spool_reading.segments(open_spool.folder)) > 3


def _no_room(descriptor: int, start: int, length: int) -> None:
    raise OSError(28, "No space left on device")


def test_a_finished_segment_is_no_larger_than_what_is_in_it(open_spool: Spool) -> None:
    open_spool.append(b"one\n")
    open_spool.close()
    (segment,) = spool_reading.segments(open_spool.folder)
    assert segment.read_bytes() == b"one\n"


def test_a_hole_that_a_power_cut_left_is_rejected_and_what_follows_is_read(tmp_path: Path) -> None:
    segment = tmp_path / "1.clicks"
    segment.write_bytes(b"one\ntw" + b"\0" * 50 + b"\nthree\n" + b"\0" * 500)
    piece = spool_reading.next_piece(segment)
    assert (piece.lines[0], piece.lines[2]) == (b"one", b"three")
    assert b"\0" in piece.lines[1]
    assert piece.is_last


def test_a_line_that_is_just_being_copied_is_left_alone(open_spool: Spool) -> None:
    open_spool.append(b"one\n")
    assert open_spool._map is not None
    open_spool._map[10:14] = b"end\n"  # the end of a line may be there before its beginning
    (segment,) = spool_reading.segments(open_spool.folder)
    assert spool_reading.next_piece(segment).lines == [b"one"]


def test_what_does_not_fit_into_memory_either_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("no folder can be made below a file")
    monkeypatch.setattr(spool, "WAITING_BYTES", 10)
    blocked = Spool(tmp_path / "file" / "spool")
    for _ in range(3):
        blocked.append(b"12345\n")
    assert blocked._lost == 2
    assert "cannot be written" in caplog.text
    (tmp_path / "file").unlink()
    wait_until(lambda: not blocked._waiting)
    blocked.close()
    assert lines_in(blocked.folder) == [b"12345"]


KILLED = """
import os, sys
from pathlib import Path
from catalog.clicks.spool import Spool
from tests.catalog.click_lines_written import lines_in
spool = Spool(Path(sys.argv[1]))
for number in range(1000):
    spool.append(b"%d\\n" % number)
    os.write(1, b"%d\\n" % number)
print("ready", flush=True)
import time; time.sleep(60)
"""


def test_killing_the_process_takes_no_line_and_finishes_its_segment(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    answered = []
    while (line := process.stdout.readline()) != b"ready\n":
        answered.append(line.strip())
    (segment,) = spool_reading.segments(tmp_path)
    assert not spool_reading.next_piece(segment).is_last
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert lines_in(tmp_path) == answered
    assert spool_reading.next_piece(segment).is_last


def test_a_forked_child_writes_a_segment_of_its_own(tmp_path: Path) -> None:
    parent = Spool(tmp_path)
    parent.append(b"parent\n")
    child = multiprocessing.get_context("fork").Process(target=parent.append, args=(b"child\n",))
    child.start()
    child.join()
    parent.append(b"parent again\n")
    one, two = spool_reading.segments(tmp_path)
    written = [segment.read_bytes().rstrip(b"\0") for segment in (one, two)]
    assert written == [b"parent\nparent again\n", b"child\n"]
    assert not spool_reading.next_piece(one).is_last
    assert spool_reading.next_piece(two).is_last
    parent.close()


def test_one_shipper_at_a_time(tmp_path: Path) -> None:
    with spool_reading.only_shipper(tmp_path) as first, spool_reading.only_shipper(tmp_path) as second:
        assert (first, second) == (True, False)
    with spool_reading.only_shipper(tmp_path) as third:
        assert third
