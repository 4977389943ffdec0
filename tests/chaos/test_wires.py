"""The network of the drill itself: what is cut is refused, what is silent arrives later, what is half open is reset."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from tests.chaos.drill.wires import Mode, Wires


@contextmanager
def echo() -> Iterator[str]:
    """A server that says what it is told; gives its address."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer(line: socket.socket) -> None:
            with line:
                try:
                    while data := line.recv(1024):
                        line.sendall(data)
                except OSError:
                    return  # a wire was cut

        def take() -> None:
            while True:
                try:
                    line, _ = server.accept()
                except OSError:
                    return  # the test is over
                threading.Thread(target=answer, args=(line,), daemon=True).start()

        threading.Thread(target=take, daemon=True).start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def wires() -> Iterator[Wires]:
    with echo() as target, closing(Wires(1, {"one": target, "other": target})) as made:
        yield made


def line(wires: Wires, name: str = "one") -> socket.socket:
    return socket.create_connection(("127.0.0.1", wires.ports[name]), timeout=5)


def said(over: socket.socket, words: bytes = b"hello") -> bytes:
    over.sendall(words)
    return over.recv(1024)


def test_an_open_wire_carries(wires: Wires) -> None:
    with line(wires) as over:
        assert said(over) == b"hello"


def test_a_cut_wire_resets_who_is_there_and_refuses_who_comes_but_only_its_own(wires: Wires) -> None:
    with line(wires) as over, line(wires, "other") as beside:
        said(over)
        wires.turn("one", Mode.CUT)
        with pytest.raises(OSError, match=r"reset|pipe"):
            assert said(over), "an end without a reset"
        # the reset may come while the line is still being taken up
        with pytest.raises(OSError, match=r"reset|pipe"), line(wires) as late:
            assert said(late), "an end without a reset"
        assert said(beside) == b"hello"
    wires.turn("one", Mode.OPEN)
    with line(wires) as over:
        assert said(over) == b"hello"


def test_what_is_sent_into_silence_arrives_when_it_is_over(wires: Wires) -> None:
    with line(wires) as over:
        said(over)
        wires.turn("one", Mode.SILENT)
        over.sendall(b"are you there")
        over.settimeout(0.3)
        with pytest.raises(TimeoutError):
            over.recv(1024)
        wires.turn("one", Mode.OPEN)
        over.settimeout(5)
        assert over.recv(1024) == b"are you there"


def test_a_half_open_line_is_reset_when_the_other_side_is_reached_again(wires: Wires) -> None:
    with line(wires) as over:
        said(over)
        wires.turn("one", Mode.HALF_OPEN)
        over.sendall(b"are you there")
        wires.turn("one", Mode.OPEN)
        with pytest.raises(OSError, match="reset"):
            assert over.recv(1024), "an end without a reset"


def test_a_lossy_wire_loses_the_same_pieces_with_the_same_seed() -> None:
    def lost(seed: int) -> list[bool]:
        with echo() as target, closing(Wires(seed, {"one": target})) as wires:
            wires.turn("one", Mode.LOSSY, 0.3)
            return [carries(wires) for _ in range(20)]

    def carries(wires: Wires) -> bool:
        with line(wires) as over:
            try:
                return said(over) == b"hello"
            except OSError:
                return False

    first = lost(1)
    assert first == lost(1)
    assert 0 < sum(first) < 20
    assert first != lost(2)
