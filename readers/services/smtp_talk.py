"""How is one copy handed to a mail server with as few waits as the server allows?

Where it says PIPELINING (RFC 2920) sender, recipient and the wish to send data go out together: two waits a copy in the
place of four, which is most of the time where the server is far away. Else as `smtplib.SMTP.sendmail` does it. Either
way what is raised is what `sendmail` raises.
"""

from __future__ import annotations

import smtplib

_Reply = tuple[int, bytes]


class Talk:
    """With a server that is connected, about one copy at a time: `offer`, then `deliver`, or hang up in between."""

    def __init__(self, server: smtplib.SMTP, sender: str) -> None:
        self._server, self._sender = server, sender
        server.ehlo_or_helo_if_needed()
        self._is_quick = server.has_extn("pipelining")
        self._has_size = server.has_extn("size")
        self._has_eight = server.has_extn("8bitmime")

    def offer(self, recipient: str, content: bytes) -> None:
        """Says who the copy is for, without a wait; the server has nothing of it before `deliver`. Raises `OSError`."""
        if not self._is_quick:
            return
        size = f" size={len(content)}" if self._has_size else ""
        eight = " BODY=8BITMIME" if self._has_eight and not content.isascii() else ""
        sender, to = smtplib.quoteaddr(self._sender), smtplib.quoteaddr(recipient)
        self._server.send(f"MAIL FROM:{sender}{size}{eight}\r\nRCPT TO:{to}\r\nDATA\r\n")

    def deliver(self, recipient: str, content: bytes) -> None:
        """The server has taken `content` (with CRLF) when this returns. Raises `SMTPException`, or `OSError` after
        which nobody knows."""
        if not self._is_quick:
            self._server.sendmail(self._sender, [recipient], content)
            return
        mail, rcpt, data = self._server.getreply(), self._server.getreply(), self._server.getreply()
        if data[0] == 354 and (mail[0] != 250 or rcpt[0] not in (250, 251)):
            # It waits for data though there is nobody to get it: nothing is what it gets (RFC 2920, section 3.1).
            self._server.send(b".\r\n")
            self._server.getreply()
        self._raise_refusal(recipient, mail, rcpt, data)
        self._server.send(stuffed(content))
        answer = self._server.getreply()
        if answer[0] != 250:
            self._start_again(answer[0])
            raise smtplib.SMTPDataError(*answer)

    def _raise_refusal(self, recipient: str, mail: _Reply, rcpt: _Reply, data: _Reply) -> None:
        if mail[0] != 250:
            self._start_again(mail[0])
            raise smtplib.SMTPSenderRefused(*mail, self._sender)
        if rcpt[0] not in (250, 251):
            self._start_again(rcpt[0])
            raise smtplib.SMTPRecipientsRefused({recipient: rcpt})
        if data[0] != 354:
            self._start_again(data[0])
            raise smtplib.SMTPDataError(*data)

    def _start_again(self, code: int) -> None:
        """As `sendmail` does: 421 says that the server goes (RFC 5321, section 3.8)."""
        if code == 421:
            self._server.close()
        else:
            self._server.rset()


def stuffed(content: bytes) -> bytes:
    """With a dot before each line that begins with one, and the one that ends it (RFC 5321, section 4.5.2)."""
    dotted = content.replace(b"\r\n.", b"\r\n..")
    if dotted.startswith(b"."):
        dotted = b"." + dotted
    return dotted + (b"" if dotted.endswith(b"\r\n") else b"\r\n") + b".\r\n"
